/* SPDX-License-Identifier: MIT */
/* One row per command: how large its payload may be, and what it does. */
#include "vfu/conn.h"

#include "base/bytes.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct message {
	const uint8_t *p; /* payload */
	uint32_t n;
	uint8_t *reply;   /* payload of the reply */
	uint32_t reply_n;
};

static void echo(struct message *m, uint32_t n)
{
	memcpy(m->reply, m->p, n);
	m->reply_n = n;
}

/* The text has what the client may do; nothing of it changes what this side does. */
static int version(struct vfu *v, struct message *m)
{
	int n;

	if (nvt_le16(m->p) != 0 || v->greeted)
		return EINVAL;
	if (m->n > VFU_VERSION_FIXED && m->p[m->n - 1] != 0)
		return EINVAL;
	n = snprintf((char *)m->reply + VFU_VERSION_FIXED, 256,
		     "{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u,\"pgsizes\":4096,"
		     "\"max_dma_maps\":%u}}",
		     VFU_FDS_MAX, VFU_DATA_MAX, VFU_MAPS_MAX);
	memset(m->reply, 0, VFU_VERSION_FIXED);
	m->reply_n = VFU_VERSION_FIXED + (uint32_t)n + 1;
	v->greeted = true;
	return 0;
}

static int map(struct vfu *v, struct message *m)
{
	int none = -1, rc;

	if (nvt_le32(m->p) < VFU_DMA_MAP_SIZE || v->fd_count > 1)
		return EINVAL;
	rc = dma_map(&v->dma, nvt_le64(m->p + 16), nvt_le64(m->p + 24), nvt_le64(m->p + 8), nvt_le32(m->p + 4),
		     v->fd_count ? &v->fds[0] : &none);
	if (rc)
		return rc;
	v->counts.dma_maps++;
	echo(m, VFU_DMA_MAP_SIZE);
	return 0;
}

static int unmap(struct vfu *v, struct message *m)
{
	uint32_t flags = nvt_le32(m->p + 4);
	uint64_t addr = nvt_le64(m->p + 8), size = nvt_le64(m->p + 16);
	int rc = 0;

	if (nvt_le32(m->p) < VFU_DMA_UNMAP_SIZE || flags & ~(uint32_t)VFU_DMA_UNMAP_ALL)
		return EINVAL;
	if (!(flags & VFU_DMA_UNMAP_ALL))
		rc = dma_unmap(&v->dma, addr, size);
	else if (addr || size)
		rc = EINVAL;
	else
		dma_clear(&v->dma);
	if (rc)
		return rc;
	v->counts.dma_unmaps++;
	echo(m, VFU_DMA_UNMAP_SIZE);
	return 0;
}

static int info(struct vfu *v, struct message *m)
{
	(void)v;
	if (nvt_le32(m->p) < VFU_INFO_SIZE)
		return EINVAL;
	nvt_put_le32(m->reply, VFU_INFO_SIZE);
	nvt_put_le32(m->reply + 4, VFU_INFO_RESET | VFU_INFO_PCI);
	nvt_put_le32(m->reply + 8, VFU_REGION__COUNT);
	nvt_put_le32(m->reply + 12, VFU_IRQ__COUNT);
	m->reply_n = VFU_INFO_SIZE;
	return 0;
}

static int region_info(struct vfu *v, struct message *m)
{
	uint32_t index = nvt_le32(m->p + 8);

	if (nvt_le32(m->p) < VFU_REGION_INFO_SIZE || index >= VFU_REGION__COUNT)
		return EINVAL;
	memset(m->reply, 0, VFU_REGION_INFO_SIZE);
	nvt_put_le32(m->reply, VFU_REGION_INFO_SIZE);
	nvt_put_le32(m->reply + 4, v->dev->region[index].access);
	nvt_put_le32(m->reply + 8, index);
	nvt_put_le64(m->reply + 16, v->dev->region[index].size);
	m->reply_n = VFU_REGION_INFO_SIZE;
	return 0;
}

static int irq_info(struct vfu *v, struct message *m)
{
	uint32_t index = nvt_le32(m->p + 8), flags = VFU_IRQ_INFO_EVENTFD;

	if (nvt_le32(m->p) < VFU_IRQ_INFO_SIZE || index >= VFU_IRQ__COUNT)
		return EINVAL;
	flags |= index == VFU_IRQ_INTX ? VFU_IRQ_INFO_MASKABLE | VFU_IRQ_INFO_AUTOMASKED : VFU_IRQ_INFO_NORESIZE;
	nvt_put_le32(m->reply, VFU_IRQ_INFO_SIZE);
	nvt_put_le32(m->reply + 4, flags);
	nvt_put_le32(m->reply + 8, index);
	nvt_put_le32(m->reply + 12, v->dev->irq_count[index]);
	m->reply_n = VFU_IRQ_INFO_SIZE;
	return 0;
}

static int set_irqs(struct vfu *v, struct message *m)
{
	struct irq_request rq = {
		.flags = nvt_le32(m->p + 4),
		.index = nvt_le32(m->p + 8),
		.start = nvt_le32(m->p + 12),
		.count = nvt_le32(m->p + 16),
		.data = m->p + VFU_SET_IRQS_FIXED,
		.fds = v->fds,
		.fd_count = v->fd_count,
	};
	uint32_t data = rq.flags & IRQ_DATA_BOOL ? rq.count : 0;

	if (nvt_le32(m->p) < VFU_SET_IRQS_FIXED || rq.index >= VFU_IRQ__COUNT ||
	    m->n - VFU_SET_IRQS_FIXED != data)
		return EINVAL;
	return irqs_set(&v->irqs, &rq, v->dev->irq_count[rq.index]);
}

/* Where a region access goes; 0 or an errno. */
static int access_at(const struct vfu *v, const struct message *m, unsigned access, uint64_t *ret_off,
		     uint32_t *ret_region, uint32_t *ret_n)
{
	*ret_off = nvt_le64(m->p);
	*ret_region = nvt_le32(m->p + 8);
	*ret_n = nvt_le32(m->p + 12);
	if (*ret_region >= VFU_REGION__COUNT || !*ret_n || *ret_n > VFU_DATA_MAX)
		return EINVAL;
	if (!nvt_in_range(*ret_off, *ret_n, v->dev->region[*ret_region].size))
		return EINVAL;
	return v->dev->region[*ret_region].access & access ? 0 : EPERM;
}

static int region_read(struct vfu *v, struct message *m)
{
	uint32_t region, n;
	uint64_t off;
	int rc = access_at(v, m, VFU_READ, &off, &region, &n);

	if (!rc)
		rc = v->dev->rd(v->dev->arg, region, off, m->reply + VFU_ACCESS_FIXED, n);
	if (rc)
		return rc;
	v->counts.reads++;
	echo(m, VFU_ACCESS_FIXED);
	m->reply_n += n;
	return 0;
}

static int region_write(struct vfu *v, struct message *m)
{
	uint32_t region, n;
	uint64_t off;
	int rc = access_at(v, m, VFU_WRITE, &off, &region, &n);

	if (!rc && m->n - VFU_ACCESS_FIXED != n)
		rc = EINVAL;
	if (!rc)
		rc = v->dev->wr(v->dev->arg, region, off, m->p + VFU_ACCESS_FIXED, n);
	if (rc)
		return rc;
	v->counts.writes++;
	echo(m, VFU_ACCESS_FIXED);
	return 0;
}

static int device_reset(struct vfu *v, struct message *m)
{
	(void)m;
	v->irqs.intx_up = false;
	v->dev->reset(v->dev->arg);
	return 0;
}

static const struct {
	uint32_t min, max; /* payload */
	unsigned fds;
	int (*run)(struct vfu *v, struct message *m);
} rows[VFU_COMMAND__COUNT] = {
	[VFU_VERSION] = { VFU_VERSION_FIXED, 65536, 0, version },
	[VFU_DMA_MAP] = { VFU_DMA_MAP_SIZE, VFU_DMA_MAP_SIZE, 1, map },
	[VFU_DMA_UNMAP] = { VFU_DMA_UNMAP_SIZE, VFU_DMA_UNMAP_SIZE, 0, unmap },
	[VFU_GET_INFO] = { VFU_INFO_SIZE, VFU_INFO_SIZE, 0, info },
	[VFU_GET_REGION_INFO] = { VFU_REGION_INFO_SIZE, VFU_REGION_INFO_SIZE, 0, region_info },
	[VFU_GET_IRQ_INFO] = { VFU_IRQ_INFO_SIZE, VFU_IRQ_INFO_SIZE, 0, irq_info },
	[VFU_SET_IRQS] = { VFU_SET_IRQS_FIXED, VFU_SET_IRQS_FIXED + VFU_FDS_MAX, VFU_FDS_MAX, set_irqs },
	[VFU_REGION_READ] = { VFU_ACCESS_FIXED, VFU_ACCESS_FIXED, 0, region_read },
	[VFU_REGION_WRITE] = { VFU_ACCESS_FIXED + 1, VFU_ACCESS_FIXED + VFU_DATA_MAX, 0, region_write },
	[VFU_DEVICE_RESET] = { 0, 0, 0, device_reset },
};

int vfu_handle(struct vfu *v, const struct vfu_header *h, uint32_t *ret_n)
{
	struct message m = { v->rx + VFU_HDR, h->size - VFU_HDR, v->tx + VFU_HDR, 0 };
	int rc;

	if (h->command >= VFU_COMMAND__COUNT || !rows[h->command].run)
		return EOPNOTSUPP;
	if (!v->greeted && h->command != VFU_VERSION)
		return EINVAL;
	if (m.n < rows[h->command].min || m.n > rows[h->command].max || v->fd_count > rows[h->command].fds)
		return EINVAL;
	rc = rows[h->command].run(v, &m);
	if (!rc)
		*ret_n = m.reply_n;
	return rc;
}
