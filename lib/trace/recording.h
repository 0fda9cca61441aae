/* SPDX-License-Identifier: MIT */
/* What is kept of a recording, for what compares two. */
#ifndef NVT_TRACE_RECORDING_H
#define NVT_TRACE_RECORDING_H

#include <nvt/recording.h>

#include "trace/steps.h"

enum {
	REC_BLOCKS = 256,
	REC_REGISTERS = 8192, /* by address and direction */
	REC_MESSAGES = 4096,  /* different ones */
	REC_VALUES = 4,
	REC_STRUCT_MAX = 1 << 16,
};

/* Structures of the driver's that are compared field by field. */
enum rec_struct {
	REC_WPR_META, REC_RM_ARGS, REC_SYSTEM_INFO, REC_REGISTRY,
	REC_WPR_META_MADE, REC_RM_ARGS_MADE, /* not as the device read them */
	REC_STRUCT__COUNT
};

struct rec_bytes {
	uint8_t *p;
	size_t n;
	struct nvt_rel rel;
};

struct rec_register {
	uint32_t addr;
	bool write;
	uint16_t block;
	uint64_t count, hash; /* hash: of the values written, in order */
	uint64_t last;        /* value read last */
	uint64_t value[REC_VALUES]; /* written first, repetitions left out */
	unsigned value_n;     /* of all; may be more than are kept */
};

struct rec_block {
	char name[24];
	bool is_window;
	uint64_t reads[2], writes[2]; /* of the boot, after it */
	struct step_list steps;       /* of its registers */
};

struct rec_message {
	bool to_gsp, has_subject;
	uint32_t function, subject; /* command or class */
	struct nvt_rel rel;
	uint64_t count;
};

struct nvt_recording {
	struct nvt_recording_info info;
	char device[256], chip[32], release[32];
	bool over;       /* the boot is */
	unsigned init_done;
	struct rec_bytes structs[REC_STRUCT__COUNT];
	struct rec_block blocks[REC_BLOCKS];
	unsigned block_n;
	struct rec_register *regs;
	unsigned reg_n;
	uint32_t *slots; /* hash table of regs, index + 1 */
	struct rec_message *msgs;
	unsigned msg_n;
	struct step_list order; /* of messages */
	bool no_memory;
	/* the block that the last access fell into */
	uint32_t page;
	int page_block;
};

#define REC_STEP(reg_addr, is_write) ((uint64_t)(reg_addr) << 1 | (is_write))
const struct rec_register *rec_find(const struct nvt_recording *r, uint32_t addr, bool write);
/* Key of a message among the steps. */
uint64_t rec_message_key(const struct rec_message *m);

/* explain.c: fills why and source of *d; side: 0 only a has it, 1 only b, 2 both. False: it is not known. */
bool rec_explain(struct nvt_difference *d, int side, const char *driver_a, const char *driver_b);

/* compare_fields.c: calls back for each field that differs. */
struct rec_comparison {
	struct nvt_recording *a, *b;
	const char *driver_a, *driver_b;
	nvt_difference_fn fn;
	void *arg;
	struct nvt_recording_result *result;
};
enum rec_section { SEC_FB, SEC_WPR_META, SEC_RM_ARGS, SEC_SYSTEM_INFO, SEC_REGISTRY, SEC_MESSAGES, SEC_REGISTERS };
void rec_differ(struct rec_comparison *c, enum rec_section s, const char *name, const char *what, const char *a,
		const char *b);
int rec_compare_fb(struct rec_comparison *c);
int rec_compare_struct(struct rec_comparison *c, enum rec_section s, enum rec_struct which, const char *type);
int rec_compare_registry(struct rec_comparison *c);

#endif
