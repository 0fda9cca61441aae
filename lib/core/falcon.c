/* SPDX-License-Identifier: MIT */
/* What is the same on every falcon: mailboxes, start, wait, and a whole run of a signed image. */
#include "core/falcon.h"

#include "regs/regs_const.h"

#include <stdio.h>

/* nova and nouveau give FWSEC and booter 2 s as well. */
#define HALT_TIMEOUT_US 2000000
/* Images run for milliseconds: looking more often would only load the bus. */
#define HALT_INTERVAL_US 500

/* OGKM arch/nvalloc/common/inc/flcnretval.h; the booter's own codes are not published. */
static const struct {
	uint32_t code;
	const char *text;
} falcon_codes[] = {
	{ 0x01, "not supported" },
	{ 0x02, "invalid argument" },
	{ 0x04, "timeout" },
	{ 0x31, "seen with booter_load 570.144 on TU117, meaning not published" },
	{ 0xa2, "ucode revoked" },
	{ 0xa9, "debug and production parts mixed" },
	{ 0xaa, "debug and production parts mixed" },
	{ 0xb0, "debug and production parts mixed" },
	{ 0xb7, "engine id mismatch" },
	{ 0xfe, "binary not started" },
	{ 0xff, "error" },
};

int falcon_set_mailboxes(struct nvt_transport *t, const struct falcon_unit *u, uint32_t mbox0,
			 uint32_t mbox1, struct nvt_error *e)
{
	int rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_MAILBOX0, mbox0, e);

	return rc ? rc : nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_MAILBOX1, mbox1, e);
}

int falcon_start(struct nvt_transport *t, const struct falcon_unit *u, struct nvt_error *e)
{
	uint32_t cpuctl;
	int rc = nvt_rd32(t, u->pfalcon + NV_PFALCON_FALCON_CPUCTL, &cpuctl, e);

	if (rc)
		return rc;
	if (NVT_GET(cpuctl, NV_PFALCON_FALCON_CPUCTL_ALIAS_EN))
		return nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_CPUCTL_ALIAS,
				NVT_DEF(NV_PFALCON_FALCON_CPUCTL_ALIAS_STARTCPU, TRUE), e);
	return nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_CPUCTL,
			NVT_DEF(NV_PFALCON_FALCON_CPUCTL_STARTCPU, TRUE), e);
}

int falcon_wait_halted(struct nvt_transport *t, const struct falcon_unit *u, const char *what,
		       const char *hint, struct nvt_error *e)
{
	const struct nvt_poll halted = {
		.off = u->pfalcon + NV_PFALCON_FALCON_CPUCTL,
		.mask = NVT_MASK(NV_PFALCON_FALCON_CPUCTL_HALTED),
		.want = NVT_DEF(NV_PFALCON_FALCON_CPUCTL_HALTED, TRUE),
		.timeout_us = HALT_TIMEOUT_US,
		.interval_us = HALT_INTERVAL_US,
		.what = what,
		.hint = hint,
	};

	return nvt_poll(t, &halted, NULL, e);
}

int falcon_expect_mailbox0_clear(struct nvt_transport *t, const struct falcon_unit *u,
				 const char *what, struct nvt_error *e)
{
	const struct nvt_poll clear = {
		.off = u->pfalcon + NV_PFALCON_FALCON_MAILBOX0,
		.mask = 0xffffffff,
		.want = 0,
		.what = what,
	};
	uint32_t seen = 0;
	unsigned i;
	int rc = nvt_poll(t, &clear, &seen, e);

	if (rc != -NVT_E_DEVICE || !e || !e->seen[0] || e->hint[0])
		return rc;
	nvt_err_hint(e, "the meaning of error code 0x%02x is not published", seen);
	for (i = 0; i < NVT_ARRAY_SIZE(falcon_codes); i++)
		if (falcon_codes[i].code == seen)
			nvt_err_hint(e,
				     "error code 0x%02x: %s; the image may not fit this chip or "
				     "its fuses",
				     seen, falcon_codes[i].text);
	return rc;
}

int falcon_run(struct nvt_transport *t, const struct falcon_hal *hal, const struct falcon_unit *u,
	       const struct falcon_image *img, const struct falcon_args *args, uint32_t boot_0,
	       struct nvt_error *e)
{
	char what[64];
	int rc = hal->reset(t, u, FALCON_CORE_FALCON, boot_0, e);

	if (!rc)
		rc = hal->load(t, u, img, e);
	if (!rc && hal->set_boot_rom)
		rc = hal->set_boot_rom(t, u, img, e);
	if (!rc)
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_BOOTVEC, img->boot_vector, e);
	if (!rc)
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_MAILBOX0, args->mbox0, e);
	if (!rc && args->two)
		rc = nvt_wr32(t, u->pfalcon + NV_PFALCON_FALCON_MAILBOX1, args->mbox1, e);
	if (!rc)
		rc = falcon_start(t, u, e);
	if (rc)
		return nvt_during(e, rc, "%s on %s", img->name, u->name);
	snprintf(what, sizeof(what), "%s on %s to halt", img->name, u->name);
	return falcon_wait_halted(
		t, u, what,
		"the image was started but never finished; is it the one for this chip?", e);
}
