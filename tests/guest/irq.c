/* SPDX-License-Identifier: MIT */
/*
 * Runs in the guest: waits for interrupts of the model through a transport. irq pci|vfio ADDRESS
 * Raises GSP's interrupt by hand, looks whether the wait ends, clears it, and does so again. Prints the verdict.
 */
#include "regs/regs_const.h"
#include "transport/pci.h"
#include "transport/vfio.h"

#include <stdio.h>
#include <string.h>

#define GSP 0x110000u /* its falcon, GA10x and AD10x */
#define VECTOR 155u   /* the model's for GSP; on silicon GSP-RM tells it */
#define SWGEN0 0x40u
#define LONG_US 5000000u

#define LEAF(reg) NVT_REG_AT(reg, VECTOR / 32)
#define TOP_BIT (1u << VECTOR / 32 / 2)

static struct nvt_error e = { .msg = "" };

static bool wait_is(struct nvt_transport *t, uint64_t timeout_us, int want)
{
	int rc = t->ops->irq_wait(t, timeout_us, &e);

	if (rc != want)
		printf("IRQ: waited, %d in place of %d %s\n", rc, want, e.msg);
	return rc == want;
}

/* Leaf before source would leave the leaf's bit for the next edge. */
static int clear(struct nvt_transport *t)
{
	int rc = nvt_wr32(t, GSP + NV_PFALCON_FALCON_IRQSCLR, SWGEN0, &e);

	if (!rc)
		rc = nvt_wr32(t, LEAF(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF), 1u << VECTOR % 32, &e);
	return rc ? rc : nvt_wr32(t, NV_XVE_MSI_REARM, 0, &e);
}

/* MSI is a write to memory, so the device must be bus master. */
static int set_up(struct nvt_transport *t)
{
	uint32_t command;
	int rc = nvt_cfg_rd(t, 4, 2, &command, &e);

	if (!rc)
		rc = nvt_cfg_wr(t, 4, 2, command | 4, &e);
	if (!rc)
		rc = clear(t); /* what an earlier user left */
	return rc ? rc : nvt_wr32(t, LEAF(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_SET), 1u << VECTOR % 32, &e);
}

static bool interrupts(struct nvt_transport *t)
{
	unsigned i;
	int rc = set_up(t);

	if (!rc)
		rc = nvt_wr32(t, NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_SET, TOP_BIT, &e);
	for (i = 0; i < 3 && !rc; i++) {
		if (!wait_is(t, 20000, -NVT_E_TIMEOUT))
			return false;
		rc = nvt_wr32(t, GSP + NV_PFALCON_FALCON_IRQSSET, SWGEN0, &e);
		if (rc || !wait_is(t, LONG_US, 0))
			return false;
		rc = clear(t);
	}
	return !rc && wait_is(t, 20000, -NVT_E_TIMEOUT) &&
	       !nvt_wr32(t, NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_CLEAR, TOP_BIT, &e) && !nvt_cfg_wr(t, 4, 2, 2, &e);
}

int main(int argc, char **argv)
{
	struct nvt_ctx ctx = { .sinks = NULL };
	struct nvt_transport *t = NULL;
	bool good = false;

	if (argc == 3 && !strcmp(argv[1], "pci"))
		good = !pci_open(&ctx, argv[2], NULL, &t, &e);
	else if (argc == 3)
		good = !vfio_open(&ctx, argv[2], NULL, &t, &e);
	good = good && interrupts(t);
	nvt_transport_close(t);
	printf("IRQ: verdict %s %s\n", good ? "good" : "bad", e.msg);
	return !good;
}
