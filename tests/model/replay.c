/* SPDX-License-Identifier: MIT */
/*
 * The access lists of known drivers on GA102, from their first access to GSP_INIT_DONE, replayed against
 * the model. Order and values are facts of nova-core and nouveau (Linux 7.3), tinygrad 0.13 and NVIDIA's
 * open driver 570.144.
 */
#include "nova.h"
#include "rig_rm.h"

static void test_nova(void **state)
{
	static struct rig r;

	(void)state;
	rig_open(&r, "");
	nova(&r);
	rig_to_init_done(&r);
	static_info(&r);
	unload(&r);
	no_violation(&r);
	assert_true(has_odd(&r, "start-without-code"));
	assert_true(has_odd(&r, "registry-length"));
	/* Unknown registers stand out only when the model's own list lacks something that a driver needs. */
	assert_false(has_odd(&r, "unknown-register"));
	rig_close(&r);
}

/* ---- nouveau ---- */

static uint32_t nouveau_bytes(struct rig *r)
{
	static const struct {
		uint32_t off;
		bool write;
		uint8_t val;
	} rows[] = { { 0x6013d4, true, 0x1f }, { 0x6013d5, false, 0 }, { 0x6013d4, true, 0x3f },
		     { 0x6013d5, true, 0x57 } };
	uint64_t v;
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(rows); i++) {
		if (rows[i].write)
			assert_int_equal(r->t->ops->mmio_wr(r->t, 0, rows[i].off, 1, rows[i].val, &r->e), 0);
		else
			assert_int_equal(r->t->ops->mmio_rd(r->t, 0, rows[i].off, 1, &v, &r->e), 0);
	}
	assert_int_equal(rd(r, 0x6013d4) & 0xffff, 0x573f);
	return 0;
}

static uint32_t nouveau_interrupts_off(struct rig *r)
{
	unsigned i;

	wr(r, 0x9140, 0);
	wr(r, 0xb81610, 0xf);
	for (i = 0; i < 8; i++) {
		wr(r, 0xb81400 + 4 * i, 0xffffffff);
		wr(r, 0xb81200 + 4 * i, 0);
	}
	wr(r, 0xb81608, 0xf);
	assert_int_equal(rd(r, 0xb81610) & 0xf, 0xf);
	return 0;
}

/* System info and registry wait in the queue before the core runs. */
static uint32_t nouveau_start_up(struct rig *r)
{
	rig_send_start_up(r, 4);
	return 0;
}

/* nouveau resets by disable and enable, and writes MAILBOX0 back unchanged in between. */
static void nouveau_reset(struct rig *r, uint32_t base)
{
	wr(r, base + 0x48, rd(r, base + 0x48) & ~3u);
	wr(r, base + 0x14, 0xffffffff);
	rig_reset(r, base);
	rig_reset(r, base);
	wr(r, base + 0x40, rd(r, base + 0x40));
}

static uint32_t nouveau_fwsec(struct rig *r)
{
	nouveau_reset(r, GSP);
	rig_load(r, GSP, &r->fwsec_frts, true);
	rig_brom(r, GSP, &r->fwsec_frts);
	wr(r, GSP + 0x40, 0);
	/* Its firmware boot never takes the alias. */
	wr(r, GSP + 0x100, 2);
	assert_true(poll(r, GSP + 0x100, 0x10, 0x10, 2000000));
	assert_int_equal(rd(r, GSP + 0x40), 0);
	return 0;
}

static uint32_t nouveau_booter(struct rig *r)
{
	nouveau_reset(r, SEC2);
	rig_load(r, SEC2, &r->booter_load, true);
	rig_brom(r, SEC2, &r->booter_load);
	wr(r, SEC2 + 0x40, v_meta_lo(r));
	wr(r, SEC2 + 0x44, v_meta_hi(r));
	wr(r, SEC2 + 0x100, 2);
	assert_true(poll(r, SEC2 + 0x100, 0x10, 0x10, 2000000));
	assert_int_equal(rd(r, SEC2 + 0x40), 0);
	return 0;
}

static uint32_t reset_gsp(struct rig *r)
{
	nouveau_reset(r, GSP);
	return 0;
}

static const struct rig_row nouveau[] = {
	R(0x4, 0xffffffff, 0),
	R(0x0, 0xffffffff, BOOT_0),
	R(0x4, 0xffffffff, 0),
	R(0x101000, 0xffffffff, 0),
	R(0x820c04, 1, 1),
	RMW(0x88050, 1, 0),
	R(0x300000, 0xffff, 0xaa55),
	RMW(0x88050, 1, 1),
	W(0xb81610, 0xf),
	CALL(nouveau_bytes),
	P(0x118128, 1, 1, 2000000),
	P(0x118234, 0xff, 0xff, 2000000),
	CALL(prepare),
	WV(0x100c10, v_flush_lo),
	R_ANY(0x820c04),
	R_ANY(0x9410),
	R_ANY(0x9400),
	CALL(nouveau_interrupts_off),
	R(0x1183a4, 0xffffffff, 0x6000),
	R(0x625f04, 0xffffffff, 0),
	CALL(nouveau_start_up),
	R_ANY(0x11012c),
	R(0x110108, 0xffffffff, 0x20100),
	R(0x8241e0, 0xffffffff, 1),
	CALL(nouveau_fwsec),
	R(0x1438, 0xffff0000, 0),
	CALL(frts_is_wpr2),
	CALL(reset_gsp),
	RMW(0x111668, 0x111, 0x111),
	WV(0x110040, v_libos_lo),
	WV(0x110044, v_libos_hi),
	R_ANY(0x84012c),
	R(0x840108, 0xffffffff, 0x20100),
	R(0x824148, 0xffffffff, 1),
	CALL(nouveau_booter),
	W(0x110080, 0),
	R(0x111388, 0x80, 0x80), /* once, no poll */
	END,
};

static void nouveau_interrupt(struct rig *r)
{
	wr(r, 0xb81610, 0xf);
	wr(r, 0x88704, 0);
	(void)rd(r, 0xb81600);
	wr(r, 0xb81608, 0xf);
	assert_int_equal(rd(r, GSP + 0x8) & rd(r, 0x111528) & 0x40, 0x40);
	wr(r, GSP + 0x4, 0x40);
	assert_int_equal(rd(r, GSP + 0x8) & 0x40, 0);
	wr(r, GSP + 0x3e8, 1);
}

static void test_nouveau(void **state)
{
	static struct rig r;

	(void)state;
	rig_open(&r, "");
	rig_run(&r, nouveau);
	rig_to_init_done(&r);
	nouveau_interrupt(&r);
	static_info(&r);
	rig_rm_calls(&r, nvt_le64(r.msg + 0x20 + 0x600), nvt_le64(r.msg + 0x20 + 0x608));
	unload(&r);
	no_violation(&r);
	assert_false(has_odd(&r, "unknown-register"));
	rig_close(&r);
}

/* A push buffer that reads where nothing is: GSP-RM stops the channel and tells the driver, who goes on. */
static void test_dead_channel(void **state)
{
	static struct rig r;
	struct nvt_sim_report rep;

	(void)state;
	rig_open(&r, ",strict=report");
	rig_run(&r, nouveau);
	rig_to_init_done(&r);
	rig_rm_dead_channel(&r);
	sim_report(r.t, &rep);
	assert_int_equal(rep.violation_count, 1);
	assert_string_equal(rep.violations[0].rule, "channel-fault");
	rig_close(&r);
}

/* ---- tinygrad ---- */

static uint32_t tiny_reset_falcon(struct rig *r)
{
	wr(r, GSP + 0x3c0, 1);
	rig_sleep(r, 100000);
	wr(r, GSP + 0x3c0, 0);
	assert_true(poll(r, GSP + 0xf4, 1u << 12, 0, 10000000));
	wr(r, 0x111668, 0);
	assert_true(poll(r, 0x111668, 1, 1, 10000000));
	wr(r, GSP + 0x84, BOOT_0);
	return 0;
}

/* The source address has the virtual address taken off, IDLE is polled once a part. */
static uint32_t tiny_fwsec(struct rig *r)
{
	tiny_reset_falcon(r);
	rig_load(r, GSP, &r->fwsec_frts, false);
	rig_brom(r, GSP, &r->fwsec_frts);
	rig_start(r, GSP, 10000000);
	return 0;
}

static uint32_t tiny_riscv(struct rig *r)
{
	wr(r, GSP + 0x3c0, 1);
	rig_sleep(r, 100000);
	wr(r, GSP + 0x3c0, 0);
	assert_true(poll(r, GSP + 0xf4, 1u << 12, 0, 10000000));
	wr(r, 0x111668, 0x110);
	wr(r, GSP + 0x40, v_libos_lo(r));
	wr(r, GSP + 0x44, v_libos_hi(r));
	return 0;
}

static uint32_t tiny_booter(struct rig *r)
{
	rig_reset(r, SEC2);
	rig_load(r, SEC2, &r->booter_load, false);
	rig_brom(r, SEC2, &r->booter_load);
	wr(r, SEC2 + 0x40, v_meta_lo(r));
	wr(r, SEC2 + 0x44, v_meta_hi(r));
	rig_start(r, SEC2, 10000000);
	assert_int_equal(rd(r, SEC2 + 0x40), 0);
	return 0;
}

/* It waits for the status queue's header by its last field alone. */
static uint32_t tiny_link(struct rig *r)
{
	unsigned i;

	for (i = 0; i < 10000 && nvt_le32(r->buf[BUF_QUEUES].cpu + 0x4101c) != 0x1000; i++)
		rig_sleep(r, 1000);
	assert_int_equal(nvt_le32(r->buf[BUF_QUEUES].cpu + 0x4101c), 0x1000);
	return 0;
}

static const struct rig_row tinygrad[] = {
	R(0x1fa828, 0xffffffff, 0),
	R(0x0, 0xffffffff, BOOT_0),
	R(0xa00, 0xffffffff, BOOT_42),
	P(0x118128, 1, 1, 10000000),
	P(0x118234, 0xff, 0xff, 10000000),
	R(0x1183a4, 0xffffffff, 0x6000),
	CALL(prepare),
	CALL(nouveau_start_up),
	CALL(tiny_fwsec),
	CALL(frts_is_wpr2),
	CALL(tiny_riscv),
	CALL(tiny_booter),
	W(0x110080, 0),
	R(0x111388, 0x80, 0x80),
	CALL(tiny_link),
	END,
};

static void test_tinygrad(void **state)
{
	static struct rig r;

	(void)state;
	rig_open(&r, "");
	rig_run(&r, tinygrad);
	rig_to_init_done(&r);
	wr(&r, 0x1704, 0);
	no_violation(&r);
	assert_true(has_odd(&r, "core-select"));
	rig_close(&r);
}

/* ---- NVIDIA's driver ---- */

static uint32_t ogkm_reset(struct rig *r)
{
	wr(r, GSP + 0x3c0, 1);
	(void)rd(r, GSP + 0x3c0);
	rig_sleep(r, 10);
	wr(r, GSP + 0x3c0, 0);
	(void)rd(r, GSP + 0x3c0);
	assert_true(poll(r, GSP + 0xf4, 1u << 12, 0, 100000));
	return 0;
}

static uint32_t ogkm_fwsec(struct rig *r)
{
	ogkm_reset(r);
	if (rd(r, 0x111668) & 0x10) {
		wr(r, 0x111668, 0);
		assert_true(poll(r, 0x111668, 1, 1, 100000));
	}
	wr(r, GSP + 0x84, BOOT_0);
	rig_load(r, GSP, &r->fwsec_frts, false);
	rig_brom(r, GSP, &r->fwsec_frts);
	rig_start(r, GSP, 4000000);
	return 0;
}

/* The status queue's header as NVIDIA's msgqRxLink checks it. */
static uint32_t ogkm_link(struct rig *r)
{
	const uint8_t *h = r->buf[BUF_QUEUES].cpu + 0x41000;

	tiny_link(r);
	assert_int_equal(nvt_le32(h), 0);
	assert_int_equal(nvt_le32(h + 4), 0x40000);
	assert_int_equal(nvt_le32(h + 8), 0x1000);
	assert_int_equal(nvt_le32(h + 12), (0x40000 - nvt_le32(h + 28)) / 0x1000);
	assert_true(nvt_le32(h + 24) >= 0x20);
	assert_true(nvt_le32(h + 28) >= nvt_le32(h + 24) + 4);
	return 0;
}

static const struct rig_row ogkm[] = {
	R(0x0, 0xffffffff, BOOT_0),
	R(0x4, 0xffffffff, 0),
	R(0xa00, 0xffffffff, BOOT_42),
	R(0x300000, 0xffff, 0xaa55),
	P(0x110100, 0x10, 0x10, 2050000),
	R(0x118128, 1, 1), /* once, as soon as the falcon reads halted */
	R(0x118234, 0xff, 0xff),
	R_ANY(0x110108),
	R(0x1100f4, 0x80000400, 0x80000400),
	R(0x11010c, 6, 0),
	R_ANY(0x1180f8),
	R(0x1180fc, 0xe0000000, 0x60000000),
	R(0x824148, 0xffffffff, 1),
	R(0x82074c, 1, 1),
	R(0x9430, 0x10, 0x10),
	W(0x9410, 0x17000000),
	W(0x9400, 0x12345600),
	R(0x9410, 0xffffffff, 0x17000000),
	CALL(prepare),
	WV(0x100c40, v_flush_hi),
	WV(0x100c10, v_flush_lo),
	R(0x1183a4, 0xffffffff, 0x6000),
	R(0x625f04, 0xffffffff, 0),
	R(0x1fa828, 0xfffffff0, 0),
	CALL(nouveau_start_up),
	CALL(ogkm_fwsec),
	R(0x1438, 0xffff0000, 0),
	CALL(frts_is_wpr2),
	CALL(ogkm_reset),
	W(0x111668, 0x111),
	WV(0x110040, v_libos_lo),
	WV(0x110044, v_libos_hi),
	CALL(tiny_booter),
	W(0x110080, 0),
	R(0x111388, 0x80, 0x80),
	CALL(ogkm_link),
	END,
};

static void test_ogkm(void **state)
{
	static struct rig r;
	uint8_t guest[0x318] = { 0 }; /* rpc_set_guest_system_info_v03_00 */

	(void)state;
	rig_open(&r, "");
	rig_run(&r, ogkm);
	rig_to_init_done(&r);
	rig_send(&r, 1, guest, sizeof(guest));
	assert_true(rig_receive(&r, 6000000));
	assert_int_equal(r.msg_function, 1);
	static_info(&r);
	unload(&r);
	no_violation(&r);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nova),
		cmocka_unit_test(test_nouveau),
		cmocka_unit_test(test_dead_channel),
		cmocka_unit_test(test_tinygrad),
		cmocka_unit_test(test_ogkm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
