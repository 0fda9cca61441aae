/* SPDX-License-Identifier: MIT */
/* Messages spoiled by injected faults, after they were sealed. */
#include "sim/model.h"

#include "base/bytes.h"

enum {
	CHECKSUM_OFF = 0x20, /* GSP_MSG_QUEUE_ELEMENT */
	SEQ_OFF = 0x24,
	LENGTH_OFF = NVT_ELEM_HDR + 8, /* rpc_message_header_v */
	TRUNCATED = NVT_RPC_HDR + 8,
};
#define TOO_LONG 0x00100000u /* four times the queue */

/* Checksum and length are consistent: only the length is a lie. */
static void claim_too_long(uint8_t *rec)
{
	uint32_t was = nvt_le32(rec + LENGTH_OFF);

	nvt_put_le32(rec + LENGTH_OFF, TOO_LONG);
	/* Length and checksum are in the low and high halves of different words or the same: XOR folds both. */
	nvt_put_le32(rec + CHECKSUM_OFF, nvt_le32(rec + CHECKSUM_OFF) ^ was ^ TOO_LONG);
}

void sim_queue_damage(struct sim *s, uint8_t *rec)
{
	if (sim_fault_fires(s, SIM_F_BAD_CHECKSUM))
		nvt_put_le32(rec + CHECKSUM_OFF, nvt_le32(rec + CHECKSUM_OFF) ^ 1);
	if (sim_fault_fires(s, SIM_F_MESSAGE_TOO_LONG))
		claim_too_long(rec);
	if (sim_fault_fires(s, SIM_F_MESSAGE_TRUNCATED)) {
		nvt_put_le32(rec + LENGTH_OFF, TRUNCATED);
		nvt_frame_seal(rec, TRUNCATED, nvt_le32(rec + SEQ_OFF));
	}
}
