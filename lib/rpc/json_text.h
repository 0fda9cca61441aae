/* SPDX-License-Identifier: MIT */
/* JSON as growing text: the pieces that messages are written with, here and in captures. */
#ifndef NVT_RPC_JSON_TEXT_H
#define NVT_RPC_JSON_TEXT_H

#include <nvt/rpc.h>

void text_put(struct nvt_text *t, const char *s, size_t n);
#define TEXT_PUT(t, literal) text_put(t, literal, sizeof(literal) - 1)
void text_char(struct nvt_text *t, char c);
void text_dec(struct nvt_text *t, uint64_t v);
/* Quoted: two digits a byte; a name, which needs no escapes but gets them. */
void text_hex_bytes(struct nvt_text *t, struct nvt_bytes b);
void text_name(struct nvt_text *t, const char *s);
/* A status by name, or the number. */
void text_status(struct nvt_text *t, struct nvt_rel rel, uint32_t v);
/* The object that nvt_json_decode describes. */
void text_payload(struct nvt_text *t, struct nvt_rel rel, const struct nvt_layout *l, struct nvt_bytes b);

#endif
