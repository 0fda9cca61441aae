/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: everything a hostile vfio-user client may send. The input is what goes over the socket; bits 1:0
 * of a message's id say which descriptors go with it: 1 a file, 2 an eventfd, 3 both.
 */
#include "fuzz.h"
#include "../support/send_fds.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define BAR_SIZE 0x10000u
#define MEMORY_SIZE 0x10000u
#define PIECE_MAX 0x8000u /* fits the socket's buffer */

struct target {
	struct vfu_device dev;
	struct vfu *v;
	int client, memory, eventfd;
	uint8_t bar[BAR_SIZE];
};

static int dev_rd(void *arg, unsigned region, uint64_t off, uint8_t *buf, uint32_t n)
{
	struct target *t = arg;

	(void)region;
	memcpy(buf, t->bar + off, n);
	return 0;
}

static int dev_wr(void *arg, unsigned region, uint64_t off, const uint8_t *buf, uint32_t n)
{
	struct target *t = arg;

	(void)region;
	memcpy(t->bar + off, buf, n);
	return 0;
}

static void dev_reset(void *arg)
{
	memset(((struct target *)arg)->bar, 0, BAR_SIZE);
}

static void begin(struct target *t)
{
	struct nvt_error e;
	int s[2];

	memset(t, 0, sizeof(*t));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		abort();
	t->dev.region[0].size = BAR_SIZE;
	t->dev.region[0].access = VFU_READ | VFU_WRITE;
	t->dev.region[7].size = 0x1000;
	t->dev.region[7].access = VFU_READ | VFU_WRITE;
	t->dev.irq_count[VFU_IRQ_INTX] = 1;
	t->dev.irq_count[VFU_IRQ_MSI] = VFU_FDS_MAX;
	t->dev.rd = dev_rd;
	t->dev.wr = dev_wr;
	t->dev.reset = dev_reset;
	t->dev.arg = t;
	t->client = s[0];
	t->memory = memfd_create("guest", MFD_CLOEXEC);
	t->eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (t->memory < 0 || t->eventfd < 0 || ftruncate(t->memory, MEMORY_SIZE) ||
	    vfu_new(&t->dev, s[1], &t->v, &e))
		abort();
}

static void end(struct target *t)
{
	vfu_free(t->v);
	close(t->client);
	close(t->memory);
	close(t->eventfd);
}

static bool push(struct target *t, const uint8_t *p, size_t n, unsigned which)
{
	const int fds[] = { t->memory, t->eventfd };

	return send_fds(t->client, p, n, which & 1 ? fds : fds + 1, (which & 1) + (which >> 1 & 1), MSG_DONTWAIT);
}

/* Whatever is mapped now can be used, and the replies are taken. False when the connection is over. */
static bool serve(struct target *t, uint64_t addr)
{
	static uint8_t reply[1u << 16];
	struct nvt_error e;
	uint8_t b[64] = { 0 };
	bool alive = vfu_run(t->v, &e);

	vfu_dma_rd(t->v, addr, b, sizeof(b));
	vfu_dma_wr(t->v, addr, b, sizeof(b));
	vfu_irq_fire(t->v, VFU_IRQ_MSI, addr % VFU_FDS_MAX);
	vfu_intx_set(t->v, addr & 0x1000);
	while (recv(t->client, reply, sizeof(reply), MSG_DONTWAIT) > 0)
		;
	return alive;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct target t;
	size_t at = 0, n;
	uint32_t want;

	begin(&t);
	while (at < size) {
		n = size - at;
		want = n >= VFU_HDR ? nvt_le32(data + at + 4) : 0;
		if (want >= VFU_HDR && want < n)
			n = want;
		if (n > PIECE_MAX)
			n = PIECE_MAX;
		if (!push(&t, data + at, n, data[at] & 3) ||
		    !serve(&t, n >= VFU_HDR + 24 ? nvt_le64(data + at + VFU_HDR + 16) : at))
			break;
		at += n;
	}
	end(&t);
	return 0;
}
