/* SPDX-License-Identifier: MIT */
/* Interpreter of CPU sequencer scripts. */
#include "core/sequencer.h"

#include "core/state.h"

#include "base/bytes.h"
#include "regs/regs_const.h"

#include <nvt/fields.h>

#define POLL_DEFAULT_US 4000000
/* Longer than any wait of a driver; a script that asks for more is broken. */
#define DELAY_MAX_US 5000000
#define POLL_MAX_US 30000000
/* All of a script's waits together: a real one is over in milliseconds. */
#define SCRIPT_MAX_US 60000000
/* Long polls look less often. */
#define POLL_READS 4000
#define RESUME_TIMEOUT_US 2000000

static int check_reg(const struct sequencer *s, uint32_t addr, struct nvt_error *e)
{
	uint64_t size = s->t->pci.bar[0].size;

	if (addr % 4 || (size && addr >= size))
		return nvt_fail(e, NVT_E_DATA, "register address 0x%08x is not possible", addr);
	return 0;
}

static int op_write(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	int rc = check_reg(s, arg[0], e);

	return rc ? rc : nvt_wr32(s->t, arg[0], arg[1], e);
}

static int op_modify(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	int rc = check_reg(s, arg[0], e);

	return rc ? rc : nvt_rmw32(s->t, arg[0], arg[1], arg[2], e);
}

static int op_poll(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	const struct nvt_poll p = {
		.off = arg[0],
		.mask = arg[1],
		.want = arg[2],
		.timeout_us = arg[3] ? arg[3] : POLL_DEFAULT_US,
		.interval_us = 10 + arg[3] / POLL_READS,
		.what = "a register that the CPU sequencer polls",
		.hint = "GSP-RM's script waits for a value that the chip never shows",
	};
	int rc = check_reg(s, p.off, e);

	if (!rc && p.timeout_us > POLL_MAX_US)
		rc = nvt_fail(e, NVT_E_DATA, "a poll of %u us", arg[3]);
	if (!rc)
		rc = nvt_poll(s->t, &p, NULL, e);
	return rc == -NVT_E_TIMEOUT ? nvt_during(e, rc, "error code 0x%x of the script", arg[4])
				    : rc;
}

static int op_delay(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	if (arg[0] > DELAY_MAX_US)
		return nvt_fail(e, NVT_E_DATA, "a delay of %u us", arg[0]);
	nvt_delay_us(s->t, arg[0]);
	return 0;
}

static int op_store(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	int rc = check_reg(s, arg[0], e);

	if (!rc && arg[1] >= SEQUENCER_SAVE_AREA)
		rc = nvt_fail(e, NVT_E_DATA, "slot %u of a save area of %u", arg[1],
			      SEQUENCER_SAVE_AREA);
	return rc ? rc : nvt_rd32(s->t, arg[0], &s->saved[arg[1]], e);
}

static int op_core_reset(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	(void)arg;
	return s->cores->reset(s->arg, e);
}

static int op_core_start(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	(void)arg;
	return s->cores->start(s->arg, e);
}

static int op_core_wait_for_halt(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	(void)arg;
	return s->cores->wait_for_halt(s->arg, e);
}

static int op_core_resume(struct sequencer *s, const uint32_t *arg, struct nvt_error *e)
{
	(void)arg;
	return s->cores->resume(s->arg, e);
}

static int (*const ops[NVT_SEQ__COUNT])(struct sequencer *s, const uint32_t *arg,
					struct nvt_error *e) = {
	[NVT_SEQ_REG_WRITE] = op_write,
	[NVT_SEQ_REG_MODIFY] = op_modify,
	[NVT_SEQ_REG_POLL] = op_poll,
	[NVT_SEQ_DELAY_US] = op_delay,
	[NVT_SEQ_REG_STORE] = op_store,
	[NVT_SEQ_CORE_RESET] = op_core_reset,
	[NVT_SEQ_CORE_START] = op_core_start,
	[NVT_SEQ_CORE_WAIT_FOR_HALT] = op_core_wait_for_halt,
	[NVT_SEQ_CORE_RESUME] = op_core_resume,
};

#define OPERANDS_MAX 5

static int bad_opcode(uint32_t op, uint32_t at, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "CPU sequencer: unknown opcode at dword %u", at);

	nvt_err_seen(e, "opcode 0x%x", op);
	nvt_err_wanted(e, "below 0x%x", NVT_SEQ__COUNT);
	return rc;
}

static int check_time(const struct sequencer *s, uint64_t start_ns, uint32_t at, struct nvt_error *e)
{
	uint64_t us = (nvt_now_ns(s->t->ctx) - start_ns) / 1000;
	int rc;

	if (us <= SCRIPT_MAX_US)
		return 0;
	rc = nvt_fail(e, NVT_E_TIMEOUT, "CPU sequencer: the script is not over at dword %u", at);
	nvt_err_seen(e, "%llu us", (unsigned long long)us);
	nvt_err_wanted(e, "at most %u us", SCRIPT_MAX_US);
	nvt_err_hint(e, "GSP-RM's script delays without end; no real one takes seconds");
	return rc;
}

int sequencer_run(struct sequencer *s, const uint8_t *commands, uint32_t count, struct nvt_error *e)
{
	uint32_t arg[OPERANDS_MAX] = { 0 }, at = 0, op, n, i;
	uint64_t start_ns = nvt_now_ns(s->t->ctx);
	int rc;

	while (at < count) {
		rc = check_time(s, start_ns, at, e);
		if (rc)
			return rc;
		op = nvt_le32(commands + (size_t)at * 4);
		if (op >= NVT_SEQ__COUNT)
			return bad_opcode(op, at, e);
		n = nvt_seq_operands((enum nvt_seq_op)op);
		if (n > OPERANDS_MAX || n > count - at - 1)
			return nvt_fail(e, NVT_E_DATA,
					"CPU sequencer: %s at dword %u of %u lacks operands",
					nvt_seq_name((enum nvt_seq_op)op), at, count);
		for (i = 0; i < n; i++)
			arg[i] = nvt_le32(commands + ((size_t)at + 1 + i) * 4);
		rc = ops[op](s, arg, e);
		if (rc)
			return nvt_during(e, rc, "CPU sequencer: %s at dword %u",
					  nvt_seq_name((enum nvt_seq_op)op), at);
		at += 1 + n;
	}
	return 0;
}

int sequencer_parse(struct nvt_rel rel, struct nvt_bytes payload, const uint8_t **ret,
		    uint32_t *ret_count, struct nvt_error *e)
{
	struct nvt_view v = { rel, payload.p, payload.n };
	int32_t at = nvt_nvf_offset(rel, NVF_rpc_run_cpu_sequencer_commandBuffer);
	uint64_t capacity, used;

	if (at < 0 || payload.n < (size_t)at ||
	    nvt_get(&v, NVF_rpc_run_cpu_sequencer_bufferSizeDWord, &capacity) ||
	    nvt_get(&v, NVF_rpc_run_cpu_sequencer_cmdIndex, &used))
		return nvt_fail(e, NVT_E_DATA,
				"CPU sequencer message of %zu bytes is shorter than its fixed part",
				payload.n);
	/* kgspExecuteSequencerBuffer of OGKM asks for strictly less as well. */
	if (used >= capacity || !nvt_in_range((uint64_t)at, used * 4, payload.n)) {
		int rc = nvt_fail(e, NVT_E_DATA,
				  "CPU sequencer message claims more commands than it has");

		nvt_err_seen(e, "cmdIndex %u", (unsigned)used);
		nvt_err_wanted(e, "below bufferSizeDWord %u, in %zu bytes", (unsigned)capacity,
			       payload.n);
		return rc;
	}
	*ret = payload.p + at;
	*ret_count = (uint32_t)used;
	return 0;
}

/* ---- core operations on the GPU ---- */

/* The core is left fit for physical DMA, as after OGKM's kflcnReset and kflcnDisableCtxReq. */
static int gsp_reset(void *arg, struct nvt_error *e)
{
	struct nvt_gpu *gpu = arg;
	const struct falcon_unit *gsp = gpu->row->gsp;
	int rc = gpu->row->falcon->reset(gpu->t, gsp, FALCON_CORE_FALCON, gpu->boot_0, e);

	if (!rc)
		rc = nvt_rmw32(gpu->t, gsp->pfalcon + NV_PFALCON_FBIF_CTL, 0,
			       NVT_DEF(NV_PFALCON_FBIF_CTL_ALLOW_PHYS_NO_CTX, ALLOW), e);
	return rc ? rc : nvt_wr32(gpu->t, gsp->pfalcon + NV_PFALCON_FALCON_DMACTL, 0, e);
}

static int gsp_start(void *arg, struct nvt_error *e)
{
	struct nvt_gpu *gpu = arg;

	return falcon_start(gpu->t, gpu->row->gsp, e);
}

static int gsp_wait_for_halt(void *arg, struct nvt_error *e)
{
	struct nvt_gpu *gpu = arg;

	return falcon_wait_halted(gpu->t, gpu->row->gsp, "the GSP falcon to halt", NULL, e);
}

static int gsp_resume(void *arg, struct nvt_error *e)
{
	struct nvt_gpu *gpu = arg;
	const struct falcon_unit *gsp = gpu->row->gsp, *sec2 = gpu->row->sec2;
	const struct nvt_poll handoff = {
		.off = NV_PGC6_BSI_SECURE_SCRATCH_14,
		.mask = NVT_MASK(NV_PGC6_BSI_SECURE_SCRATCH_14_BOOT_STAGE_3_HANDOFF),
		.want = NVT_DEF(NV_PGC6_BSI_SECURE_SCRATCH_14_BOOT_STAGE_3_HANDOFF, DONE),
		.timeout_us = RESUME_TIMEOUT_US,
		.what = "SEC2 to hand GSP-RM back",
	};
	nvt_iova args = gpu->b.libos_args.iova;
	int rc = gpu->row->falcon->reset(gpu->t, gsp, FALCON_CORE_RISCV, gpu->boot_0, e);

	if (!rc)
		rc = falcon_set_mailboxes(gpu->t, gsp, (uint32_t)args, (uint32_t)(args >> 32), e);
	if (!rc)
		rc = falcon_start(gpu->t, sec2, e);
	if (!rc)
		rc = nvt_poll(gpu->t, &handoff, NULL, e);
	if (!rc)
		rc = falcon_expect_mailbox0_clear(gpu->t, sec2, "SEC2 to report success", e);
	if (!rc)
		rc = nvt_wr32(gpu->t, gsp->pfalcon + NV_PFALCON_FALCON_OS, gpu->b.bl.app_version,
			      e);
	return rc ? rc : gpu->row->falcon->riscv_active(gpu->t, gsp, RESUME_TIMEOUT_US, e);
}

static const struct sequencer_cores gsp_cores = {
	.reset = gsp_reset,
	.start = gsp_start,
	.wait_for_halt = gsp_wait_for_halt,
	.resume = gsp_resume,
};

int sequencer_serve(struct nvt_gpu *gpu, struct nvt_bytes payload, struct nvt_error *e)
{
	struct sequencer s = { .t = gpu->t, .cores = &gsp_cores, .arg = gpu };
	const uint8_t *commands;
	uint32_t count;
	int rc = sequencer_parse(gpu->b.rel, payload, &commands, &count, e);

	return rc ? rc : sequencer_run(&s, commands, count, e);
}
