/* SPDX-License-Identifier: MIT */
/* A device of plain registers with virtual time, whose accesses can be read back, for tests of
 * core. */
#ifndef TESTS_SUPPORT_FAKE_TRANSPORT_H
#define TESTS_SUPPORT_FAKE_TRANSPORT_H

#include "transport/transport.h"

#define FAKE_DEVICE_REGS 64
#define FAKE_DEVICE_LOG 256

struct fake_access {
	bool write;
	uint32_t off, val;
};

struct fake_device {
	struct nvt_transport t;
	struct nvt_ctx ctx;
	struct nvt_clock clock;
	uint64_t now_ns;
	struct {
		uint32_t off, val;
	} regs[FAKE_DEVICE_REGS]; /* a register not listed reads 0 */
	unsigned reg_count;
	struct fake_access log[FAKE_DEVICE_LOG];
	unsigned log_count;
	nvt_iova next_iova;
	unsigned dma_live; /* buffers not freed */
	/* Called whenever virtual time moves. May be NULL. */
	void (*on_sleep)(struct fake_device *d, void *arg);
	void *arg;
};

void fake_device_init(struct fake_device *d);
void fake_device_set(struct fake_device *d, uint32_t off, uint32_t val);
uint32_t fake_device_get(const struct fake_device *d, uint32_t off);

#endif
