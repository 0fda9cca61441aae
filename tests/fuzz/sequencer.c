/* SPDX-License-Identifier: MIT */
/* Fuzz target: the payload of a GSP_RUN_CPU_SEQUENCER message, parsed and run on a device of plain
 * registers. */
#include "core/sequencer.h"
#include "fuzz.h"
#include "../support/fake_transport.h"

/* A script of polls alone would only take time. */
#define PAYLOAD_MAX 1024

static int core_op(void *arg, struct nvt_error *e)
{
	(void)arg;
	(void)e;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sequencer_cores cores = { core_op, core_op, core_op, core_op };
	static struct fake_device dev;
	struct sequencer s = { .t = &dev.t, .cores = &cores };
	const uint8_t *commands;
	struct nvt_error e;
	struct nvt_rel rel;
	uint32_t count;

	if (size > PAYLOAD_MAX || !nvt_rel_find(nvt_abi_builtin(), "570.144", &rel))
		return 0;
	fake_device_init(&dev);
	if (!sequencer_parse(rel, (struct nvt_bytes){ data, size }, &commands, &count, &e))
		(void)sequencer_run(&s, commands, count, &e);
	return 0;
}
