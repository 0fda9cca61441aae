/* SPDX-License-Identifier: MIT */
/* Opcodes of the CPU sequencer; a test holds this table against GSP_SEQ_BUF_OPCODE and the payload structs. */
#include <nvt/rpc.h>

static const struct {
	const char *name;
	unsigned operands;
} ops[NVT_SEQ__COUNT] = {
	[NVT_SEQ_REG_WRITE] = { "GSP_SEQ_BUF_OPCODE_REG_WRITE", 2 },
	[NVT_SEQ_REG_MODIFY] = { "GSP_SEQ_BUF_OPCODE_REG_MODIFY", 3 },
	[NVT_SEQ_REG_POLL] = { "GSP_SEQ_BUF_OPCODE_REG_POLL", 5 },
	[NVT_SEQ_DELAY_US] = { "GSP_SEQ_BUF_OPCODE_DELAY_US", 1 },
	[NVT_SEQ_REG_STORE] = { "GSP_SEQ_BUF_OPCODE_REG_STORE", 2 },
	[NVT_SEQ_CORE_RESET] = { "GSP_SEQ_BUF_OPCODE_CORE_RESET", 0 },
	[NVT_SEQ_CORE_START] = { "GSP_SEQ_BUF_OPCODE_CORE_START", 0 },
	[NVT_SEQ_CORE_WAIT_FOR_HALT] = { "GSP_SEQ_BUF_OPCODE_CORE_WAIT_FOR_HALT", 0 },
	[NVT_SEQ_CORE_RESUME] = { "GSP_SEQ_BUF_OPCODE_CORE_RESUME", 0 },
};

unsigned nvt_seq_operands(enum nvt_seq_op op)
{
	return (unsigned)op < NVT_SEQ__COUNT ? ops[op].operands : 0;
}

const char *nvt_seq_name(enum nvt_seq_op op)
{
	return (unsigned)op < NVT_SEQ__COUNT ? ops[op].name : NULL;
}
