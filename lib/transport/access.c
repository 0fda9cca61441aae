/* SPDX-License-Identifier: MIT */
/* Counting of register accesses, and what their values say about the state of the device. */
#include "transport/access.h"

#include <nvt/regs.h>
#include "base/bytes.h"
#include "regs/regs_const.h"

#include <inttypes.h>
#include <stdio.h>

/*
 * Upper 24 bits of the value that the PRI hub returns for a read that failed.
 * Source: OGKM 570.144 published/maxwell/gm107/dev_pri_ringstation_sys.h (NV_PPRIV_SYS_PRI_ERROR_CODE_*);
 * 0xbadf41, which has no name, kernel/gpu/fsp/arch/hopper/kern_fsp_gh100.c.
 */
static const struct {
	uint32_t code;
	const char *name, *hint;
} pri_errors[] = {
	{ 0xbadf10, "FECS_PRI_TIMEOUT", "the unit did not answer in time: it may be in reset or without clock" },
	{ 0xbadf11, "FECS_PRI_DECODE", "no unit decodes this address on this chip" },
	{ 0xbadf12, "FECS_PRI_RESET", "the unit is held in reset" },
	{ 0xbadf13, "FECS_PRI_FLOORSWEEP", "the unit is disabled on this chip" },
	{ 0xbadf14, "FECS_PRI_STUCK_ACK", NULL },
	{ 0xbadf15, "FECS_PRI_0_EXPECTED_ACK", NULL },
	{ 0xbadf16, "FECS_PRI_FENCE_ERROR", NULL },
	{ 0xbadf17, "FECS_PRI_SUBID_ERROR", NULL },
	{ 0xbadf20, "FECS_PRI_ORPHAN", NULL },
	{ 0xbadf30, "FECS_DEAD_RING", "the PRI ring is down: only a reset of the device helps" },
	{ 0xbadf40, "FECS_TRAP", NULL },
	{ 0xbadf41, NULL, "the unit is closed to the host until firmware on the device opens it" },
	{ 0xbadf50, "FECS_PRI_CLIENT_ERR", "the unit refused the read; some registers are closed to the host" },
};

/* A read of BOOT_0 blocked by the device's security (NVIDIA gpu-admin-tools nvidia_gpu_tools.py). */
#define BOOT_0_BLOCKED 0xbad00200u

bool access_is_pri_error(uint32_t off, uint32_t val)
{
	return val >> 16 == 0xbadf || (off == NV_PMC_BOOT_0 && val == BOOT_0_BLOCKED);
}

int access_at(const struct nvt_transport *t, uint32_t off, int rc, struct nvt_error *e)
{
	struct nvt_reg_ref ref;
	char name[64];

	if (!e || rc >= 0)
		return rc;
	if (!e->reg[0]) {
		if (nvt_reg_at(off, &ref))
			nvt_err_reg(e, "%s (0x%08" PRIx32 ")", nvt_reg_format(off, name, sizeof(name)), off);
		else
			nvt_err_reg(e, "0x%08" PRIx32, off);
	}
	if (!e->step[0] && t->ctx->step)
		nvt_err_step(e, t->ctx->step);
	return rc;
}

static int fail_dead(struct nvt_transport *t, uint32_t off, struct nvt_error *e)
{
	char name[64];
	int rc;

	nvt_reg_format(off, name, sizeof(name));
	if (off == NV_PMC_BOOT_0)
		rc = nvt_fail(e, NVT_E_DEVICE, "device fell off the bus: %s reads all ones", name);
	else
		rc = nvt_fail(e, NVT_E_DEVICE, "device fell off the bus: %s and NV_PMC_BOOT_0 read all ones",
			      name);
	nvt_err_seen(e, "0xffffffff");
	nvt_err_wanted(e, "a device that answers");
	nvt_err_hint(e, "reset the device; if it stays away, check that it has power, that its slot did not "
			"suspend it, and that memory space is enabled in its PCI command register");
	return access_at(t, off, rc, e);
}

static int fail_pri(struct nvt_transport *t, uint32_t off, uint32_t val, struct nvt_error *e)
{
	const char *code = NULL, *hint = NULL;
	char name[64];
	unsigned i;
	int rc;

	for (i = 0; i < NVT_ARRAY_SIZE(pri_errors); i++) {
		if (pri_errors[i].code == val >> 8) {
			code = pri_errors[i].name;
			hint = pri_errors[i].hint;
		}
	}
	nvt_reg_format(off, name, sizeof(name));
	rc = nvt_fail(e, NVT_E_DEVICE, "read of %s failed with PRI error 0x%08" PRIx32 "%s%s%s", name, val,
		      code ? " (" : "", code ? code : "", code ? ")" : "");
	nvt_err_seen(e, "0x%08" PRIx32, val);
	nvt_err_wanted(e, "a value of the register");
	nvt_err_hint(e, "%s", hint ? hint :
			      "no register answered: the unit is in reset, absent on this chip, or closed to "
			      "the host; a reset of the device brings it back to a known state");
	return access_at(t, off, rc, e);
}

int access_judge(struct nvt_transport *t, uint32_t off, uint32_t val, struct nvt_error *e)
{
	uint32_t boot_0;
	int rc;

	if (access_is_pri_error(off, val))
		return fail_pri(t, off, val, e);
	if (val != 0xffffffff)
		return 0;
	if (off == NV_PMC_BOOT_0)
		return fail_dead(t, off, e);
	rc = access_rd32(t, NV_PMC_BOOT_0, &boot_0, e);
	if (rc)
		return rc;
	access_emit(t, NVT_EV_MMIO_RD, NV_PMC_BOOT_0, 4, boot_0, false);
	if (boot_0 == 0xffffffff)
		return fail_dead(t, off, e);
	if (access_is_pri_error(NV_PMC_BOOT_0, boot_0))
		return fail_pri(t, NV_PMC_BOOT_0, boot_0, e);
	return 0;
}

int access_check(const struct nvt_transport *t, unsigned bar, uint64_t off, size_t n, struct nvt_error *e)
{
	uint64_t size;

	if (bar >= NVT_BAR_COUNT || !t->pci.bar[bar].size)
		return nvt_fail(e, NVT_E_USAGE, "the device has no BAR%u", bar);
	if (off % 4 || n % 4)
		return nvt_fail(e, NVT_E_USAGE, "0x%zx bytes at 0x%" PRIx64 " of BAR%u are not whole aligned words",
				n, off, bar);
	size = t->pci.bar[bar].size;
	if (!nvt_in_range(off, n, size))
		return nvt_fail(e, NVT_E_USAGE, "0x%" PRIx64 " lies outside of BAR%u (0x%" PRIx64 " bytes)", off,
				bar, size);
	return 0;
}

int access_rd32(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e)
{
	uint64_t val;
	int rc = t->ops->mmio_rd(t, 0, off, 4, &val, e);

	if (rc)
		return access_at(t, off, rc, e);
	t->counts.reads++;
	if (off - NV_PROM_DATA < (uint32_t)NV_PROM_DATA__COUNT * NV_PROM_DATA__STRIDE)
		t->counts.prom_reads++;
	if (t->loading)
		t->counts.falcon_load_reads++;
	*ret = (uint32_t)val;
	return 0;
}

void access_emit(struct nvt_transport *t, enum nvt_event_kind kind, uint64_t off, unsigned size, uint64_t val,
		 bool dry)
{
	struct nvt_event ev = { .kind = kind };

	if (!t->ctx->sinks)
		return;
	ev.u.mmio.size = (uint8_t)size;
	ev.u.mmio.dry = dry;
	ev.u.mmio.off = off;
	ev.u.mmio.val = val;
	nvt_emit(t->ctx, &ev);
}
