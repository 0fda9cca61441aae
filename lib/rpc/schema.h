/* SPDX-License-Identifier: MIT */
/*
 * Reads protocol facts (protocol/README.md gives the language) and makes tables of them. The generator
 * and a schema given at run time go through the same code and end in the same bytes.
 */
#ifndef NVT_RPC_SCHEMA_H
#define NVT_RPC_SCHEMA_H

#include <nvt/rpc.h>

/*
 * Each file holds some of the sections; their order does not matter. *ret is one allocation, to be
 * freed with free(). On -NVT_E_DATA the error says the file, the path within it and what is wrong.
 */
NVT_API int nvt_schema_load(const char *const *paths, unsigned n, struct nvt_abi **ret, struct nvt_error *e);
/* Bytes of the tables, all rows included. */
NVT_API size_t nvt_schema_size(const struct nvt_abi *abi);

#endif
