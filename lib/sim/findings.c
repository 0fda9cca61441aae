/* SPDX-License-Identifier: MIT */
/* Violations and odd behaviour. */
#include "sim/model.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Legal, but odd; each with a driver that is known to do it. */
static const struct {
	const char *rule, *text;
} odd_rows[SIM_ODD__COUNT] = {
	[SIM_ODD_UNKNOWN_REGISTER] = {
		"unknown-register",
		"a register that the model does not know (NVIDIA's kernel driver touches many)",
	},
	[SIM_ODD_WRITE_TO_READ_ONLY] = {
		"write-to-read-only",
		"a write that no bit of the register takes",
	},
	[SIM_ODD_START_WITHOUT_CODE] = {
		"start-without-code",
		"GSP falcon started with empty IMEM halts at once (nova-core hands over the LIBOS address so)",
	},
	[SIM_ODD_REGISTRY_LENGTH] = {
		"registry-length",
		"registry dword entry whose length is not 4 (nova-core writes 0)",
	},
	[SIM_ODD_REGISTRY_SIZE] = {
		"registry-size",
		"registry table whose size field is not its payload's (no driver is known to send that)",
	},
	[SIM_ODD_BCR_CORE_SELECT] = {
		"core-select",
		"RISC-V core selected by another value than 0x111 (tinygrad writes 0x110)",
	},
	[SIM_ODD_FWSEC_SIGNATURE] = {
		"fwsec-signature",
		"FWSEC signature other than the one that the fuse asks for (tinygrad always takes the last)",
	},
	[SIM_ODD_FRTS_TWICE] = {
		"frts-twice",
		"FWSEC-FRTS while WPR2 is set reports an error (nouveau does not look at WPR2 before)",
	},
	[SIM_ODD_VRAM_BUFFERS] = {
		"dma-to-own-bar1",
		"boot structures in video memory, addressed through the device's own BAR1 (tinygrad)",
	},
	[SIM_ODD_UNKNOWN_MESSAGE] = {
		"unknown-message",
		"a message that the model's GSP-RM does not serve",
	},
	[SIM_ODD_UNLOAD_LEVEL] = {
		"unload-level",
		"UNLOADING_GUEST_DRIVER with a level that is no suspend level (tinygrad sends 1 << 6)",
	},
	[SIM_ODD_CHANNEL] = {
		"channel-method",
		"what a channel asks is not modelled",
	},
};

const char *sim_hex(uint64_t v, char *buf, size_t size)
{
	snprintf(buf, size, "0x%08" PRIx64, v);
	return buf;
}

static void record(struct nvt_sim_finding *list, unsigned *n, const char *rule, const char *text,
		   const char *seen, const char *wanted)
{
	struct nvt_sim_finding *f;
	unsigned i;

	for (i = 0; i < *n; i++) {
		if (!strcmp(list[i].rule, rule) && !strncmp(list[i].text, text, sizeof(list[i].text) - 1)) {
			list[i].count++;
			return;
		}
	}
	if (*n == NVT_SIM_FINDINGS)
		return;
	f = &list[(*n)++];
	f->count = 1;
	snprintf(f->rule, sizeof(f->rule), "%s", rule);
	snprintf(f->text, sizeof(f->text), "%s", text);
	snprintf(f->seen, sizeof(f->seen), "%s", seen ? seen : "");
	snprintf(f->wanted, sizeof(f->wanted), "%s", wanted ? wanted : "");
}

static void emit(struct sim *s, enum nvt_event_kind kind, const char *rule, const char *text, const char *seen,
		 const char *wanted)
{
	struct nvt_event ev = { .kind = kind };

	ev.u.finding.rule = rule;
	ev.u.finding.text = text;
	ev.u.finding.seen = seen;
	ev.u.finding.wanted = wanted;
	nvt_emit(s->ctx, &ev);
}

static void end_run(struct sim *s, const char *rule, const char *text, const char *seen, const char *wanted)
{
	if (s->opts.policy != SIM_STRICT_FAIL || s->failed.code)
		return;
	nvt_fail(&s->failed, NVT_E_DEVICE, "the device model refused: %s: %s", rule, text);
	if (seen)
		nvt_err_seen(&s->failed, "%s", seen);
	if (wanted)
		nvt_err_wanted(&s->failed, "%s", wanted);
	nvt_err_hint(&s->failed, "the driver broke a rule of the device; strict=report collects instead");
}

void sim_step(struct sim *s, const char *name)
{
	if (!s->opts.memory)
		return;
	s->step = name;
	emit(s, NVT_EV_NOTE, "step", name, NULL, NULL);
}

void sim_violation(struct sim *s, const char *rule, const char *seen, const char *wanted, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->findings.violation_count++;
	record(s->findings.violations, &s->findings.violations_n, rule, text, seen, wanted);
	emit(s, NVT_EV_VIOLATION, rule, text, seen, wanted);
	end_run(s, rule, text, seen, wanted);
}

void sim_odd(struct sim *s, enum sim_odd what, const char *seen)
{
	char text[256];

	snprintf(text, sizeof(text), "%s%s%s", seen ? seen : "", seen ? ": " : "", odd_rows[what].text);
	s->findings.odd_count++;
	record(s->findings.odd, &s->findings.odd_n, odd_rows[what].rule, text, seen, NULL);
	emit(s, NVT_EV_ODD, odd_rows[what].rule, odd_rows[what].text, seen, NULL);
}
