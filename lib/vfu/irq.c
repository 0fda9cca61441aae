/* SPDX-License-Identifier: MIT */
/* SET_IRQS, and signalling by eventfd. */
#include "vfu/irq.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DATA (IRQ_DATA_NONE | IRQ_DATA_BOOL | IRQ_DATA_EVENTFD)
#define ACTION (IRQ_MASK | IRQ_UNMASK | IRQ_TRIGGER)

static bool is_one_bit(uint32_t v)
{
	return v && !(v & (v - 1));
}

static void drop(struct irqs *q, unsigned index, unsigned vector)
{
	if (q->fd[index][vector] >= 0)
		close(q->fd[index][vector]);
	q->fd[index][vector] = -1;
}

void irqs_init(struct irqs *q)
{
	unsigned i, k;

	*q = (struct irqs){ .intx_up = false };
	for (i = 0; i < VFU_IRQ__COUNT; i++)
		for (k = 0; k < VFU_FDS_MAX; k++)
			q->fd[i][k] = -1;
}

static void drop_all(struct irqs *q, unsigned index)
{
	unsigned k;

	for (k = 0; k < VFU_FDS_MAX; k++)
		drop(q, index, k);
	if (index == VFU_IRQ_INTX)
		q->intx_masked = false;
}

void irqs_clear(struct irqs *q)
{
	unsigned i;

	for (i = 0; i < VFU_IRQ__COUNT; i++)
		drop_all(q, i);
}

/* A counter that the client filled up is not waited for. */
bool irqs_fire(struct irqs *q, unsigned index, unsigned vector)
{
	static const uint64_t one = 1;
	struct pollfd p = { .fd = q->fd[index][vector], .events = POLLOUT };

	return p.fd >= 0 && poll(&p, 1, 0) == 1 && p.revents == POLLOUT &&
	       write(p.fd, &one, sizeof(one)) == sizeof(one);
}

/* Writing to anything else that a client passes could end in a signal or in waiting. */
static bool is_eventfd(int fd)
{
	static const char want[] = "anon_inode:[eventfd]";
	char path[32], name[sizeof(want)];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, name, sizeof(name));
	return n == (ssize_t)sizeof(want) - 1 && !memcmp(name, want, sizeof(want) - 1);
}

static bool are_eventfds(const struct irq_request *rq)
{
	unsigned i;
	int flags;

	for (i = 0; i < rq->fd_count; i++) {
		flags = fcntl(rq->fds[i], F_GETFL);
		if (!is_eventfd(rq->fds[i]) || flags < 0 || fcntl(rq->fds[i], F_SETFL, flags | O_NONBLOCK))
			return false;
	}
	return true;
}

/* VFIO masks INTx itself with each interrupt, until the client unmasks it. */
static void intx_check(struct irqs *q)
{
	if (q->intx_up && !q->intx_masked && irqs_fire(q, VFU_IRQ_INTX, 0))
		q->intx_masked = true;
}

void irqs_intx(struct irqs *q, bool up)
{
	q->intx_up = up;
	intx_check(q);
}

static int set_mask(struct irqs *q, const struct irq_request *rq, bool masked)
{
	if (rq->index != VFU_IRQ_INTX || rq->flags & IRQ_DATA_EVENTFD)
		return EOPNOTSUPP;
	if (rq->flags & IRQ_DATA_BOOL && rq->count && !rq->data[0])
		return 0;
	q->intx_masked = masked;
	intx_check(q);
	return 0;
}

/* An eventfd per vector; a message without descriptors takes the vectors' eventfds away. */
static int set_eventfds(struct irqs *q, const struct irq_request *rq)
{
	unsigned i;

	if ((rq->fd_count && rq->fd_count != rq->count) || !are_eventfds(rq))
		return EINVAL;
	for (i = 0; i < rq->count; i++) {
		drop(q, rq->index, rq->start + i);
		if (!rq->fd_count)
			continue;
		q->fd[rq->index][rq->start + i] = rq->fds[i];
		rq->fds[i] = -1;
	}
	if (rq->index == VFU_IRQ_INTX && rq->count) {
		q->intx_masked = false;
		intx_check(q);
	}
	return 0;
}

static int trigger(struct irqs *q, const struct irq_request *rq)
{
	unsigned i;

	if (rq->flags & IRQ_DATA_EVENTFD)
		return set_eventfds(q, rq);
	if (rq->flags & IRQ_DATA_NONE && !rq->count) {
		drop_all(q, rq->index);
		return 0;
	}
	for (i = 0; i < rq->count; i++)
		if (!(rq->flags & IRQ_DATA_BOOL) || rq->data[i])
			irqs_fire(q, rq->index, rq->start + i);
	return 0;
}

int irqs_set(struct irqs *q, const struct irq_request *rq, uint32_t vectors)
{
	uint32_t data = rq->flags & DATA, action = rq->flags & ACTION;

	if (rq->flags & ~(uint32_t)(DATA | ACTION) || !is_one_bit(data) || !is_one_bit(action))
		return EINVAL;
	if (rq->start > vectors || rq->count > vectors - rq->start)
		return EINVAL;
	if (rq->fd_count && data != IRQ_DATA_EVENTFD)
		return EINVAL;
	return action == IRQ_TRIGGER ? trigger(q, rq) : set_mask(q, rq, action == IRQ_MASK);
}
