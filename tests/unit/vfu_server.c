/* SPDX-License-Identifier: MIT */
/* The vfio-user server with a trivial device: a client in the same process sends it messages, good and bad. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/bytes.h"
#include "../support/send_fds.h"
#include "vfu/proto.h"
#include "vfu/vfu.h"

#define BAR_SIZE 0x1000u

struct fixture {
	struct vfu_device dev;
	struct vfu *v;
	int client;
	uint8_t bar[BAR_SIZE];
	unsigned resets;
	struct nvt_error e;
	bool over; /* the server ended the connection */
};

static int dev_rd(void *arg, unsigned region, uint64_t off, uint8_t *buf, uint32_t n)
{
	struct fixture *f = arg;

	if (region)
		return EIO;
	memcpy(buf, f->bar + off, n);
	return 0;
}

static int dev_wr(void *arg, unsigned region, uint64_t off, const uint8_t *buf, uint32_t n)
{
	struct fixture *f = arg;

	if (region)
		return EIO;
	memcpy(f->bar + off, buf, n);
	return 0;
}

static void dev_reset(void *arg)
{
	((struct fixture *)arg)->resets++;
}

/* ---- the client ---- */

struct message {
	uint16_t id, command;
	uint32_t flags;
	uint8_t payload[256];
	uint32_t n;
	int fds[VFU_FDS_MAX];
	unsigned fd_count;
};

static void send_bytes(struct fixture *f, const uint8_t *p, size_t n, const int *fds, unsigned fd_count)
{
	assert_true(send_fds(f->client, p, n, fds, fd_count, 0));
}

static size_t put_message(const struct message *m, uint8_t *to)
{
	nvt_put_le16(to, m->id);
	nvt_put_le16(to + 2, m->command);
	nvt_put_le32(to + 4, VFU_HDR + m->n);
	nvt_put_le32(to + 8, m->flags);
	nvt_put_le32(to + 12, 0);
	memcpy(to + VFU_HDR, m->payload, m->n);
	return VFU_HDR + m->n;
}

/* Sends m and lets the server run; returns the errno of the reply, -1 if none came. reply may be NULL. */
static int ask(struct fixture *f, const struct message *m, struct message *reply)
{
	uint8_t buf[4096];
	size_t n = put_message(m, buf);
	ssize_t got;

	send_bytes(f, buf, n, m->fds, m->fd_count);
	f->over = !vfu_run(f->v, &f->e);
	got = recv(f->client, buf, sizeof(buf), MSG_DONTWAIT);
	if (got < VFU_HDR)
		return -1;
	assert_int_equal(nvt_le16(buf), m->id);
	assert_int_equal(nvt_le16(buf + 2), m->command);
	assert_int_equal(nvt_le32(buf + 4), got);
	assert_int_equal(nvt_le32(buf + 8), nvt_le32(buf + 12) ? VFU_TYPE_REPLY | VFU_ERROR : VFU_TYPE_REPLY);
	if (nvt_le32(buf + 12))
		assert_int_equal(got, VFU_HDR);
	if (reply) {
		reply->n = (uint32_t)got - VFU_HDR;
		assert_true(reply->n <= sizeof(reply->payload));
		memcpy(reply->payload, buf + VFU_HDR, reply->n);
	}
	return (int)nvt_le32(buf + 12);
}

static struct message of(uint16_t command, uint32_t n)
{
	static uint16_t id;

	return (struct message){ .id = ++id, .command = command, .n = n };
}

static struct message of_u32(uint16_t command, unsigned count, const uint32_t *words)
{
	struct message m = of(command, 4 * count);
	unsigned i;

	for (i = 0; i < count; i++)
		nvt_put_le32(m.payload + (size_t)4 * i, words[i]);
	return m;
}
#define WORDS(command, ...) \
	of_u32(command, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, (const uint32_t[]){ __VA_ARGS__ })

static int greet(struct fixture *f, struct message *reply)
{
	struct message m = of(VFU_VERSION, 4 + 3);

	memcpy(m.payload + 4, "{}", 3);
	return ask(f, &m, reply);
}

static int setup_bare(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct nvt_error e;
	int s[2];

	assert_non_null(f);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, s), 0);
	f->dev.region[0].size = BAR_SIZE;
	f->dev.region[0].access = VFU_READ | VFU_WRITE;
	f->dev.region[6].size = 0x100;
	f->dev.region[6].access = VFU_READ;
	f->dev.irq_count[VFU_IRQ_INTX] = 1;
	f->dev.irq_count[VFU_IRQ_MSI] = 4;
	f->dev.rd = dev_rd;
	f->dev.wr = dev_wr;
	f->dev.reset = dev_reset;
	f->dev.arg = f;
	f->client = s[0];
	assert_int_equal(vfu_new(&f->dev, s[1], &f->v, &e), 0);
	*state = f;
	return 0;
}

static int setup(void **state)
{
	setup_bare(state);
	assert_int_equal(greet(*state, NULL), 0);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	vfu_free(f->v);
	close(f->client);
	free(f);
	return 0;
}

/* ---- good messages ---- */

static void test_version(void **state)
{
	struct message r, m = of(VFU_GET_INFO, 16);

	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	assert_int_equal(greet(*state, &r), 0);
	assert_int_equal(nvt_le32(r.payload), 0);
	assert_int_equal(r.payload[r.n - 1], 0);
	assert_string_equal(r.payload + 4, "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
					   "\"pgsizes\":4096,\"max_dma_maps\":65535}}");
	assert_int_equal(greet(*state, &r), EINVAL);
}

static void test_version_refused(void **state)
{
	struct message m = of(VFU_VERSION, 4);

	nvt_put_le16(m.payload, 1);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	m = of(VFU_VERSION, 6);
	memcpy(m.payload + 4, "{}", 2);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	m = of(VFU_VERSION, 3);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
}

static void test_info(void **state)
{
	struct message r, m = WORDS(VFU_GET_INFO, 16, 0, 0, 0);

	assert_int_equal(ask(*state, &m, &r), 0);
	assert_int_equal(r.n, 16);
	assert_int_equal(nvt_le32(r.payload + 4), 3);
	assert_int_equal(nvt_le32(r.payload + 8), 9);
	assert_int_equal(nvt_le32(r.payload + 12), 5);
	m = WORDS(VFU_GET_REGION_INFO, 32, 0, 0, 0, 0, 0, 0, 0);
	assert_int_equal(ask(*state, &m, &r), 0);
	assert_int_equal(nvt_le32(r.payload + 4), 3);
	assert_int_equal(nvt_le64(r.payload + 16), BAR_SIZE);
	m = WORDS(VFU_GET_REGION_INFO, 32, 0, 9, 0, 0, 0, 0, 0);
	assert_int_equal(ask(*state, &m, &r), EINVAL);
	m = WORDS(VFU_GET_IRQ_INFO, 16, 0, 1, 0);
	assert_int_equal(ask(*state, &m, &r), 0);
	assert_int_equal(nvt_le32(r.payload + 12), 4);
	m = WORDS(VFU_GET_IRQ_INFO, 16, 0, 5, 0);
	assert_int_equal(ask(*state, &m, &r), EINVAL);
}

static void test_regions(void **state)
{
	struct fixture *f = *state;
	struct message r, m = WORDS(VFU_REGION_WRITE, 0x10, 0, 0, 8, 0x11223344, 0x55667788);

	assert_int_equal(ask(f, &m, &r), 0);
	assert_int_equal(r.n, 16);
	assert_int_equal(nvt_le64(f->bar + 0x10), 0x5566778811223344);
	m = WORDS(VFU_REGION_READ, 0x12, 0, 0, 1);
	assert_int_equal(ask(f, &m, &r), 0);
	assert_int_equal(r.n, 17);
	assert_int_equal(r.payload[16], 0x22);
	m = WORDS(VFU_REGION_WRITE, 0x20, 0, 0, 4, 0xdeadbeef);
	m.flags = VFU_NO_REPLY;
	assert_int_equal(ask(f, &m, NULL), -1);
	assert_false(f->over);
	assert_int_equal(nvt_le32(f->bar + 0x20), 0xdeadbeef);
	assert_int_equal(vfu_counts(f->v)->writes, 2);
	assert_int_equal(vfu_counts(f->v)->reads, 1);
}

static void test_regions_refused(void **state)
{
	static const struct {
		uint32_t off_lo, off_hi, region, count;
		int want;
	} rows[] = {
		{ BAR_SIZE, 0, 0, 1, EINVAL },          { BAR_SIZE - 3, 0, 0, 4, EINVAL },
		{ 0xffffffff, 0xffffffff, 0, 4, EINVAL }, { 0, 0, 1, 4, EINVAL },
		{ 0, 0, 9, 4, EINVAL },                 { 0, 0, 0xffffffff, 4, EINVAL },
		{ 0, 0, 0, 0, EINVAL },                 { 0, 0, 0, VFU_DATA_MAX + 1, EINVAL },
		{ 0, 0, 0, 0xffffffff, EINVAL },        { 0, 0, 6, 4, EIO },
	};
	struct message m;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		m = WORDS(VFU_REGION_READ, rows[i].off_lo, rows[i].off_hi, rows[i].region, rows[i].count);
		assert_int_equal(ask(*state, &m, NULL), rows[i].want);
	}
	m = WORDS(VFU_REGION_WRITE, 0, 0, 6, 4, 0);
	assert_int_equal(ask(*state, &m, NULL), EPERM);
	m = WORDS(VFU_REGION_WRITE, 0, 0, 0, 8, 0);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	m = WORDS(VFU_REGION_WRITE, 0, 0, 0, 3, 0);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	assert_int_equal(vfu_counts(((struct fixture *)*state)->v)->refused, 3 + NVT_ARRAY_SIZE(rows));
}

static struct message map_message(uint64_t off, uint64_t iova, uint64_t size, uint32_t flags, int fd)
{
	struct message m = WORDS(VFU_DMA_MAP, 32, flags, 0, 0, 0, 0, 0, 0);

	nvt_put_le64(m.payload + 8, off);
	nvt_put_le64(m.payload + 16, iova);
	nvt_put_le64(m.payload + 24, size);
	m.fds[0] = fd;
	m.fd_count = fd >= 0;
	return m;
}

static void test_dma(void **state)
{
	struct fixture *f = *state;
	int fd = memfd_create("guest", MFD_CLOEXEC);
	struct message r, m = map_message(0x1000, 0x80000000, 0x2000, 3, fd);
	uint8_t b[4] = { 1, 2, 3, 4 };

	assert_int_equal(ftruncate(fd, 0x4000), 0);
	assert_int_equal(ask(f, &m, &r), 0);
	assert_int_equal(r.n, 32);
	assert_int_equal(vfu_dma_wr(f->v, 0x80000ffe, b, 4), VFU_DMA_OK);
	assert_int_equal(pread(fd, b, 4, 0x1ffc), 4);
	assert_int_equal(nvt_le32(b), 0x02010000);
	m = map_message(0, 0x80001000, 0x1000, 3, -1);
	assert_int_equal(ask(f, &m, NULL), EEXIST);
	m = map_message(0, 0xfffc0000, 0x40000, 1, -1);
	assert_int_equal(ask(f, &m, NULL), 0);
	assert_int_equal(vfu_dma_rd(f->v, 0xfffc0000, b, 4), VFU_DMA_UNMAPPED);
	m = WORDS(VFU_DMA_UNMAP, 24, 0, 0x80000000, 0, 0x1000, 0);
	assert_int_equal(ask(f, &m, &r), 0);
	assert_int_equal(r.n, 24);
	assert_int_equal(vfu_dma_rd(f->v, 0x80000000, b, 4), VFU_DMA_UNMAPPED);
	assert_int_equal(vfu_dma_rd(f->v, 0x80001000, b, 4), VFU_DMA_OK);
	m = WORDS(VFU_DMA_UNMAP, 24, VFU_DMA_UNMAP_ALL, 0, 0, 0, 0);
	assert_int_equal(ask(f, &m, NULL), 0);
	assert_int_equal(vfu_dma_rd(f->v, 0x80001000, b, 4), VFU_DMA_UNMAPPED);
	m = WORDS(VFU_DMA_UNMAP, 24, 1, 0, 0, 0x1000, 0);
	assert_int_equal(ask(f, &m, NULL), EINVAL);
	close(fd);
}

static struct message irqs_message(uint32_t flags, uint32_t index, uint32_t start, uint32_t count, const int *fds)
{
	struct message m = WORDS(VFU_SET_IRQS, 20, flags, index, start, count);

	if (fds) {
		m.fd_count = count;
		memcpy(m.fds, fds, count * sizeof(int));
	}
	return m;
}

static uint64_t fired(int fd)
{
	uint64_t n = 0;

	return read(fd, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

static void test_msi(void **state)
{
	struct fixture *f = *state;
	int fds[2] = { eventfd(0, EFD_NONBLOCK), eventfd(0, EFD_NONBLOCK) };
	struct message m = irqs_message(0x24, VFU_IRQ_MSI, 1, 2, fds);

	assert_int_equal(ask(f, &m, NULL), 0);
	assert_false(vfu_irq_fire(f->v, VFU_IRQ_MSI, 0));
	assert_true(vfu_irq_fire(f->v, VFU_IRQ_MSI, 1));
	assert_true(vfu_irq_fire(f->v, VFU_IRQ_MSI, 2));
	assert_true(vfu_irq_fire(f->v, VFU_IRQ_MSI, 2));
	assert_false(vfu_irq_fire(f->v, VFU_IRQ_MSI, 4));
	assert_int_equal(fired(fds[0]), 1);
	assert_int_equal(fired(fds[1]), 2);
	m = irqs_message(0x21, VFU_IRQ_MSI, 1, 1, NULL); /* a loopback */
	assert_int_equal(ask(f, &m, NULL), 0);
	assert_int_equal(fired(fds[0]), 1);
	m = irqs_message(0x22, VFU_IRQ_MSI, 1, 2, NULL);
	m.n += 2;
	m.payload[20] = 0;
	m.payload[21] = 1;
	assert_int_equal(ask(f, &m, NULL), 0);
	assert_int_equal(fired(fds[0]), 0);
	assert_int_equal(fired(fds[1]), 1);
	m = irqs_message(0x21, VFU_IRQ_MSI, 0, 0, NULL);
	assert_int_equal(ask(f, &m, NULL), 0);
	assert_false(vfu_irq_fire(f->v, VFU_IRQ_MSI, 1));
	close(fds[0]);
	close(fds[1]);
}

static void test_intx(void **state)
{
	struct fixture *f = *state;
	int fd = eventfd(0, EFD_NONBLOCK);
	struct message m = irqs_message(0x24, VFU_IRQ_INTX, 0, 1, &fd), unmask = irqs_message(0x11, 0, 0, 1, NULL);

	assert_int_equal(ask(f, &m, NULL), 0);
	vfu_intx_set(f->v, true);
	vfu_intx_set(f->v, true);
	assert_int_equal(fired(fd), 1);
	assert_int_equal(ask(f, &unmask, NULL), 0);
	assert_int_equal(fired(fd), 1); /* still up */
	vfu_intx_set(f->v, false);
	assert_int_equal(ask(f, &unmask, NULL), 0);
	assert_int_equal(fired(fd), 0);
	m = irqs_message(0x09, VFU_IRQ_INTX, 0, 1, NULL);
	assert_int_equal(ask(f, &m, NULL), 0);
	vfu_intx_set(f->v, true);
	assert_int_equal(fired(fd), 0);
	assert_int_equal(ask(f, &unmask, NULL), 0);
	assert_int_equal(fired(fd), 1);
	close(fd);
}

static void test_irqs_refused(void **state)
{
	static const struct {
		uint32_t flags, index, start, count;
	} rows[] = {
		{ 0x24, 5, 0, 0 }, { 0x24, 0xffffffff, 0, 0 }, { 0x21, VFU_IRQ_MSI, 5, 0 }, { 0x21, VFU_IRQ_MSI, 1, 4 },
		{ 0x21, VFU_IRQ_MSI, 0xffffffff, 2 }, { 0x21, VFU_IRQ_MSI, 2, 0xffffffff }, { 0x20, 0, 0, 0 },
		{ 0x01, 0, 0, 0 }, { 0x23, 0, 0, 0 }, { 0x31, 0, 0, 0 }, { 0x61, 0, 0, 0 }, { 0x22, VFU_IRQ_MSI, 0, 1 },
		{ 0x22, VFU_IRQ_MSI, 0, 0xffffffff },
	};
	int file = memfd_create("no eventfd", MFD_CLOEXEC);
	struct message m;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		m = irqs_message(rows[i].flags, rows[i].index, rows[i].start, rows[i].count, NULL);
		assert_int_equal(ask(*state, &m, NULL), EINVAL);
	}
	m = irqs_message(0x24, VFU_IRQ_MSI, 0, 1, &file);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	m = irqs_message(0x21, VFU_IRQ_MSI, 0, 1, &file);
	assert_int_equal(ask(*state, &m, NULL), EINVAL);
	m = irqs_message(0x11, VFU_IRQ_MSI, 0, 1, NULL);
	assert_int_equal(ask(*state, &m, NULL), EOPNOTSUPP);
	close(file);
}

static void test_reset(void **state)
{
	struct fixture *f = *state;
	struct message m = of(VFU_DEVICE_RESET, 0);

	assert_int_equal(ask(f, &m, NULL), 0);
	assert_int_equal(f->resets, 1);
	m = of(VFU_DEVICE_RESET, 4);
	assert_int_equal(ask(f, &m, NULL), EINVAL);
	assert_int_equal(f->resets, 1);
}

/* ---- bad messages ---- */

static void test_unknown(void **state)
{
	static const uint16_t commands[] = { 0, 6, 11, 12, 14, 15, 0xffff };
	struct message m;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(commands); i++) {
		m = of(commands[i], 8);
		assert_int_equal(ask(*state, &m, NULL), EOPNOTSUPP);
	}
}

/* Every command with a payload one byte off, none, and far too long. */
static void test_sizes(void **state)
{
	static const uint32_t sizes[VFU_COMMAND__COUNT] = {
		[VFU_DMA_MAP] = 32, [VFU_DMA_UNMAP] = 24, [VFU_GET_INFO] = 16, [VFU_GET_REGION_INFO] = 32,
		[VFU_GET_IRQ_INFO] = 16, [VFU_SET_IRQS] = 20, [VFU_REGION_READ] = 16, [VFU_REGION_WRITE] = 16,
	};
	struct message m;
	uint16_t i;

	for (i = 2; i < VFU_COMMAND__COUNT; i++) {
		if (!sizes[i])
			continue;
		m = of(i, sizes[i] - 1);
		assert_int_equal(ask(*state, &m, NULL), EINVAL);
		m = of(i, sizes[i] + 1);
		assert_int_equal(ask(*state, &m, NULL), EINVAL);
		m = of(i, 0);
		assert_int_equal(ask(*state, &m, NULL), EINVAL);
		m = of(i, 200);
		assert_int_equal(ask(*state, &m, NULL), EINVAL);
	}
}

static void test_framing(void **state)
{
	static const struct {
		uint32_t size, flags;
	} rows[] = { { 15, 0 }, { 0, 0 }, { 0xffffffff, 0 }, { VFU_HDR + 16 + VFU_DATA_MAX + 1, 0 }, { 16, 1 }, { 16, 2 } };
	uint8_t b[VFU_HDR] = { 1, 0, VFU_DEVICE_RESET };
	struct fixture *f;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		f = *state;
		nvt_put_le32(b + 4, rows[i].size);
		nvt_put_le32(b + 8, rows[i].flags);
		send_bytes(f, b, sizeof(b), NULL, 0);
		assert_false(vfu_run(f->v, &f->e));
		assert_int_equal(f->e.code, NVT_E_DATA);
		teardown(state);
		setup(state);
	}
}

/* A message in pieces is one message; the connection ending inside one is told apart from its end. */
static void test_pieces(void **state)
{
	struct fixture *f = *state;
	struct message m = WORDS(VFU_REGION_WRITE, 0, 0, 0, 4, 0x01020304);
	uint8_t buf[512];
	size_t n = put_message(&m, buf), i;

	for (i = 0; i < n; i++) {
		assert_int_equal(nvt_le32(f->bar), 0);
		send_bytes(f, buf + i, 1, NULL, 0);
		assert_true(vfu_run(f->v, &f->e));
	}
	assert_int_equal(nvt_le32(f->bar), 0x01020304);
	assert_int_equal(recv(f->client, buf + 256, 256, MSG_DONTWAIT), VFU_HDR + 16);
	send_bytes(f, buf, 7, NULL, 0);
	assert_true(vfu_run(f->v, &f->e));
	shutdown(f->client, SHUT_WR);
	assert_false(vfu_run(f->v, &f->e));
	assert_int_equal(f->e.code, NVT_E_DATA);
}

static void test_end(void **state)
{
	struct fixture *f = *state;

	shutdown(f->client, SHUT_WR);
	assert_false(vfu_run(f->v, &f->e));
	assert_int_equal(f->e.code, NVT_OK);
}

static int open_fds(void)
{
	int i, n = 0;

	for (i = 0; i < 256; i++)
		n += fcntl(i, F_GETFD) >= 0;
	return n;
}

/* Descriptors that no message asks for are closed, too many end the connection. */
static void test_stray_fds(void **state)
{
	struct fixture *f = *state;
	struct message m = of(VFU_DEVICE_RESET, 0);
	int before = open_fds(), fds[20];
	uint8_t buf[64];
	unsigned i;

	m.fds[0] = f->client;
	m.fd_count = 1;
	assert_int_equal(ask(f, &m, NULL), EINVAL);
	assert_int_equal(open_fds(), before);
	m = map_message(0, 0, 0x1000, 3, f->client);
	m.fds[1] = f->client;
	m.fd_count = 2;
	assert_int_equal(ask(f, &m, NULL), EINVAL);
	assert_int_equal(open_fds(), before);
	for (i = 0; i < 20; i++)
		fds[i] = f->client;
	m = of(VFU_DEVICE_RESET, 0);
	send_bytes(f, buf, put_message(&m, buf), fds, 20);
	assert_false(vfu_run(f->v, &f->e));
	assert_int_equal(f->e.code, NVT_E_DATA);
}

/* ---- listening ---- */

static void test_listen(void **state)
{
	char dir[] = "/tmp/vfu.XXXXXX", path[64], text[128];
	struct nvt_error e;
	struct stat st;
	int fd, other;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/gpu.sock", dir);
	assert_int_equal(vfu_listen(path, &fd, &e), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(vfu_listen(path, &other, &e), -NVT_E_ENV); /* somebody listens */
	close(fd);
	assert_int_equal(vfu_listen(path, &fd, &e), 0); /* nobody does any more */
	close(fd);
	unlink(path);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600); /* a file is never removed */
	close(fd);
	assert_int_equal(vfu_listen(path, &fd, &e), -NVT_E_ENV);
	assert_int_equal(stat(path, &st), 0);
	unlink(path);
	rmdir(dir);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	assert_int_equal(vfu_listen(text, &fd, &e), -NVT_E_USAGE);
	assert_int_equal(vfu_listen("", &fd, &e), -NVT_E_USAGE);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
#define TEST_BARE(f) cmocka_unit_test_setup_teardown(f, setup_bare, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_BARE(test_version), TEST_BARE(test_version_refused), TEST(test_info), TEST(test_regions),
		TEST(test_regions_refused), TEST(test_dma), TEST(test_msi), TEST(test_intx), TEST(test_irqs_refused),
		TEST(test_reset), TEST(test_unknown), TEST(test_sizes), TEST(test_framing), TEST(test_pieces),
		TEST(test_end), TEST(test_stray_fds), cmocka_unit_test(test_listen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
