/* SPDX-License-Identifier: MIT */
/* Drivers that go wrong in what they say to GSP-RM, and in how they take what it says. */
#include "rules.h"

static void queue_pointer(struct rig *r)
{
	nvt_put_le32(queues(r) + 0x1010, 63);
	wr(r, 0x110c00, 0);
	rig_sleep(r, 200000);
	(void)rd(r, 0);
}

static void bad_checksum(struct rig *r)
{
	rig_send_system_info(r);
	queues(r)[0x2020] ^= 1;
	wait_and_see(r);
}

static void bad_sequence(struct rig *r)
{
	r->cmd_seq = 1;
	rig_send_system_info(r);
	wait_and_see(r);
}

static void stray_continuation(struct rig *r)
{
	static const uint8_t b[16];

	rig_send(r, 71, b, sizeof(b));
	wait_and_see(r);
}

static void info_size(struct rig *r)
{
	static const uint8_t b[0x298];

	rig_send(r, 72, b, sizeof(b));
	wait_and_see(r);
}

static void info_long(struct rig *r)
{
	static const uint8_t b[0x3a8];

	rig_send(r, 72, b, sizeof(b));
	wait_and_see(r);
}

static void info_bars(struct rig *r)
{
	static const uint8_t b[0x3a0];

	rig_send(r, 72, b, sizeof(b));
	wait_and_see(r);
}

static void registry_first(struct rig *r)
{
	rig_send_registry(r, 4);
	wait_and_see(r);
}

static void registry_name(struct rig *r)
{
	uint8_t b[24 + 4] = { sizeof(b), 0, 0, 0, 1, 0, 0, 0, 200, 0, 0, 0, 1 };

	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void registry_type(struct rig *r)
{
	uint8_t b[24 + 4] = { sizeof(b), 0, 0, 0, 1, 0, 0, 0, 24, 0, 0, 0, 4 };

	b[24] = 'A';
	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void registry_value(struct rig *r)
{
	uint8_t b[24 + 4] = { sizeof(b), 0, 0, 0, 1, 0, 0, 0, 24, 0, 0, 0, 2, 0, 0, 0, 24, 0, 0, 0, 100 };

	b[24] = 'A';
	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void registry_count(struct rig *r)
{
	uint8_t b[24] = { sizeof(b), 0, 0, 0, 2 };

	rig_send_system_info(r);
	rig_send(r, 73, b, sizeof(b));
	wait_and_see(r);
}

static void header_version(struct rig *r)
{
	rig_send_system_info(r);
	queues(r)[0x2033] = 4;
	wait_and_see(r);
}

static void element_count(struct rig *r)
{
	rig_send_system_info(r);
	queues(r)[0x2028] = 2;
	wait_and_see(r);
}

static void logs_freed(struct rig *r)
{
	r->t->ops->dma_free(r->t, &r->buf[BUF_LOGS]);
	rig_send(r, 47, (const uint8_t[8]){ 0 }, 8);
	wait_and_see(r);
}

static void unload_cut_short(struct rig *r)
{
	rig_send(r, 47, (const uint8_t[4]){ 0 }, 4);
	wait_and_see(r);
}

/* Sends requests on and on without taking an answer. */
static void answers_unread(struct rig *r)
{
	static const uint8_t b[16];
	unsigned i;

	for (i = 0; i < 250; i++) {
		rig_send(r, 0x7f, b, sizeof(b));
		rig_sleep(r, 1000);
	}
	(void)rd(r, 0);
}

static void script_ignored(struct rig *r)
{
	wr(r, 0x1440, 0);
	rig_send(r, 47, (const uint8_t[8]){ 0 }, 8);
	wait_and_see(r);
}

static const struct rule rows[] = {
	{ "writes a pointer beyond the ring", "queue-pointer", AT_BOOTED, queue_pointer },
	{ "sends a wrong checksum", "command-frame", AT_BOOTED, bad_checksum },
	{ "leaves out a sequence number", "command-frame", AT_BOOTED, bad_sequence },
	{ "sends another header version", "command-frame", AT_BOOTED, header_version },
	{ "counts elements wrong", "command-frame", AT_BOOTED, element_count },
	{ "sends a lone continuation", "command-continuation", AT_BOOTED, stray_continuation },
	{ "sends an older release's info", "command-size", AT_BOOTED, info_size },
	{ "sends a newer release's info", "system-info", AT_BOOTED, info_long },
	{ "sends wrong BARs", "system-info", AT_BOOTED, info_bars },
	{ "sends the registry first", "registry-order", AT_BOOTED, registry_first },
	{ "names an entry beyond the table", "registry", AT_BOOTED, registry_name },
	{ "makes up a type of entry", "registry", AT_BOOTED, registry_type },
	{ "puts a value beyond the table", "registry", AT_BOOTED, registry_value },
	{ "counts more entries than it sends", "registry", AT_BOOTED, registry_count },
	{ "frees the logs of a running GSP-RM", "dma-unmapped", AT_RUNNING, logs_freed },
	{ "cuts a message short", "command-size", AT_RUNNING, unload_cut_short },
	{ "reads no answers", "status-queue-full", AT_RUNNING, answers_unread },
	{ "does not run the script", "sequencer-not-run", AT_RUNNING, script_ignored },
};

const struct rule_list rules_message = { rows, NVT_ARRAY_SIZE(rows) };
