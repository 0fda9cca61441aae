/* SPDX-License-Identifier: MIT */
/* One register access below the nvt_* functions: counted, and judged, but without an event. */
#ifndef NVT_TRANSPORT_ACCESS_H
#define NVT_TRANSPORT_ACCESS_H

#include "transport/transport.h"

/* Performs and counts one 32-bit read of BAR0; says nothing about the value. */
int access_rd32(struct nvt_transport *t, uint32_t off, uint32_t *ret, struct nvt_error *e);
/* Alignment and bounds; NVT_E_USAGE. */
int access_check(const struct nvt_transport *t, unsigned bar, uint64_t off, size_t n, struct nvt_error *e);
/* True for values with which the chip answers a read that no register served. */
bool access_is_pri_error(uint32_t off, uint32_t val);
/* Tells a dead device and a PRI error from a value; reads BOOT_0 when val is all ones. */
int access_judge(struct nvt_transport *t, uint32_t off, uint32_t val, struct nvt_error *e);
/* Adds register and step to an error that lacks them; returns rc. */
int access_at(const struct nvt_transport *t, uint32_t off, int rc, struct nvt_error *e);
void access_emit(struct nvt_transport *t, enum nvt_event_kind kind, uint64_t off, unsigned size, uint64_t val,
		 bool dry);

#endif
