/* SPDX-License-Identifier: MIT */
/* A model that was booted, and drivers that go on with it: reset it, boot it again, press it, leave it. */
#include "nova.h"

#include <stdlib.h>
#include <unistd.h>

static void boot(struct rig *r)
{
	nova(r);
	rig_to_init_done(r);
}

static void open_and_boot(struct rig *r)
{
	rig_open(r, "");
	boot(r);
}

static void boot_and_unload(struct rig *r)
{
	boot(r);
	static_info(r);
	unload(r);
	no_violation(r);
}

/* A driver that begins anew has empty queues. */
static void reset_device(struct rig *r)
{
	assert_int_equal(r->t->ops->reset(r->t, &r->e), 0);
	r->cmd_seq = r->cmd_wr = r->stat_rd = r->stat_seq = 0;
}

/* Every opcode of the CPU sequencer, with the core reset and resumed in the middle. */
static void test_core_ops(void **state)
{
	static struct rig r;

	(void)state;
	rig_open(&r, ",fault=sequencer-core-ops");
	boot_and_unload(&r);
	rig_close(&r);
}

/* A driver that resets the core and then gives the script up can still take everything down. */
static void test_core_ops_abandoned(void **state)
{
	static struct rig r;

	(void)state;
	rig_open(&r, ",fault=sequencer-core-ops");
	nova(&r);
	assert_true(rig_receive(&r, 5000000));
	assert_int_equal(r.msg_function, 0x1002);
	remove_wpr2(&r);
	no_violation(&r);
	rig_close(&r);
}

/* A registry longer than a record comes with continuation records. */
static void test_long_registry(void **state)
{
	static uint8_t b[0x14000];
	static struct rig r;

	(void)state;
	nvt_put_le32(b, sizeof(b));
	nvt_put_le32(b + 4, 1);
	nvt_put_le32(b + 8, 24);
	b[12] = 2;
	nvt_put_le32(b + 16, 32);
	nvt_put_le32(b + 20, sizeof(b) - 32);
	memcpy(b + 24, "blob", 5);
	rig_open(&r, "");
	rig_run(&r, to_active);
	rig_send_system_info(&r);
	rig_send(&r, 73, b, 0xffb0);
	rig_send(&r, 71, b + 0xffb0, sizeof(b) - 0xffb0);
	rig_to_init_done(&r);
	no_violation(&r);
	assert_false(has_odd(&r, "registry-size"));
	rig_close(&r);
}

/* The same device boots again after an unload, and after a reset without one. */
static void test_again(void **state)
{
	static struct rig r;

	(void)state;
	open_and_boot(&r);
	reset_device(&r);
	assert_int_equal(rd(&r, 0x1fa828), 0);
	assert_int_equal(rd(&r, 0x118234) & 0xff, 0);
	boot_and_unload(&r);
	rig_close(&r);
}

/* A reset ends what GSP-RM was about, also a message that it took and did not answer: the next one starts afresh. */
static void test_reset_in_a_call(void **state)
{
	uint8_t zero[0x678] = { 0 };
	static struct rig r;

	(void)state;
	open_and_boot(&r);
	rig_send(&r, 65, zero, sizeof(zero));
	rig_sleep(&r, 60);
	assert_false(rig_receive(&r, 0));
	reset_device(&r);
	boot_and_unload(&r);
	rig_close(&r);
}

/* A driver that does not wait until GSP-RM is suspended: the core that it resets does not say so later. */
static void test_reset_while_unloading(void **state)
{
	static struct rig r;

	(void)state;
	open_and_boot(&r);
	ask_to_unload(&r);
	rig_reset(&r, GSP);
	wr(&r, GSP + 0x40, 0x1234);
	rig_sleep(&r, 20000);
	assert_int_equal(rd(&r, GSP + 0x40), 0x1234);
	no_violation(&r);
	rig_close(&r);
}

/* Nobody is there to answer behind the unload. */
static void test_call_after_unload(void **state)
{
	uint8_t zero[0x678] = { 0 };
	static struct rig r;

	(void)state;
	open_and_boot(&r);
	ask_to_unload(&r);
	assert_true(poll(&r, GSP + 0x40, 0xffffffff, 0x80000000, 2000000));
	rig_send(&r, 65, zero, sizeof(zero));
	assert_false(rig_receive(&r, 1000000));
	rig_close(&r);
}

/* A doorbell that is rung all the time is answered all the same. */
static void test_impatient(void **state)
{
	static struct rig r;
	uint8_t zero[0x678] = { 0 };
	unsigned i;

	(void)state;
	open_and_boot(&r);
	rig_send(&r, 65, zero, sizeof(zero));
	for (i = 0; i < 1000; i++)
		wr(&r, 0x110c00, 0);
	assert_true(rig_receive(&r, 0));
	assert_int_equal(r.msg_function, 65);
	rig_close(&r);
}

/* More requests than the status queue has room for replies: none is lost. */
static void test_full_status_queue(void **state)
{
	static struct rig r;
	uint8_t guest[0x318] = { 0 };
	unsigned i, k;

	(void)state;
	open_and_boot(&r);
	for (k = 0; k < 2; k++) {
		for (i = 0; i < 50; i++)
			rig_send(&r, 1, guest, sizeof(guest));
		rig_sleep(&r, 10000);
	}
	for (i = 0; i < 100; i++) {
		assert_true(rig_receive(&r, 100000));
		assert_int_equal(r.msg_function, 1);
	}
	assert_false(rig_receive(&r, 100000));
	no_violation(&r);
	rig_close(&r);
}

/* rom=FILE: FWSEC of a dump runs, and the report says that nobody knows it. */
static void test_rom_file(void **state)
{
	char path[] = "model_rom_XXXXXX", extra[64];
	static uint8_t rom[0x10000];
	static struct rig r;
	struct nvt_sim_report rep;
	int fd = mkstemp(path);
	FILE *f;

	(void)state;
	assert_true(fd >= 0);
	rig_open(&r, "");
	assert_int_equal(r.t->ops->window_rd(r.t, 0, 0x300000, rom, sizeof(rom), &r.e), 0);
	rig_close(&r);
	f = fdopen(fd, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(rom, 1, sizeof(rom), f), sizeof(rom));
	fclose(f);
	snprintf(extra, sizeof(extra), ",rom=%s", path);
	rig_open(&r, extra);
	unlink(path);
	boot(&r);
	unload(&r);
	no_violation(&r);
	sim_report(r.t, &rep);
	assert_string_equal(rep.fwsec, "digest unknown");
	assert_string_equal(rep.gsp_image, "0.0.0-test");
	assert_string_equal(rep.booter_load, "0.0.0-test");
	assert_string_equal(rep.booter_unload, "0.0.0-test");
	assert_string_equal(rep.bootloader, "0.0.0-test");
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_core_ops),
		cmocka_unit_test(test_core_ops_abandoned),
		cmocka_unit_test(test_long_registry),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_reset_in_a_call),
		cmocka_unit_test(test_reset_while_unloading),
		cmocka_unit_test(test_call_after_unload),
		cmocka_unit_test(test_impatient),
		cmocka_unit_test(test_full_status_queue),
		cmocka_unit_test(test_rom_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
