/* SPDX-License-Identifier: MIT */
/* The interrupt tree from the GSP falcon's status to the line of the PCI function. */
#include "sim/model.h"

#define LEAF_OF(vector) NVT_REG_AT(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF, (vector) / 32)

static uint32_t gsp_pending(struct sim *s)
{
	const struct sim_falcon *f = &s->falcon[SIM_GSP];

	return sim_falcon_get(s, f, NV_PFALCON_FALCON_IRQSTAT) & sim_falcon_get2(s, f, NV_PRISCV_RISCV_IRQMASK);
}

/* A leaf bit is latched; the driver clears it by writing 1, and it stays clear until the next edge. */
void sim_irq_latch(struct sim *s, unsigned vector)
{
	sim_reg_set(&s->regs, LEAF_OF(vector), sim_reg_get(&s->regs, LEAF_OF(vector)) | 1u << vector % 32);
	sim_raise_irq(s);
}

void sim_gsp_irq_set(struct sim *s, uint32_t bits)
{
	const struct sim_falcon *f = &s->falcon[SIM_GSP];
	uint32_t was = gsp_pending(s);

	sim_falcon_set(s, f, NV_PFALCON_FALCON_IRQSTAT, sim_falcon_get(s, f, NV_PFALCON_FALCON_IRQSTAT) | bits);
	if (!was && gsp_pending(s))
		sim_irq_latch(s, SIM_VECTOR_GSP);
}

void sim_gsp_irq_retrigger(struct sim *s)
{
	if (gsp_pending(s))
		sim_irq_latch(s, SIM_VECTOR_GSP);
}

/* A bit per two leaves; the top enable mask does not show in it, as drivers read it with that mask clear. */
uint32_t sim_irq_top(const struct sim *s)
{
	uint32_t top = 0;
	unsigned i;

	for (i = 0; i < NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF__COUNT; i++)
		if (sim_reg_get(&s->regs, NVT_REG_AT(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF, i)) &
		    sim_reg_get(&s->regs, NVT_REG_AT(NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_LEAF_EN_SET, i)))
			top |= 1u << (i / 2);
	return top;
}

bool sim_irq_line(const struct sim *s)
{
	return sim_irq_top(s) & sim_reg_get(&s->regs, NV_VIRTUAL_FUNCTION_PRIV_CPU_INTR_TOP_EN_SET);
}
