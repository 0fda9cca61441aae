/* SPDX-License-Identifier: MIT */
/* The HS images that run on SEC2: booter_load puts GSP-RM into WPR2 and starts it, booter_unload
 * clears WPR2. */
#ifndef NVT_CORE_BOOTER_H
#define NVT_CORE_BOOTER_H

#include <nvt/fw.h>
#include "transport/transport.h"

struct nvt_gpu;

struct booter {
	const char *what;   /* "booter_load" */
	struct nvt_dma mem; /* the file; once signed, its data alone, at the start */
	size_t file_size;
	struct nvt_hs_image hs;
	bool is_signed;
};

/* b->mem holds the file's bytes from its start. */
int booter_parse(struct booter *b, struct nvt_error *e);
void booter_free(struct nvt_transport *t, struct booter *b);
/* Reads the fuse, puts the signature that fits it into the image, and leaves the image alone in
 * b->mem. */
int booter_sign(struct nvt_gpu *gpu, struct booter *b, struct nvt_error *e);
/* Runs it on SEC2 until it halts; the caller judges MAILBOX0. */
int booter_run(struct nvt_gpu *gpu, const struct booter *b, uint32_t mbox0, uint32_t mbox1,
	       struct nvt_error *e);

#endif
