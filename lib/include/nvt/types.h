/* SPDX-License-Identifier: MIT */
/* Small value types shared by every layer. */
#ifndef NVT_TYPES_H
#define NVT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exported symbols; the library is built with hidden visibility. */
#define NVT_API __attribute__((visibility("default")))

/* A bus address as the device sees it; never a CPU pointer. */
typedef uint64_t nvt_iova;

/* An RM object handle. */
typedef uint32_t nvt_handle;

/* A borrowed, read-only run of bytes. */
struct nvt_bytes {
	const uint8_t *p;
	size_t n;
};

#define NVT_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#endif
