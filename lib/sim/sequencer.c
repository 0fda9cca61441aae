/* SPDX-License-Identifier: MIT */
/* The CPU sequencer script that GSP-RM sends before GSP_INIT_DONE. */
#include "sim/model.h"

#include <nvt/fields.h>

#include "base/bytes.h"

#include <string.h>

/*
 * Scratch registers that no driver uses: one is written and modified, the device answers in the second,
 * which the script polls and stores.
 */
enum { SCRATCH_ASK = 16, SCRATCH_ANSWER = 17, SCRATCH_NEVER = 18, SCRIPT_MAX = 64 };
#define ASK_FIRST 0x12340000u
#define ASK_BITS 0x0000ff00u
#define ANSWER_VALUE 0x00000001u
#define DELAY_US 20u
#define POLL_TIMEOUT_US 100000u
#define BAD_OPCODE 0x000000ffu

struct script {
	uint32_t dw[SCRIPT_MAX];
	unsigned n;
};

static void put_op(struct script *sc, enum nvt_seq_op op, const uint32_t *operands)
{
	unsigned i, n = nvt_seq_operands(op);

	sc->dw[sc->n++] = (uint32_t)op;
	for (i = 0; i < n; i++)
		sc->dw[sc->n++] = operands[i];
}

#define OP(sc, op, ...) put_op(sc, op, (const uint32_t[]){ __VA_ARGS__ })

static uint32_t scratch(unsigned i)
{
	return NVT_REG_AT(NV_PBUS_SW_SCRATCH, i);
}

static void answer(struct sim *s)
{
	sim_reg_set(&s->regs, scratch(SCRATCH_ANSWER), ANSWER_VALUE);
}

void sim_gsp_scratch_written(struct sim *s, unsigned index)
{
	if (index == SCRATCH_ASK && s->gsp.script_sent)
		sim_in(s, SIM_T_SCRIPT_ANSWER, answer);
}

/* Mask and value of the modify are equal, because tinygrad takes them in the other order. */
static void build(struct sim *s, struct script *sc)
{
	OP(sc, NVT_SEQ_REG_WRITE, scratch(SCRATCH_ANSWER), 0);
	OP(sc, NVT_SEQ_REG_WRITE, scratch(SCRATCH_ASK), ASK_FIRST);
	OP(sc, NVT_SEQ_DELAY_US, DELAY_US);
	OP(sc, NVT_SEQ_REG_MODIFY, scratch(SCRATCH_ASK), ASK_BITS, ASK_BITS);
	OP(sc, NVT_SEQ_REG_POLL, scratch(SCRATCH_ANSWER), 0xffffffff, ANSWER_VALUE, POLL_TIMEOUT_US, 0);
	OP(sc, NVT_SEQ_REG_STORE, scratch(SCRATCH_ANSWER), 0);
	if (sim_fault_fires(s, SIM_F_SEQUENCER_BAD_OPCODE))
		sc->dw[sc->n++] = BAD_OPCODE;
	if (sim_fault_fires(s, SIM_F_SEQUENCER_POLL_NEVER))
		OP(sc, NVT_SEQ_REG_POLL, scratch(SCRATCH_NEVER), 0xffffffff, ANSWER_VALUE, POLL_TIMEOUT_US, 0);
	if (sim_fault_fires(s, SIM_F_SEQUENCER_CORE_OPS)) {
		OP(sc, NVT_SEQ_CORE_RESET, 0);
		OP(sc, NVT_SEQ_CORE_START, 0);
		OP(sc, NVT_SEQ_CORE_WAIT_FOR_HALT, 0);
		OP(sc, NVT_SEQ_CORE_RESUME, 0);
		s->gsp.expects_resume = true;
	}
}

/*
 * cmdIndex counts dwords; nova-core takes it for commands and stops at the message's end, so the message
 * ends with them. bufferSizeDWord must be above cmdIndex for NVIDIA's driver.
 */
void sim_sequencer_send(struct sim *s)
{
	int32_t off = nvt_nvf_offset(s->gsp.rel, NVF_rpc_run_cpu_sequencer_commandBuffer);
	struct script sc = { .n = 0 };
	uint8_t b[128 + SCRIPT_MAX * 4] = { 0 };
	struct nvt_wview w = { .rel = s->gsp.rel, .p = b };
	unsigned i;

	if (off < 0 || off > 128) {
		sim_bug(s, "the release has no CPU sequencer");
		return;
	}
	build(s, &sc);
	w.n = (size_t)off;
	nvt_put(&w, NVF_rpc_run_cpu_sequencer_bufferSizeDWord, sc.n + 1);
	nvt_put(&w, NVF_rpc_run_cpu_sequencer_cmdIndex, sc.n);
	if (w.rc) {
		sim_bug(s, "cannot fill rpc_run_cpu_sequencer");
		return;
	}
	for (i = 0; i < sc.n; i++)
		nvt_put_le32(b + off + 4 * i, sc.dw[i]);
	s->gsp.script_sent = true;
	sim_rm_send_event(s, "GSP_RUN_CPU_SEQUENCER", (struct nvt_bytes){ b, (size_t)off + 4 * sc.n }, 0);
}

void sim_sequencer_check(struct sim *s)
{
	uint32_t seen = sim_reg_get(&s->regs, scratch(SCRATCH_ASK));

	if (!s->gsp.script_sent || s->gsp.script_checked)
		return;
	s->gsp.script_checked = true;
	if (seen != (ASK_FIRST | ASK_BITS))
		sim_violation(s, "sequencer-not-run", SIM_HEX(seen), SIM_HEX(ASK_FIRST | ASK_BITS),
			      "the CPU sequencer script was not carried out");
}
