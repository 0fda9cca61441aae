/* SPDX-License-Identifier: MIT */
/* One client's connection: what socket, messages and interrupts share. Private to lib/vfu. */
#ifndef NVT_VFU_CONN_H
#define NVT_VFU_CONN_H

#include "vfu/dma.h"
#include "vfu/irq.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

#define VFU_MESSAGE_MAX (VFU_HDR + VFU_ACCESS_FIXED + VFU_DATA_MAX)

struct vfu_header {
	uint16_t id, command;
	uint32_t size, flags;
};

struct vfu {
	const struct vfu_device *dev;
	int fd;
	struct dma_table dma;
	struct irqs irqs;
	struct vfu_counts counts;
	bool greeted; /* VERSION came */
	/* the message under way */
	size_t have;
	int fds[VFU_FDS_MAX];
	unsigned fd_count;
	uint8_t *rx, *tx; /* VFU_MESSAGE_MAX each */
};

struct vfu_header vfu_header_get(const uint8_t *p);
/*
 * message.c: carries out the whole message in v->rx. 0 or an errno for the client; *ret_n gets the size of
 * the reply's payload, which stands behind the header in v->tx.
 */
int vfu_handle(struct vfu *v, const struct vfu_header *h, uint32_t *ret_n);

#endif
