/* SPDX-License-Identifier: MIT */
/* An open model without firmware, for tests of its device side. */
#ifndef NVT_TESTS_UNIT_SIM_DEVICE_H
#define NVT_TESTS_UNIT_SIM_DEVICE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "sim/model.h"

struct device {
	struct nvt_ctx ctx;
	struct nvt_fwdb *db;
	struct nvt_transport *t;
	struct sim_opts opts;
	char storage[512];
	struct nvt_error e;
};

static inline void device_open(struct device *d, const char *uri)
{
	memset(d, 0, sizeof(*d));
	assert_int_equal(nvt_fwdb_open(NULL, &d->db, &d->e), 0);
	if (sim_parse_uri(uri, &d->opts, d->storage, sizeof(d->storage), &d->e))
		fail_msg("%s", d->e.msg);
	d->opts.fwdb = d->db;
	if (sim_open(&d->ctx, &d->opts, &d->t, &d->e))
		fail_msg("%s", d->e.msg);
}

static inline void device_close(struct device *d)
{
	d->t->ops->close(d->t);
	nvt_fwdb_close(d->db);
}

static inline uint64_t device_rd(struct device *d, unsigned bar, uint64_t off, unsigned size)
{
	uint64_t v;

	if (d->t->ops->mmio_rd(d->t, bar, off, size, &v, &d->e))
		fail_msg("%s", d->e.msg);
	return v;
}

static inline void device_wr(struct device *d, unsigned bar, uint64_t off, unsigned size, uint64_t v)
{
	if (d->t->ops->mmio_wr(d->t, bar, off, size, v, &d->e))
		fail_msg("%s", d->e.msg);
}

static inline uint32_t rd(struct device *d, uint32_t off)
{
	return (uint32_t)device_rd(d, 0, off, 4);
}

static inline void wr(struct device *d, uint32_t off, uint32_t v)
{
	device_wr(d, 0, off, 4, v);
}

static inline void device_sleep(struct device *d, uint64_t us)
{
	d->ctx.clock->sleep_us(d->ctx.clock, us);
}

#endif
