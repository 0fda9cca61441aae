/* SPDX-License-Identifier: MIT */
/* Drivers that break a rule of the device: what each does, where in a boot, and the rule that the model must find. */
#ifndef NVT_TESTS_MODEL_RULES_H
#define NVT_TESTS_MODEL_RULES_H

#include "rig.h"

#define GSP 0x110000u
#define SEC2 0x840000u

/* Where in a boot the driver goes wrong. */
enum phase {
	AT_POWER_ON, /* the GPU's own firmware still runs */
	AT_PREPARED, /* all buffers are built */
	AT_FRTS,     /* FWSEC-FRTS has run */
	AT_BOOTED,   /* booter_load has run */
	AT_RUNNING,  /* GSP_INIT_DONE was received */
};

struct rule {
	const char *name; /* what the driver does */
	const char *rule;
	enum phase at;
	void (*err)(struct rig *r);
};

struct rule_list {
	const struct rule *rules;
	unsigned n;
};

extern const struct rule_list rules_falcon;
extern const struct rule_list rules_boot;
extern const struct rule_list rules_message;

static inline uint8_t *queues(struct rig *r)
{
	return r->buf[BUF_QUEUES].cpu;
}

/* Gives the model time to look at what was sent. */
void wait_and_see(struct rig *r);

/* Behind FWSEC-FRTS: the LIBOS address by starting an empty falcon, as nova-core does it, then booter_load. */
void boot_gsp(struct rig *r);

void test_report_booter(void **state);
void test_unknown_firmware(void **state);

#endif
