/* SPDX-License-Identifier: MIT */
/*
 * What the model has to say about the driver: violations (it broke a rule of the device) and odd
 * behaviour (legal, but not what a driver needs to do). Both are counted, told once each in the
 * report, and emitted as events.
 */
#ifndef NVT_SIM_FINDINGS_H
#define NVT_SIM_FINDINGS_H

#include <nvt/sim.h>

struct sim;

struct sim_findings {
	uint32_t violation_count, odd_count;
	struct nvt_sim_finding violations[NVT_SIM_FINDINGS], odd[NVT_SIM_FINDINGS];
	unsigned violations_n, odd_n;
};

/* seen and wanted may be NULL. With strict=fail the first violation ends the run. */
void sim_violation(struct sim *s, const char *rule, const char *seen, const char *wanted, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/* Odd behaviour by row of the table in findings.c. */
enum sim_odd {
	SIM_ODD_UNKNOWN_REGISTER,
	SIM_ODD_WRITE_TO_READ_ONLY,
	SIM_ODD_START_WITHOUT_CODE,
	SIM_ODD_REGISTRY_LENGTH,
	SIM_ODD_REGISTRY_SIZE,
	SIM_ODD_BCR_CORE_SELECT,
	SIM_ODD_FWSEC_SIGNATURE,
	SIM_ODD_FRTS_TWICE,
	SIM_ODD_VRAM_BUFFERS,
	SIM_ODD_UNKNOWN_MESSAGE,
	SIM_ODD_UNLOAD_LEVEL,
	SIM_ODD_CHANNEL,
	SIM_ODD__COUNT
};
void sim_odd(struct sim *s, enum sim_odd what, const char *seen);

/* 0x-prefixed hex into buf; SIM_HEX's buffer lives as long as the enclosing block. */
const char *sim_hex(uint64_t v, char *buf, size_t size);
#define SIM_HEX(v) sim_hex((v), (char[24]){ 0 }, 24)

#endif
