/* SPDX-License-Identifier: MIT */
/* A boot in nova-core's order on GA102, and what any driver does when GSP-RM is up and when it takes it down. */
#ifndef NVT_TESTS_MODEL_NOVA_H
#define NVT_TESTS_MODEL_NOVA_H

#include "rig.h"

#define GSP 0x110000u
#define SEC2 0x840000u
#define BOOT_0 0xb72000a1u
#define BOOT_42 0x172a1000u

/* Fails the test with the first violation, if there is one. */
void no_violation(struct rig *r);
bool has_odd(struct rig *r, const char *rule);

/* For CALL. */
uint32_t prepare(struct rig *r);
uint32_t frts_is_wpr2(struct rig *r);

/* From the first access until the core is active, and nova() with the first two messages. */
extern const struct rig_row to_active[];
void nova(struct rig *r);

void static_info(struct rig *r);
/* What takes WPR2 down, whatever GSP-RM does. */
void remove_wpr2(struct rig *r);
/* GSP-RM answers before it is suspended. */
void ask_to_unload(struct rig *r);
void unload(struct rig *r);

#endif
