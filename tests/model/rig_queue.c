/* SPDX-License-Identifier: MIT */
/* The rig's side of the queues, and the CPU sequencer. */
#include "rig.h"

#define CMDQ 0x1000u
#define STATQ 0x41000u
#define ENTRY(q, i) ((q) + 0x1000u + ((i) % 63u) * 0x1000u)

static uint8_t *q(struct rig *r)
{
	return r->buf[BUF_QUEUES].cpu;
}

static uint32_t checksum(const uint8_t *p, uint32_t n)
{
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < n; i += 8)
		sum ^= nvt_le64(p + i);
	return (uint32_t)(sum >> 32) ^ (uint32_t)sum;
}

void rig_send(struct rig *r, uint32_t function, const uint8_t *payload, uint32_t n)
{
	static uint8_t rec[0x10000];
	uint32_t len = 0x20 + n, elems = (0x30 + len + 0xfff) / 0x1000, i;

	memset(rec, 0, sizeof(rec));
	nvt_put_le32(rec + 0x24, r->cmd_seq++);
	nvt_put_le32(rec + 0x28, elems);
	nvt_put_le32(rec + 0x30, 0x03000000);
	nvt_put_le32(rec + 0x34, 0x43505256);
	nvt_put_le32(rec + 0x38, len);
	nvt_put_le32(rec + 0x3c, function);
	nvt_put_le32(rec + 0x40, 0xffffffff);
	nvt_put_le32(rec + 0x44, 0xffffffff);
	memcpy(rec + 0x50, payload, n);
	nvt_put_le32(rec + 0x20, checksum(rec, (0x30 + len + 7) & ~7u));
	for (i = 0; i < elems; i++)
		memcpy(q(r) + ENTRY(CMDQ, r->cmd_wr + i), rec + (size_t)i * 0x1000, 0x1000);
	r->cmd_wr = (r->cmd_wr + elems) % 63;
	nvt_put_le32(q(r) + CMDQ + 0x10, r->cmd_wr);
	wr(r, 0x110c00, 0);
}

void rig_send_system_info(struct rig *r)
{
	const struct nvt_pci_info *p = &r->t->pci;
	uint8_t b[0x3a0] = { 0 };

	nvt_put_le64(b + 0x00, p->bar[0].addr);
	nvt_put_le64(b + 0x08, p->bar[1].addr);
	nvt_put_le64(b + 0x10, p->bar[3].addr);
	nvt_put_le64(b + 0x20, 0x100);
	nvt_put_le64(b + 0x48, 1ull << 47);
	nvt_put_le32(b + 0x50, 0x88000);
	nvt_put_le32(b + 0x54, 0x1000);
	nvt_put_le32(b + 0x58, (uint32_t)p->device << 16 | p->vendor);
	nvt_put_le32(b + 0x5c, (uint32_t)p->subdevice << 16 | p->subvendor);
	nvt_put_le32(b + 0x60, p->revision);
	rig_send(r, 72, b, sizeof(b));
}

void rig_send_registry(struct rig *r, uint32_t length)
{
	static const char *const keys[] = { "RMSecBusResetEnable", "RMForcePcieConfigSave", "RMDevidCheckIgnore" };
	uint8_t b[0x75] = { 0 };
	uint32_t at = 8 + 3 * 16;
	unsigned i;

	nvt_put_le32(b, sizeof(b));
	nvt_put_le32(b + 4, 3);
	for (i = 0; i < 3; i++) {
		nvt_put_le32(b + 8 + 16 * i, at);
		b[8 + 16 * i + 4] = 1;
		nvt_put_le32(b + 8 + 16 * i + 8, 1);
		nvt_put_le32(b + 8 + 16 * i + 12, length);
		memcpy(b + at, keys[i], strlen(keys[i]) + 1);
		at += (uint32_t)strlen(keys[i]) + 1;
	}
	assert_int_equal(at, sizeof(b));
	rig_send(r, 73, b, sizeof(b));
}

void rig_send_start_up(struct rig *r, uint32_t registry_length)
{
	rig_send_system_info(r);
	rig_send_registry(r, registry_length);
}

static void take(struct rig *r)
{
	uint32_t first = ENTRY(STATQ, r->stat_rd), len = nvt_le32(q(r) + first + 0x38), elems, i;
	static uint8_t rec[0x11000];

	elems = (0x30 + len + 0xfff) / 0x1000;
	assert_true(elems <= 16);
	for (i = 0; i < elems; i++)
		memcpy(rec + (size_t)i * 0x1000, q(r) + ENTRY(STATQ, r->stat_rd + i), 0x1000);
	assert_int_equal(checksum(rec, (0x30 + len + 7) & ~7u), 0);
	assert_int_equal(nvt_le32(rec + 0x24), r->stat_seq++);
	assert_int_equal(nvt_le32(rec + 0x28), elems);
	assert_int_equal(nvt_le32(rec + 0x30), 0x03000000);
	assert_int_equal(nvt_le32(rec + 0x34), 0x43505256);
	r->msg_n = len;
	memcpy(r->msg, rec + 0x30, len);
	r->msg_function = nvt_le32(r->msg + 12);
	r->stat_rd = (r->stat_rd + elems) % 63;
	/* Flag "swap RX": the read pointer stands in the queue that this side writes. */
	nvt_put_le32(q(r) + CMDQ + 0x20, r->stat_rd);
}

bool rig_receive(struct rig *r, uint64_t timeout_us)
{
	uint64_t end = nvt_now_ns(&r->ctx) + timeout_us * 1000;

	while (nvt_le32(q(r) + STATQ + 0x10) == r->stat_rd) {
		if (nvt_now_ns(&r->ctx) >= end)
			return false;
		rig_sleep(r, 1000);
	}
	take(r);
	return true;
}

static void core_reset(struct rig *r)
{
	rig_reset(r, 0x110000);
	wr(r, 0x110624, rd(r, 0x110624) | 0x80);
	wr(r, 0x11010c, 0);
}

static void core_resume(struct rig *r)
{
	rig_reset(r, 0x110000);
	wr(r, 0x111668, 0x111);
	wr(r, 0x110040, v_libos_lo(r));
	wr(r, 0x110044, v_libos_hi(r));
	wr(r, rd(r, 0x840100) & 0x40 ? 0x840130 : 0x840100, 2);
	assert_true(poll(r, 0x1180f8, 1u << 26, 1u << 26, 2000000));
	assert_int_equal(rd(r, 0x840040), 0);
	wr(r, 0x110080, 0);
	assert_int_equal(rd(r, 0x111388) & 0x80, 0x80);
}

static unsigned run_op(struct rig *r, const uint8_t *p)
{
	uint32_t a = nvt_le32(p + 4), b = nvt_le32(p + 8), c = nvt_le32(p + 12);

	switch (nvt_le32(p)) {
	case 0:
		wr(r, a, b);
		return 3;
	case 1:
		wr(r, a, (rd(r, a) & ~b) | c);
		return 4;
	case 2:
		assert_true(poll(r, a, b, c, nvt_le32(p + 16)));
		return 6;
	case 3:
		rig_sleep(r, a);
		return 2;
	case 4:
		(void)rd(r, a);
		return 3;
	case 5:
		core_reset(r);
		return 1;
	case 6:
		wr(r, rd(r, 0x110100) & 0x40 ? 0x110130 : 0x110100, 2);
		return 1;
	case 7:
		assert_true(poll(r, 0x110100, 0x10, 0x10, 2000000));
		return 1;
	case 8:
		core_resume(r);
		return 1;
	default:
		fail_msg("opcode 0x%x", nvt_le32(p));
		return 1;
	}
}

void rig_run_script(struct rig *r)
{
	static uint8_t script[0x2000];
	uint32_t n = nvt_le32(r->msg + 0x24), i = 0;

	assert_int_equal(r->msg_function, 0x1002);
	/* nova-core stops at the message's end, NVIDIA's driver wants room behind the last dword. */
	assert_int_equal(r->msg_n, 0x20 + 0x28 + 4 * n);
	assert_true(nvt_le32(r->msg + 0x20) > n);
	memcpy(script, r->msg + 0x48, 4 * n);
	while (i < n)
		i += run_op(r, script + 4 * i);
	assert_int_equal(i, n);
}

/* The order that nova-core logs on a real GA104. */
void rig_to_init_done(struct rig *r)
{
	static const uint32_t want[] = { 0x1020, 0x100c, 0x100c, 0x1001 };
	unsigned i;

	assert_true(rig_receive(r, 5000000));
	rig_run_script(r);
	for (i = 0; i < 4; i++) {
		assert_true(rig_receive(r, 5000000));
		assert_int_equal(r->msg_function, want[i]);
		assert_int_equal(nvt_le32(r->msg + 16), 0);
	}
}
