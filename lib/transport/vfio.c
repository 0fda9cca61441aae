/* SPDX-License-Identifier: MIT */
/* The vfio: backend: one container, one group, one device. */
#include "transport/vfio.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "transport/bar.h"
#include "transport/iova.h"
#include "transport/vfio_group.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define CFG_COMMAND 0x04
#define COMMAND_MEMORY (1u << 1)
struct region {
	uint64_t offset, size; /* in the device's file */
	bool mappable;
	struct bar_map map;
};

struct mapping {
	struct mapping *next;
	uint8_t *cpu;
	nvt_iova iova;
	size_t size;
};

struct vfio {
	struct nvt_transport t;
	struct nvt_real_clock clock;
	struct nvt_clock *outer_clock;
	struct sysfs_device sys;
	struct vfio_group group;
	int device, irq; /* -1: not open */
	struct region bar[NVT_BAR_COUNT], config;
	struct iova_space iova;
	uint64_t page; /* the smallest the IOMMU has */
	struct mapping *mappings;
};

static struct vfio *vfio_of(struct nvt_transport *t)
{
	return (struct vfio *)t; /* t is its first member */
}

/* ---- regions ---- */

static int region_io(const struct vfio *v, const struct region *r, bool write, uint64_t off, unsigned size,
		     uint64_t *val, struct nvt_error *e)
{
	uint8_t raw[8];
	ssize_t n;
	int rc;

	if (size > 8 || !nvt_in_range(off, size, r->size))
		return nvt_fail(e, NVT_E_USAGE, "no %u-byte access at 0x%" PRIx64 " of a region of 0x%" PRIx64 " bytes",
				size, off, r->size);
	nvt_put_le64(raw, *val);
	if (write)
		n = pwrite(v->device, raw, size, (off_t)(r->offset + off));
	else
		n = pread(v->device, raw, size, (off_t)(r->offset + off));
	if (n != (ssize_t)size) {
		rc = nvt_fail_errno(e, NVT_E_DEVICE, n < 0 ? errno : EIO, "access to %s through VFIO", v->sys.bdf);
		nvt_err_hint(e, "the device may be gone: look whether lspci still lists it");
		return rc;
	}
	if (!write)
		*val = nvt_le64(raw) & (size == 8 ? UINT64_MAX : (1ull << 8 * size) - 1);
	return 0;
}

static int cfg_rd(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e)
{
	uint64_t val = 0;
	int rc = region_io(vfio_of(t), &vfio_of(t)->config, false, off, size, &val, e);

	if (!rc)
		*ret = (uint32_t)val;
	return rc;
}

static int cfg_wr(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e)
{
	uint64_t val64 = val;

	return region_io(vfio_of(t), &vfio_of(t)->config, true, off, size, &val64, e);
}

/* Maps it at its first use. One that cannot be mapped is read and written through the device's file. */
static bool is_mapped(const struct vfio *v, struct region *r)
{
	void *p;

	if (r->map.p || !r->mappable)
		return r->map.p;
	p = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_SHARED, v->device, (off_t)r->offset);
	r->mappable = p != MAP_FAILED;
	if (r->mappable)
		r->map = (struct bar_map){ p, r->size };
	return r->mappable;
}

static int mmio_rd(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t *ret,
		   struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	struct region *r = &v->bar[bar];

	if (is_mapped(v, r))
		return bar_rd(&r->map, off, size, ret, e);
	*ret = 0;
	return region_io(v, r, false, off, size, ret, e);
}

static int mmio_wr(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t val,
		   struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	struct region *r = &v->bar[bar];

	return is_mapped(v, r) ? bar_wr(&r->map, off, size, val, e) : region_io(v, r, true, off, size, &val, e);
}

static int window_rd(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n,
		     struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	uint64_t val = 0;
	int rc = 0;
	size_t i;

	if (is_mapped(v, &v->bar[bar]))
		return bar_window_rd(&v->bar[bar].map, off, buf, n, e);
	for (i = 0; i < n && !rc; i += 4) {
		rc = region_io(v, &v->bar[bar], false, off + i, 4, &val, e);
		nvt_put_le32(buf + i, (uint32_t)val);
	}
	return rc;
}

static int window_wr(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
		     struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	uint64_t val;
	int rc = 0;
	size_t i;

	if (is_mapped(v, &v->bar[bar]))
		return bar_window_wr(&v->bar[bar].map, off, buf, n, e);
	for (i = 0; i < n && !rc; i += 4) {
		val = nvt_le32(buf + i);
		rc = region_io(v, &v->bar[bar], true, off + i, 4, &val, e);
	}
	return rc;
}

/* ---- DMA memory ---- */

static int fail_map(const struct vfio *v, int sys, size_t size, struct nvt_error *e)
{
	int rc = nvt_fail_errno(e, sys == ENOMEM ? NVT_E_NOMEM : NVT_E_ENV, sys,
				"cannot give %s 0x%zx bytes of memory", v->sys.bdf, size);

	if (sys == ENOMEM)
		nvt_err_hint(e, "VFIO locks the memory: raise the limit with `ulimit -l unlimited`, or run as root");
	return rc;
}

static int map_dma(struct vfio *v, struct mapping *m, enum nvt_dma_dir dir, struct nvt_error *e)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ,
		.vaddr = (uintptr_t)m->cpu,
		.iova = m->iova,
		.size = m->size,
	};

	if ((dir & NVT_DMA_BIDIR) == NVT_DMA_BIDIR)
		map.flags |= VFIO_DMA_MAP_FLAG_WRITE;
	return ioctl(v->group.container, VFIO_IOMMU_MAP_DMA, &map) ? fail_map(v, errno, m->size, e) : 0;
}

static int back(struct vfio *v, struct mapping *m, size_t align, enum nvt_dma_dir dir, struct nvt_error *e)
{
	int rc;

	m->cpu = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m->cpu == MAP_FAILED)
		return nvt_fail_errno(e, NVT_E_NOMEM, errno, "no memory for a DMA buffer");
	if (iova_take(&v->iova, m->size, align > v->page ? align : v->page, &m->iova)) {
		rc = map_dma(v, m, dir, e);
		if (!rc)
			return 0;
		iova_give(&v->iova, m->iova);
	} else {
		rc = nvt_fail(e, NVT_E_NOMEM, "no 0x%zx bus addresses left", m->size);
	}
	munmap(m->cpu, m->size);
	return rc;
}

static int dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align, enum nvt_dma_dir dir,
		     struct nvt_dma *ret, struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	struct mapping *m;
	int rc;

	(void)name;
	if (size > SIZE_MAX / 2)
		return nvt_fail(e, NVT_E_BUG, "DMA memory of %zu bytes", size);
	m = calloc(1, sizeof(*m));
	if (!m)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a DMA buffer");
	m->size = nvt_align_up(size, v->page);
	rc = back(v, m, align, dir, e);
	if (rc) {
		free(m);
		return rc;
	}
	m->next = v->mappings;
	v->mappings = m;
	ret->cpu = m->cpu;
	ret->iova = m->iova;
	ret->pages = NULL;
	return 0;
}

/* Memory that the kernel does not let go of is not given back either: the device might still write to it. */
static void unmap(struct vfio *v, struct mapping *m)
{
	struct vfio_iommu_type1_dma_unmap unmap = { .argsz = sizeof(unmap), .iova = m->iova, .size = m->size };

	if (!ioctl(v->group.container, VFIO_IOMMU_UNMAP_DMA, &unmap) && unmap.size == m->size) {
		iova_give(&v->iova, m->iova);
		munmap(m->cpu, m->size);
	}
	free(m);
}

static void dma_free(struct nvt_transport *t, struct nvt_dma *dma)
{
	struct vfio *v = vfio_of(t);
	struct mapping **at, *m;

	for (at = &v->mappings; *at; at = &(*at)->next) {
		m = *at;
		if (m->cpu != dma->cpu)
			continue;
		*at = m->next;
		unmap(v, m);
		return;
	}
}

/* ---- interrupt, reset ---- */

/* MSI goes to an eventfd, from the first wait on. */
static int start_irq(struct vfio *v, struct nvt_error *e)
{
	_Alignas(struct vfio_irq_set) uint8_t raw[sizeof(struct vfio_irq_set) + sizeof(int32_t)];
	struct vfio_irq_set *set = (void *)raw;
	int32_t fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	int rc;

	if (fd < 0)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "no eventfd for the interrupt");
	set->argsz = sizeof(raw);
	set->flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
	set->index = VFIO_PCI_MSI_IRQ_INDEX;
	set->start = 0;
	set->count = 1;
	memcpy(raw + sizeof(*set), &fd, sizeof(fd));
	if (!ioctl(v->device, VFIO_DEVICE_SET_IRQS, set)) {
		v->irq = fd;
		return 0;
	}
	rc = nvt_fail_errno(e, NVT_E_DEVICE, errno, "cannot switch the MSI interrupt of %s on", v->sys.bdf);
	close(fd);
	return rc;
}

static int irq_wait(struct nvt_transport *t, uint64_t timeout_us, struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	int rc = v->irq < 0 ? start_irq(v, e) : 0;
	struct pollfd p = { .fd = v->irq, .events = POLLIN };
	struct timespec limit = { .tv_sec = (time_t)(timeout_us / 1000000),
				  .tv_nsec = (long)(timeout_us % 1000000 * 1000) };
	uint64_t count;

	if (rc)
		return rc;
	if (ppoll(&p, 1, &limit, NULL) < 0 && errno != EINTR)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot wait for the interrupt");
	return read(v->irq, &count, sizeof(count)) == sizeof(count) ? 0 : -NVT_E_TIMEOUT;
}

static int reset(struct nvt_transport *t, struct nvt_error *e)
{
	struct vfio *v = vfio_of(t);
	int rc;

	/* VFIO restores config space and waits until the device answers. */
	if (!ioctl(v->device, VFIO_DEVICE_RESET))
		return 0;
	rc = nvt_fail_errno(e, errno == EINVAL ? NVT_E_ENV : NVT_E_DEVICE, errno, "cannot reset %s", v->sys.bdf);
	nvt_err_hint(e, "the device has no reset of its own, or did not come back from it; a power cycle helps");
	return rc;
}

/* ---- the device ---- */

static int read_region(const struct vfio *v, unsigned index, struct region *ret, struct nvt_error *e)
{
	struct vfio_region_info info = { .argsz = sizeof(info), .index = index };

	if (ioctl(v->device, VFIO_DEVICE_GET_REGION_INFO, &info))
		return nvt_fail_errno(e, NVT_E_ENV, errno, "VFIO does not describe region %u of %s", index, v->sys.bdf);
	ret->offset = info.offset;
	ret->size = info.size;
	ret->mappable = info.flags & VFIO_REGION_INFO_FLAG_MMAP;
	return 0;
}

static int open_device(struct vfio *v, struct nvt_error *e)
{
	uint32_t command;
	unsigned i;
	int rc = 0;

	v->device = ioctl(v->group.fd, VFIO_GROUP_GET_DEVICE_FD, v->sys.bdf);
	if (v->device < 0)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "VFIO does not open %s", v->sys.bdf);
	for (i = 0; i < NVT_BAR_COUNT && !rc; i++)
		if (v->t.pci.bar[i].size)
			rc = read_region(v, VFIO_PCI_BAR0_REGION_INDEX + i, &v->bar[i], e);
	if (!rc)
		rc = read_region(v, VFIO_PCI_CONFIG_REGION_INDEX, &v->config, e);
	if (!rc)
		rc = cfg_rd(&v->t, CFG_COMMAND, 2, &command, e);
	if (!rc && command == 0xffff)
		rc = sysfs_fail_gone(&v->sys, e);
	return rc ? rc : cfg_wr(&v->t, CFG_COMMAND, 2, command | COMMAND_MEMORY, e);
}

/* ---- open, close ---- */

static void close_file(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Device before container: closing it resets the GPU, and after that nothing writes to our memory. */
static void vfio_close(struct nvt_transport *t)
{
	struct vfio *v = vfio_of(t);
	struct mapping *next;
	unsigned i;

	for (i = 0; i < NVT_BAR_COUNT; i++)
		if (v->bar[i].map.p)
			munmap((void *)(uintptr_t)v->bar[i].map.p, v->bar[i].map.size);
	close_file(v->device);
	close_file(v->irq);
	vfio_group_close(&v->group);
	for (; v->mappings; v->mappings = next) {
		next = v->mappings->next;
		munmap(v->mappings->cpu, v->mappings->size);
		free(v->mappings);
	}
	iova_fini(&v->iova);
	if (t->ctx->clock == &v->clock.clock)
		t->ctx->clock = v->outer_clock;
	free(v);
}

static const struct nvt_transport_ops ops = {
	.name = "vfio",
	.close = vfio_close,
	.cfg_rd = cfg_rd,
	.cfg_wr = cfg_wr,
	.mmio_rd = mmio_rd,
	.mmio_wr = mmio_wr,
	.window_rd = window_rd,
	.window_wr = window_wr,
	.dma_alloc = dma_alloc,
	.dma_free = dma_free,
	.irq_wait = irq_wait,
	.reset = reset,
};

static int open_all(struct vfio *v, const struct vfio_opts *opts, const char *bdf, struct nvt_error *e)
{
	int rc = sysfs_parse(opts->sysfs ? opts->sysfs : "/sys", bdf, &v->sys, e);

	if (!rc)
		rc = sysfs_find(&v->sys, e);
	if (!rc)
		rc = sysfs_pci_info(&v->sys, &v->t.pci, e);
	if (!rc)
		rc = vfio_group_open(&v->group, &v->sys, opts->dev ? opts->dev : "/dev", e);
	if (!rc)
		rc = vfio_group_iommu(&v->group, &v->iova, &v->page, e);
	return rc ? rc : open_device(v, e);
}

int vfio_open(struct nvt_ctx *ctx, const char *bdf, const struct vfio_opts *opts, struct nvt_transport **ret,
	      struct nvt_error *e)
{
	struct vfio *v = calloc(1, sizeof(*v));
	int rc;

	if (!v)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a device");
	v->t.ops = &ops;
	v->t.ctx = ctx;
	v->group = (struct vfio_group){ -1, -1 };
	v->device = v->irq = -1;
	v->outer_clock = ctx->clock;
	nvt_real_clock_init(&v->clock);
	ctx->clock = &v->clock.clock;
	rc = open_all(v, opts ? opts : &(struct vfio_opts){ NULL, NULL }, bdf, e);
	if (rc)
		vfio_close(&v->t);
	else
		*ret = &v->t;
	return rc;
}
