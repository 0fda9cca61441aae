/* SPDX-License-Identifier: MIT */
/* Interrupts as the client set them up: an eventfd per vector, and the state of the INTx line. */
#ifndef NVT_VFU_IRQ_H
#define NVT_VFU_IRQ_H

#include "vfu/vfu.h"

struct irqs {
	int fd[VFU_IRQ__COUNT][VFU_FDS_MAX]; /* -1: none */
	bool intx_up, intx_masked;
};

/* Flags of SET_IRQS: one kind of data, one action. */
enum {
	IRQ_DATA_NONE = 1u << 0,
	IRQ_DATA_BOOL = 1u << 1,
	IRQ_DATA_EVENTFD = 1u << 2,
	IRQ_MASK = 1u << 3,
	IRQ_UNMASK = 1u << 4,
	IRQ_TRIGGER = 1u << 5,
};

struct irq_request {
	uint32_t flags, index, start, count;
	const uint8_t *data; /* `count` bytes with IRQ_DATA_BOOL */
	int *fds;            /* of the message; those taken become -1 */
	unsigned fd_count;
};

void irqs_init(struct irqs *q);
void irqs_clear(struct irqs *q);
/* 0 or an errno. vectors: how many the device has of this index. */
int irqs_set(struct irqs *q, const struct irq_request *rq, uint32_t vectors);
bool irqs_fire(struct irqs *q, unsigned index, unsigned vector);
void irqs_intx(struct irqs *q, bool up);

#endif
