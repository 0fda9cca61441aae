/* SPDX-License-Identifier: MIT */
/* Injected faults: which are asked for, and whether one fires now. */
#ifndef NVT_SIM_FAULTS_H
#define NVT_SIM_FAULTS_H

#include <nvt/sim.h>

struct sim;

/* Ids of the rows of nvt_sim_faults. */
enum sim_fault {
	SIM_F_GFW_NEVER_READY,
	SIM_F_GFW_SLOW,
	SIM_F_FB_SIZE_ZERO,
	SIM_F_WPR2_ALREADY_UP,
	SIM_F_FALCON_DMA_STUCK,
	SIM_F_FWSEC_NEVER_HALTS,
	SIM_F_FRTS_ERROR,
	SIM_F_FRTS_ELSEWHERE,
	SIM_F_BOOTER_ERROR,
	SIM_F_BOOTER_SIGNATURE,
	SIM_F_BOOTER_NEVER_HALTS,
	SIM_F_RISCV_NEVER_ACTIVE,
	SIM_F_STATUS_QUEUE_NEVER_LINKED,
	SIM_F_BAD_CHECKSUM,
	SIM_F_SEQUENCE_GAP,
	SIM_F_MESSAGE_TRUNCATED,
	SIM_F_MESSAGE_TOO_LONG,
	SIM_F_UNKNOWN_EVENT,
	SIM_F_REPLY_WRAPS,
	SIM_F_LENGTH_NEAR_PAGE,
	SIM_F_CONTINUATION_OUT_OF_ORDER,
	SIM_F_SEQUENCER_BAD_OPCODE,
	SIM_F_SEQUENCER_POLL_NEVER,
	SIM_F_SEQUENCER_CORE_OPS,
	SIM_F_INIT_DONE_ERROR,
	SIM_F_INIT_DONE_NEVER,
	SIM_F_OS_ERROR_LOG_SILENCE,
	SIM_F_STATIC_INFO_ERROR,
	SIM_F_STATIC_INFO_NEVER,
	SIM_F_BUS_DEAD,
	SIM_F_PRI_ERROR,
	SIM_F_UNLOAD_NO_ANSWER,
	SIM_F_UNLOAD_LEAVES_WPR2,
	SIM_F__COUNT
};

struct sim_faults {
	bool fired[NVT_SIM_FAULTS_MAX];  /* by position in opts.faults */
	bool unseen[NVT_SIM_FAULTS_MAX]; /* fired by a reset; no register was accessed since */
};

/* True if the fault is asked for and due: once per device, or every time when sticky. */
bool sim_fault_fires(struct sim *s, enum sim_fault f);
/* As sim_fault_fires for a fault whose ARG is a device-side phase; without ARG: "rpc". */
bool sim_fault_fires_in(struct sim *s, enum sim_fault f, const char *phase);
/* Before a reset: what the last one did and nobody saw counts as not done. A virtual machine resets at its start. */
void sim_faults_before_reset(struct sim *s);
void sim_faults_after_reset(struct sim *s);
/* A register is accessed. */
void sim_faults_seen(struct sim *s);
/* ARG as a number, dflt if there is none or it is not one. */
uint64_t sim_fault_arg(const struct sim *s, enum sim_fault f, uint64_t dflt);
/* Row of the name, NULL if unknown. */
const struct nvt_sim_fault *sim_fault_by_name(const char *name);
/* True if arg is one that the fault takes ("" always is). */
bool sim_fault_arg_ok(const struct nvt_sim_fault *f, const char *arg);

#endif
