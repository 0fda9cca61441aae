/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand mutated messages to the vfio-user server, the same on every run. The device's own memory lies between
 * pages that nobody may touch; the client's memory is compared with a reference that does only what was granted.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "../support/send_fds.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

enum {
	MESSAGES = 10000,
	PAGE = 0x1000,
	BAR_SIZE = 4 * PAGE,
	FILE_PAGES = 16,
	FILE_SIZE = FILE_PAGES * PAGE,
	GRANTS = 256,
	MESSAGE_MAX = 512,
};

/* What the client granted: page `iova` of the bus is page `page` of the file, or none. */
struct grant {
	uint64_t iova;
	int page;
	unsigned access;
};

struct fixture {
	struct vfu_device dev;
	struct vfu *v;
	int client, memory, eventfd;
	uint8_t *guarded, *bar;
	uint8_t want[FILE_SIZE]; /* what the file must hold */
	struct grant grants[GRANTS];
	unsigned grant_n;
	bool lost; /* more grants than the reference follows */
	uint64_t rng;
	unsigned connections, granted, refused, done; /* replies, and device accesses that were carried out */
};

static uint64_t next(struct fixture *f)
{
	f->rng ^= f->rng >> 12;
	f->rng ^= f->rng << 25;
	f->rng ^= f->rng >> 27;
	return f->rng * UINT64_C(0x2545f4914f6cdd1d);
}

/* ---- the device ---- */

static int dev_rd(void *arg, unsigned region, uint64_t off, uint8_t *buf, uint32_t n)
{
	struct fixture *f = arg;

	assert_int_equal(region, 0);
	memcpy(buf, f->bar + off, n);
	return 0;
}

static int dev_wr(void *arg, unsigned region, uint64_t off, const uint8_t *buf, uint32_t n)
{
	struct fixture *f = arg;

	assert_int_equal(region, 0);
	memcpy(f->bar + off, buf, n);
	return 0;
}

static void dev_reset(void *arg)
{
	memset(((struct fixture *)arg)->bar, 0, BAR_SIZE);
}

static void connect_anew(struct fixture *f)
{
	struct nvt_error e;
	int s[2];

	vfu_free(f->v);
	if (f->client >= 0)
		close(f->client);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	assert_int_equal(vfu_new(&f->dev, s[1], &f->v, &e), 0);
	f->client = s[0];
	f->grant_n = 0;
	f->connections++;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->guarded = mmap(NULL, BAR_SIZE + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(f->guarded != MAP_FAILED);
	f->bar = f->guarded + PAGE;
	assert_int_equal(mprotect(f->bar, BAR_SIZE, PROT_READ | PROT_WRITE), 0);
	f->dev.region[0].size = BAR_SIZE;
	f->dev.region[0].access = VFU_READ | VFU_WRITE;
	f->dev.irq_count[VFU_IRQ_INTX] = 1;
	f->dev.irq_count[VFU_IRQ_MSI] = VFU_FDS_MAX;
	f->dev.rd = dev_rd;
	f->dev.wr = dev_wr;
	f->dev.reset = dev_reset;
	f->dev.arg = f;
	f->memory = memfd_create("guest", MFD_CLOEXEC);
	f->eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	f->client = -1;
	f->rng = UINT64_C(0x9e3779b97f4a7c15);
	memset(f->want, 0xa5, FILE_SIZE);
	assert_true(f->memory >= 0 && f->eventfd >= 0);
	assert_int_equal(pwrite(f->memory, f->want, FILE_SIZE, 0), FILE_SIZE);
	connect_anew(f);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vfu_free(f->v);
	close(f->client);
	close(f->memory);
	close(f->eventfd);
	munmap(f->guarded, BAR_SIZE + 2 * PAGE);
	free(f);
	return 0;
}

/* ---- the messages ---- */

struct message {
	uint8_t p[MESSAGE_MAX];
	size_t n;
};

static void begin(struct message *m, uint16_t command)
{
	memset(m, 0, sizeof(*m));
	nvt_put_le16(m->p + 2, command);
	m->n = VFU_HDR;
}

static void add32(struct message *m, uint32_t v)
{
	nvt_put_le32(m->p + m->n, v);
	m->n += 4;
}

static void add64(struct message *m, uint64_t v)
{
	nvt_put_le64(m->p + m->n, v);
	m->n += 8;
}

static void put_version(struct fixture *f, struct message *m)
{
	(void)f;
	add32(m, 0);
	memcpy(m->p + m->n, "{}", 3);
	m->n += 3;
}

static void put_map(struct fixture *f, struct message *m)
{
	uint64_t page = next(f) % (FILE_PAGES / 2), pages = 1 + next(f) % 4;

	add32(m, VFU_DMA_MAP_SIZE);
	add32(m, 1 + (uint32_t)(next(f) % 3));
	add64(m, page * PAGE);
	add64(m, 0x10000 + next(f) % 32 * PAGE);
	add64(m, pages * PAGE);
}

static void put_unmap(struct fixture *f, struct message *m)
{
	add32(m, VFU_DMA_UNMAP_SIZE);
	add32(m, 0);
	add64(m, 0x10000 + next(f) % 32 * PAGE);
	add64(m, (1 + next(f) % 8) * PAGE);
}

static void put_info(struct fixture *f, struct message *m)
{
	(void)f;
	add32(m, VFU_INFO_SIZE);
	add32(m, 0);
	add64(m, 0);
}

static void put_region_info(struct fixture *f, struct message *m)
{
	add32(m, VFU_REGION_INFO_SIZE);
	add32(m, 0);
	add32(m, (uint32_t)(next(f) % VFU_REGION__COUNT));
	add32(m, 0);
	add64(m, 0);
	add64(m, 0);
}

static void put_irq_info(struct fixture *f, struct message *m)
{
	add32(m, VFU_IRQ_INFO_SIZE);
	add32(m, 0);
	add32(m, (uint32_t)(next(f) % VFU_IRQ__COUNT));
	add32(m, 0);
}

static void put_irqs(struct fixture *f, struct message *m)
{
	static const uint32_t flags[] = { 0x24, 0x21, 0x11, 0x09 };

	add32(m, VFU_SET_IRQS_FIXED);
	add32(m, flags[next(f) % NVT_ARRAY_SIZE(flags)]);
	add32(m, (uint32_t)(next(f) % 2));
	add32(m, 0);
	add32(m, 1);
}

static void put_read(struct fixture *f, struct message *m)
{
	add64(m, next(f) % (BAR_SIZE - 8));
	add32(m, 0);
	add32(m, 1 + (uint32_t)(next(f) % 8));
}

static void put_write(struct fixture *f, struct message *m)
{
	add64(m, next(f) % (BAR_SIZE - 8));
	add32(m, 0);
	add32(m, 8);
	add64(m, next(f));
}

static void put_nothing(struct fixture *f, struct message *m)
{
	(void)f;
	(void)m;
}

static void (*const makers[VFU_COMMAND__COUNT])(struct fixture *f, struct message *m) = {
	[VFU_VERSION] = put_version,	   [VFU_DMA_MAP] = put_map,	      [VFU_DMA_UNMAP] = put_unmap,
	[VFU_GET_INFO] = put_info,	   [VFU_GET_REGION_INFO] = put_region_info, [VFU_GET_IRQ_INFO] = put_irq_info,
	[VFU_SET_IRQS] = put_irqs,	   [VFU_REGION_READ] = put_read,      [VFU_REGION_WRITE] = put_write,
	[VFU_DEVICE_RESET] = put_nothing,
};

static void make(struct fixture *f, uint16_t command, struct message *m)
{
	begin(m, command);
	makers[command](f, m);
	nvt_put_le32(m->p + 4, (uint32_t)m->n);
}

/* Half of the mutations leave the size as it is, so that more than the framing is met. */
static void mutate(struct fixture *f, struct message *m)
{
	static const uint64_t edges[] = { 0, 1, 7, 0xfff, 0x1000, 0x7fffffff, 0x80000000, UINT32_MAX, INT64_MAX, UINT64_MAX };
	unsigned i, times = 1 + (unsigned)(next(f) % 3), width;
	uint64_t edge;
	size_t at;

	for (; times; times--) {
		at = next(f) & 1 || m->n == VFU_HDR ? next(f) % m->n : VFU_HDR + next(f) % (m->n - VFU_HDR);
		switch (next(f) % 4) {
		case 0:
			m->p[at] ^= (uint8_t)(1u << next(f) % 8);
			break;
		case 1:
			m->p[at] = (uint8_t)next(f);
			break;
		case 2:
			edge = edges[next(f) % NVT_ARRAY_SIZE(edges)];
			width = 1u << next(f) % 4;
			for (i = 0; i < width && at + i < m->n; i++)
				m->p[at + i] = (uint8_t)(edge >> 8 * i);
			break;
		default:
			m->n = VFU_HDR + next(f) % (MESSAGE_MAX - VFU_HDR);
			nvt_put_le32(m->p + 4, (uint32_t)m->n);
		}
	}
}

static void push(struct fixture *f, const struct message *m, unsigned which)
{
	const int fds[] = { f->memory, f->eventfd };

	assert_true(send_fds(f->client, m->p, m->n, which & 1 ? fds : fds + 1, (which & 1) + (which >> 1 & 1), 0));
}

/* ---- the reference ---- */

static struct grant *granted(struct fixture *f, uint64_t addr)
{
	unsigned i;

	for (i = 0; i < f->grant_n; i++)
		if (f->grants[i].iova == addr / PAGE * PAGE)
			return &f->grants[i];
	return NULL;
}

static void grant(struct fixture *f, const uint8_t *p, bool with_file)
{
	uint64_t off = nvt_le64(p + 8), iova = nvt_le64(p + 16), size = nvt_le64(p + 24), at;

	for (at = 0; at < size && !f->lost; at += PAGE) {
		f->lost = f->grant_n == GRANTS;
		if (f->lost)
			break;
		assert_null(granted(f, iova + at));
		f->grants[f->grant_n++] =
			(struct grant){ iova + at, with_file ? (int)((off + at) / PAGE) : -1, nvt_le32(p + 4) };
		if (with_file)
			assert_true(off + at + PAGE <= FILE_SIZE && off % PAGE == 0);
	}
}

static void withdraw(struct fixture *f, const uint8_t *p)
{
	uint64_t iova = nvt_le64(p + 8), size = nvt_le64(p + 16);
	bool all = nvt_le32(p + 4) & VFU_DMA_UNMAP_ALL;
	unsigned i, n = 0;

	for (i = 0; i < f->grant_n; i++)
		if (!all && (f->grants[i].iova < iova || f->grants[i].iova - iova >= size))
			f->grants[n++] = f->grants[i];
	f->grant_n = n;
}

/* Follows what the server granted; an offset within a page is not followed further. */
static void follow(struct fixture *f, const struct message *m, unsigned which)
{
	uint16_t command = nvt_le16(m->p + 2);

	f->granted++;
	if (command == VFU_DMA_MAP && nvt_le64(m->p + VFU_HDR + 8) % PAGE)
		f->lost = true;
	else if (command == VFU_DMA_MAP)
		grant(f, m->p + VFU_HDR, which & 1);
	else if (command == VFU_DMA_UNMAP)
		withdraw(f, m->p + VFU_HDR);
}

/* One access by the device, which goes through if and only if it was granted. */
static void use(struct fixture *f)
{
	uint64_t addr = 0xf000 + next(f) % (36 * PAGE - 8) / 8 * 8, value = next(f);
	struct grant *g = granted(f, addr);
	bool write = next(f) & 1;
	uint8_t b[8];
	enum vfu_dma got, want = VFU_DMA_OK;

	nvt_put_le64(b, value);
	got = write ? vfu_dma_wr(f->v, addr, b, 8) : vfu_dma_rd(f->v, addr, b, 8);
	if (!g || g->page < 0)
		want = VFU_DMA_UNMAPPED;
	else if (!(g->access & (write ? VFU_WRITE : VFU_READ)))
		want = VFU_DMA_FORBIDDEN;
	assert_int_equal(got, want);
	if (got != VFU_DMA_OK)
		return;
	f->done++;
	if (write)
		memcpy(f->want + (size_t)g->page * PAGE + addr % PAGE, b, 8);
	else
		assert_memory_equal(b, f->want + (size_t)g->page * PAGE + addr % PAGE, 8);
}

static void compare_memory(struct fixture *f)
{
	uint8_t now[FILE_SIZE];

	assert_int_equal(pread(f->memory, now, FILE_SIZE, 0), FILE_SIZE);
	assert_memory_equal(now, f->want, FILE_SIZE);
}

/* ---- the test ---- */

/* Lets the server take what was sent. False: the connection is over, or waits for bytes that do not come. */
static bool serve(struct fixture *f, const struct message *m, unsigned which)
{
	uint8_t reply[4096];
	struct nvt_error e;
	ssize_t n;

	if (!vfu_run(f->v, &e)) {
		assert_int_equal(e.code, NVT_E_DATA);
		assert_true(e.msg[0]);
		return false;
	}
	n = recv(f->client, reply, sizeof(reply), MSG_DONTWAIT);
	if (n < VFU_HDR || nvt_le32(m->p + 4) != m->n || nvt_le32(m->p + 8) & VFU_NO_REPLY)
		return false;
	if (nvt_le32(reply + 8) & VFU_ERROR)
		f->refused++;
	else
		follow(f, m, which);
	while (recv(f->client, reply, sizeof(reply), MSG_DONTWAIT) > 0)
		;
	return !f->lost;
}

static void greet(struct fixture *f)
{
	struct message m;

	f->lost = false;
	make(f, VFU_VERSION, &m);
	push(f, &m, 0);
	assert_true(serve(f, &m, 0));
	make(f, VFU_DMA_MAP, &m);
	push(f, &m, 1);
	assert_true(serve(f, &m, 1));
}

static void test_hostile(void **state)
{
	struct fixture *f = *state;
	struct message m;
	uint16_t command;
	unsigned i, k, which;

	greet(f);
	for (i = 0; i < MESSAGES; i++) {
		do
			command = (uint16_t)(next(f) % VFU_COMMAND__COUNT);
		while (!makers[command]);
		make(f, command, &m);
		mutate(f, &m);
		which = command == VFU_DMA_MAP ? (unsigned)(next(f) % 8 > 0) :
			command == VFU_SET_IRQS ? (unsigned)(next(f) % 2) * 2 : (unsigned)(next(f) % 16 == 0) * 3;
		push(f, &m, which);
		if (!serve(f, &m, which)) {
			connect_anew(f);
			greet(f);
		}
		for (k = 0; k < 4; k++)
			use(f);
		compare_memory(f);
		vfu_irq_fire(f->v, VFU_IRQ_MSI, (unsigned)(next(f) % VFU_FDS_MAX));
		vfu_intx_set(f->v, next(f) & 1);
	}
	/* the mutations reach what they should: each way of ending, and memory that is really used */
	assert_true(f->connections > 500 && f->granted > 1000 && f->refused > 1000 && f->done > 1000);
	print_message("%u messages: %u granted, %u refused, %u connections, %u accesses by the device\n", MESSAGES,
		      f->granted, f->refused, f->connections, f->done);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_hostile, setup, teardown) };

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
