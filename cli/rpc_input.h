/* SPDX-License-Identifier: MIT */
/* Captures as `rpc dump` and `rpc stats` take them: opened, each message with its release, filtered. */
#ifndef CLI_RPC_INPUT_H
#define CLI_RPC_INPUT_H

#include <nvt/capture.h>
#include "cli/cmd.h"

/* Functions with a meaning of their own here; the numbers never move (rpc_global_enums.h). */
enum { FN_FREE = 10, FN_CONTROL = 76, FN_ALLOC = 103, FN_FIRST_EVENT = 0x1000 };

struct rpc_filter {
	const char *function, *command, *object_class; /* by name, or by number */
	bool has_function_number, has_command_number, has_class_number;
	uint32_t function_number, command_number, class_number;
	bool has_status, has_handle, has_direction, to_gsp, has_from, has_to;
	uint32_t status_value, handle;
	uint64_t from_ns, to_ns;
};

struct rpc_input {
	FILE *f;
	const char *name;
	struct nvt_reader *reader;
	const struct nvt_abi *abi;
	struct nvt_rel assumed, last; /* abi NULL: none; last: release of the message before */
	char last_name[32];
	struct rpc_filter filter;
};

/* Options that both commands take: --assume-release and the filters. */
int rpc_input_open(struct cli *cli, struct rpc_input *ret, struct nvt_error *e);
/* The next message that passes, its release, and its description (name NULL if the release has none). */
int rpc_input_next(struct rpc_input *in, struct nvt_captured *m, struct nvt_rel *ret_rel, struct nvt_msg_desc *ret_desc,
		   struct nvt_error *e);
void rpc_input_close(struct rpc_input *in);

/* The payload of a message. */
struct nvt_bytes rpc_body(const struct nvt_captured *m);
/* The command of a GSP_RM_CONTROL, the class of a GSP_RM_ALLOC; false if the payload is too short. */
bool rpc_subject(const struct nvt_captured *m, const struct nvt_msg_desc *d, uint32_t *ret);
/* Its name; NULL if the release has none. */
const char *rpc_subject_name(const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d);
/* NV_STATUS of a reply: of the header, or where that is NV_OK, of the payload; false for requests and events. */
bool rpc_status(const struct nvt_captured *m, const struct nvt_msg_desc *d, uint32_t *ret);

#endif
