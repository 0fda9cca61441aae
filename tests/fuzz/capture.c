/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: a capture of any form, each message as a line of JSON and into a capture of its own; and as a
 * recording, which must not differ from itself.
 */
#include <nvt/capture.h>
#include <nvt/recording.h>
#include <nvt/trace.h>
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

static void use(struct nvt_text *t, struct nvt_rel rel, const struct nvt_captured *m, struct nvt_sink *copy)
{
	if (m->bytes.n < NVT_RPC_HDR || m->length < m->bytes.n || strlen(m->release) >= sizeof(m->release))
		abort();
	t->n = 0;
	nvt_captured_json(t, rel, m);
	if (!t->failed && (t->p[t->n - 1] != '\n' || t->p[0] != '{'))
		abort();
	if (copy)
		nvt_capture_put(copy, m, nvt_rel_name(rel));
}

static void sum_up(FILE *f, struct nvt_rel rel)
{
	struct nvt_recording_result res;
	struct nvt_recording *r = NULL;
	struct nvt_error e;
	unsigned i;

	rewind(f);
	if (nvt_recording_read(f, "input", rel, &r, &e))
		return;
	if (nvt_recording_compare(r, NULL, r, NULL, NULL, NULL, &res, &e))
		abort();
	for (i = 0; i < NVT_RECORDING_SECTIONS; i++)
		if (res.section[i].different)
			abort();
	nvt_recording_free(r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nvt_rel rel = { nvt_abi_builtin(), 0 };
	struct nvt_text t = { NULL, 0, 0, false };
	struct nvt_sink *copy = NULL;
	struct nvt_reader *r = NULL;
	struct nvt_captured m;
	struct nvt_error e;
	uint64_t n = 0;
	FILE *f = size ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;
	int rc;

	if (!f)
		return 0;
	rc = nvt_reader_open(f, "input", rel, &r, &e);
	if (!rc && nvt_capture_open("/dev/null", "fuzz", &copy, NULL))
		copy = NULL;
	if (!rc)
		rc = nvt_reader_next(r, &m, &e);
	for (; rc == 1; rc = nvt_reader_next(r, &m, &e)) {
		if (m.number != ++n)
			abort();
		use(&t, rel, &m, copy);
	}
	if (rc < 0 && (rc != -(int)e.code || !e.msg[0]))
		abort();
	nvt_capture_close(copy, NULL);
	nvt_reader_close(r);
	sum_up(f, rel);
	nvt_text_free(&t);
	fclose(f);
	return 0;
}
