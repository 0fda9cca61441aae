/* SPDX-License-Identifier: MIT */
/*
 * Drivers that break a rule of the device, one each: the model finds that rule, and with strict=fail the
 * access during which it found it, and every later one, fails.
 */
#include "rules.h"

void wait_and_see(struct rig *r)
{
	rig_sleep(r, 500000);
	(void)rd(r, 0);
}

static void at(struct rig *r, const struct rule *rule, enum phase phase)
{
	if (rule->at == phase)
		rule->err(r);
}

void boot_gsp(struct rig *r)
{
	rig_reset(r, GSP);
	wr(r, GSP + 0x40, v_libos_lo(r));
	wr(r, GSP + 0x44, v_libos_hi(r));
	rig_start(r, GSP, 2000000);
	rig_run_ucode(r, SEC2, &r->booter_load, r->buf[BUF_META].iova);
	assert_int_equal(rd(r, SEC2 + 0x40), 0);
}

/* A boot in nova-core's order. */
static void boot(struct rig *r, const struct rule *rule)
{
	at(r, rule, AT_POWER_ON);
	assert_true(poll(r, 0x118234, 0xff, 0xff, 4000000));
	rig_prepare(r);
	at(r, rule, AT_PREPARED);
	rig_run_ucode(r, GSP, &r->fwsec_frts, 0);
	at(r, rule, AT_FRTS);
	boot_gsp(r);
	at(r, rule, AT_BOOTED);
	rig_send_start_up(r, 0);
	wait_and_see(r);
	rig_to_init_done(r);
	at(r, rule, AT_RUNNING);
}

/* True if the model found the rule. */
static bool found(const struct rule *rule)
{
	static struct rig r;
	jmp_buf refused;
	uint32_t v;
	bool ok;

	rig_open(&r, "");
	r.refused = &refused;
	if (!setjmp(refused))
		boot(&r, rule);
	ok = !strcmp(r.rule, rule->rule);
	if (!ok)
		print_error("a driver that %s: found \"%s\", wanted \"%s\"\n", rule->name, r.rule, rule->rule);
	/* The run is over: reads, writes, config space and reset fail alike, with the same text. */
	if (try_rd(&r, 0, &v) != -NVT_E_DEVICE || !strstr(r.e.msg, rule->rule) ||
	    try_wr(&r, 0x140, 0) != -NVT_E_DEVICE || r.t->ops->cfg_rd(r.t, 0, 4, &v, &r.e) != -NVT_E_DEVICE ||
	    r.t->ops->reset(r.t, &r.e) != -NVT_E_DEVICE) {
		print_error("a driver that %s: the run goes on\n", rule->name);
		ok = false;
	}
	rig_close(&r);
	return ok;
}

static void find_all(const struct rule_list *l)
{
	unsigned i, bad = 0;

	for (i = 0; i < l->n; i++)
		bad += !found(&l->rules[i]);
	assert_int_equal(bad, 0);
}

static void test_falcon(void **state)
{
	(void)state;
	find_all(&rules_falcon);
}

static void test_boot(void **state)
{
	(void)state;
	find_all(&rules_boot);
}

static void test_message(void **state)
{
	(void)state;
	find_all(&rules_message);
}

/* strict=report: the same violation is counted, told once with what was seen and wanted, and the run goes on. */
static void test_report(void **state)
{
	static struct rig r;
	struct nvt_sim_report rep;
	unsigned i;

	(void)state;
	rig_open(&r, ",strict=report");
	for (i = 0; i < 3; i++)
		wr(&r, 0x300000, 0);
	assert_int_equal(rd(&r, 0), 0xb72000a1);
	sim_report(r.t, &rep);
	assert_int_equal(rep.violation_count, 3);
	assert_int_equal(rep.violations_n, 1);
	assert_int_equal(rep.violations[0].count, 3);
	assert_string_equal(rep.violations[0].rule, "write-to-rom");
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_falcon),
		cmocka_unit_test(test_boot),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_report_booter),
		cmocka_unit_test(test_unknown_firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
