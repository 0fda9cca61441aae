/* SPDX-License-Identifier: MIT */
/*
 * Reads protocol facts (protocol/README.md gives the language) and makes tables of them. The generator
 * and a schema given at run time go through the same code and end in the same bytes.
 */
#ifndef NVT_RPC_SCHEMA_H
#define NVT_RPC_SCHEMA_H

#include <nvt/rpc.h> /* nvt_schema_load */

/* Bytes of the tables, all rows included. */
NVT_API size_t nvt_schema_size(const struct nvt_abi *abi);

#endif
