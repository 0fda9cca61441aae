/* SPDX-License-Identifier: MIT */
/* A boot in nova-core's order on GA102, and what any driver does when GSP-RM is up and when it takes it down. */
#include "nova.h"

void no_violation(struct rig *r)
{
	struct nvt_sim_report rep;

	sim_report(r->t, &rep);
	if (rep.violation_count)
		fail_msg("%s: %s (seen %s, wanted %s)", rep.violations[0].rule, rep.violations[0].text,
			 rep.violations[0].seen, rep.violations[0].wanted);
}

bool has_odd(struct rig *r, const char *rule)
{
	struct nvt_sim_report rep;
	unsigned i;

	sim_report(r->t, &rep);
	for (i = 0; i < rep.odd_n; i++)
		if (!strcmp(rep.odd[i].rule, rule))
			return true;
	return false;
}

uint32_t prepare(struct rig *r)
{
	rig_prepare(r);
	return 0;
}

void static_info(struct rig *r)
{
	uint8_t zero[0x678] = { 0 };

	rig_send(r, 65, zero, sizeof(zero));
	assert_true(rig_receive(r, 5000000));
	assert_int_equal(r->msg_function, 65);
	assert_int_equal(nvt_le32(r->msg + 16), 0);
	assert_int_equal(r->msg_n, 0x20 + 0x678);
	assert_int_not_equal(nvt_le32(r->msg + 0x20 + 0x640), 0);
	assert_int_equal(nvt_le32(r->msg + 0x20 + 0x158), 2);
	assert_string_equal((char *)r->msg + 0x20 + 0x4ec, "NVIDIA GeForce RTX 3090");
	assert_int_equal(nvt_le64(r->msg + 0x20 + 0x4c8), r->vram);
}

void remove_wpr2(struct rig *r)
{
	rig_run_ucode(r, GSP, &r->fwsec_sb, 0);
	assert_int_equal(rd(r, 0x1454) & 0xffff, 0);
	assert_int_equal(rd(r, 0x118128) & 1, 1);
	assert_int_equal(rd(r, 0x118234) & 0xff, 0xff);
	assert_int_not_equal(rd(r, 0x1fa828), 0);
	rig_run_ucode(r, SEC2, &r->booter_unload, 0x000000ff000000ff);
	assert_int_equal(rd(r, SEC2 + 0x40), 0);
	assert_int_equal(rd(r, 0x1fa828), 0);
	assert_int_equal(rd(r, 0x1fa824), 0);
}

void ask_to_unload(struct rig *r)
{
	uint8_t level[8] = { 0 };

	rig_send(r, 47, level, sizeof(level));
	assert_true(rig_receive(r, 5000000));
	assert_int_equal(r->msg_function, 47);
}

void unload(struct rig *r)
{
	ask_to_unload(r);
	assert_true(poll(r, GSP + 0x40, 0xffffffff, 0x80000000, 2000000));
	remove_wpr2(r);
}

/* ---- nova-core ---- */

static uint32_t nova_fwsec(struct rig *r)
{
	rig_reset(r, GSP);
	(void)rd(r, 0x8241e0);
	rig_load(r, GSP, &r->fwsec_frts, true);
	rig_brom(r, GSP, &r->fwsec_frts);
	wr(r, GSP + 0x40, 0);
	rig_start(r, GSP, 2000000);
	return 0;
}

uint32_t frts_is_wpr2(struct rig *r)
{
	assert_int_equal(rd(r, 0x1fa828), (r->frts + (1u << 20)) >> 8);
	assert_int_equal(rd(r, 0x1fa824), r->frts >> 8);
	return 0;
}

/* It hands over the LIBOS address by starting an empty falcon. */
static uint32_t nova_libos(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x40, v_libos_lo(r));
	wr(r, GSP + 0x44, v_libos_hi(r));
	rig_start(r, GSP, 2000000);
	assert_int_equal(rd(r, GSP + 0x40), v_libos_lo(r));
	return 0;
}

static uint32_t booter(struct rig *r)
{
	(void)rd(r, 0x824148);
	rig_run_ucode(r, SEC2, &r->booter_load, r->buf[BUF_META].iova);
	assert_int_equal(rd(r, SEC2 + 0x40), 0);
	return 0;
}

const struct rig_row to_active[] = {
	R(0x0, 0xffffffff, BOOT_0),
	R(0xa00, 0xffffffff, BOOT_42),
	P(0x118128, 1, 1, 4000000),
	P(0x118234, 0xff, 0xff, 4000000),
	CALL(prepare),
	WV(0x100c40, v_flush_hi),
	WV(0x100c10, v_flush_lo),
	W(0x110004, 0x40),
	R(0x1183a4, 0xffffffff, 0x6000),
	R(0x820c04, 1, 1),
	R(0x300000, 0xffff, 0xaa55),
	R(0x8241e0, 0xffff, 1),
	R(0x824148, 0xffff, 1),
	R(0x1fa828, 0xffffffff, 0),
	CALL(nova_fwsec),
	R(0x110040, 0xffffffff, 0),
	R_ANY(0x110044),
	R(0x1438, 0xffff0000, 0),
	CALL(frts_is_wpr2),
	CALL(nova_libos),
	CALL(booter),
	W(0x110080, 0),
	P(0x111388, 0x80, 0x80, 5000000),
	END,
};

/* It sends system info and registry when the core is active, not before. */
void nova(struct rig *r)
{
	rig_run(r, to_active);
	rig_send_start_up(r, 0);
}
