/* SPDX-License-Identifier: MIT */
/*
 * LIBOS log buffers: a 64-bit count of words written, then the ring that they go to. Each record
 * ends with the address of its meta data and its time stamp; how many arguments stand before them
 * is said by that meta data, which is in the firmware's debug image, not here. Before the first
 * record the driver leaves the buffer's page addresses at the start of the ring.
 */
#include <nvt/fw.h>

#include "base/bytes.h"
#include "fw/check.h"

#include <string.h>

#define PAGE 4096u

static uint64_t word(struct nvt_bytes b, uint64_t i)
{
	return nvt_le64(b.p + 8 * (1 + i));
}

/* Addresses of pages, none of them overwritten yet. */
static unsigned count_pages(struct nvt_bytes b, uint64_t put)
{
	unsigned n = (unsigned)(b.n / PAGE), i;

	if (put)
		return 0;
	for (i = 0; i < n; i++)
		if (!word(b, i) || word(b, i) % PAGE)
			return 0;
	return n;
}

int nvt_libos_log_parse(struct nvt_bytes buf, struct nvt_libos_log *ret, struct nvt_error *e)
{
	memset(ret, 0, sizeof(*ret));
	if (!buf.n || buf.n % PAGE)
		return nvt_fw_bad_value(e, "size of the log buffer", 0, buf.n,
					"made of 4 KiB pages");
	ret->put = nvt_le64(buf.p);
	ret->room = buf.n / 8 - 1;
	ret->count = ret->put < ret->room ? ret->put : ret->room;
	ret->first = ret->put > ret->room ? ret->put % ret->room : 0;
	ret->pages = count_pages(buf, ret->put);
	/* no record is shorter than meta data and time stamp */
	if (ret->put == 1)
		return nvt_fw_bad_value(e, "put pointer", 0, 1, "0 or at least 2");
	if (ret->count)
		ret->newest_time = nvt_libos_log_word(buf, ret, ret->count - 1);
	return 0;
}

uint64_t nvt_libos_log_word(struct nvt_bytes buf, const struct nvt_libos_log *log, uint64_t i)
{
	return word(buf, (log->first + i) % log->room);
}
