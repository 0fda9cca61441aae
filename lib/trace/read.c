/* SPDX-License-Identifier: MIT */
/* Captures: which kind the input is, and the window on it. */
#include "trace/read.h"

#include "base/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the window ---- */

/* Room for n bytes from at on, those in use moved to the front. */
static bool make_room(struct source *s, size_t n)
{
	size_t cap = s->cap ? s->cap : (size_t)1 << 18;
	uint8_t *p;

	if (s->at) {
		memmove(s->p, s->p + s->at, s->n - s->at);
		s->base += s->at;
		s->n -= s->at;
		s->at = 0;
	}
	while (cap < n)
		cap *= 2;
	if (cap == s->cap)
		return true;
	p = realloc(s->p, cap);
	if (!p) {
		s->sys = ENOMEM;
		return false;
	}
	s->p = p;
	s->cap = cap;
	return true;
}

const uint8_t *source_need(struct source *s, size_t n)
{
	size_t got;

	if (s->n - s->at >= n)
		return s->p + s->at;
	if (s->sys || !make_room(s, n))
		return NULL;
	while (s->n < n) {
		errno = 0;
		got = fread(s->p + s->n, 1, s->cap - s->n, s->f);
		if (!got && ferror(s->f))
			s->sys = errno ? errno : EIO;
		if (!got)
			return NULL;
		s->n += got;
	}
	return s->p;
}

size_t source_left(const struct source *s)
{
	return s->n - s->at;
}

void source_skip(struct source *s, size_t n)
{
	s->at += n;
}

bool source_line(struct source *s, size_t max, struct nvt_bytes *ret)
{
	const uint8_t *nl;

	source_need(s, max);
	*ret = (struct nvt_bytes){ s->p + s->at, source_left(s) < max ? source_left(s) : max };
	if (!ret->n)
		return false;
	nl = memchr(ret->p, '\n', ret->n);
	s->at += nl ? (size_t)(nl - ret->p) + 1 : ret->n;
	if (nl)
		ret->n = (size_t)(nl - ret->p);
	return true;
}

int source_end(const struct source *s, struct nvt_error *e)
{
	return s->sys ? nvt_fail_errno(e, s->sys == ENOMEM ? NVT_E_NOMEM : NVT_E_ENV, s->sys, "cannot read %s", s->name) :
			0;
}

/* ---- messages ---- */

int reader_bad(const struct nvt_reader *r, uint64_t where, const char *what, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_DATA, "%s: %s", r->in.name, what);

	if (e)
		e->where = where;
	return rc;
}

/* rpc_message_header_v03_00, equal in every release since 525. */
enum { H_LENGTH = 8, H_FUNCTION = 12, H_RESULT = 16, H_RESULT_PRIVATE = 20, H_SEQUENCE = 24 };

bool reader_take(struct nvt_captured *m, struct nvt_bytes bytes, uint32_t length)
{
	struct nvt_rpc_head valid;
	uint8_t head[NVT_RPC_HDR];

	if (bytes.n < NVT_RPC_HDR)
		return false;
	/* The length may say more than the source kept. */
	memcpy(head, bytes.p, sizeof(head));
	nvt_put_le32(head + H_LENGTH, NVT_RPC_HDR);
	if (nvt_rpc_head_get((struct nvt_bytes){ head, sizeof(head) }, &valid, NULL))
		return false;
	m->head = (struct nvt_rpc_head){ .length = nvt_le32(bytes.p + H_LENGTH),
					 .function = valid.function,
					 .result = valid.result,
					 .result_private = valid.result_private,
					 .sequence = valid.sequence };
	m->bytes = bytes;
	m->length = length > bytes.n ? length : (uint32_t)bytes.n;
	return true;
}

static bool give_buffer(struct nvt_reader *r, struct nvt_join *j)
{
	uint8_t *p = j->buf ? j->buf : malloc(MESSAGE_MAX);

	if (p && !j->buf)
		nvt_join_init(j, r->rel, p, MESSAGE_MAX);
	return p;
}

int reader_join(struct nvt_reader *r, struct nvt_captured *m, struct nvt_bytes rec, struct nvt_error *e)
{
	struct nvt_join *j = &r->join[m->to_gsp];
	struct nvt_bytes whole;
	int rc;

	if (!give_buffer(r, j))
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	rc = nvt_join_feed(j, rec, &whole, NULL);
	if (rc == 1)
		return reader_take(m, whole, 0) ? 1 : 0;
	if (!rc)
		return 0;
	r->skipped++;
	return reader_take(m, rec, 0);
}

/* ---- the readers ---- */

/* The last one takes what no other does. */
static const struct reader_ops *const readers[] = { &reader_pcapng, &reader_trace, &reader_log, &reader_queue };

/* Bytes by which a kind shows itself; a text has no NUL among them. */
#define PROBE 4096

static int choose(struct nvt_reader *r, struct nvt_error *e)
{
	struct nvt_bytes head;
	unsigned i;
	int rc;

	source_need(&r->in, PROBE);
	head = (struct nvt_bytes){ r->in.p + r->in.at, source_left(&r->in) };
	if (head.n > PROBE)
		head.n = PROBE;
	rc = source_end(&r->in, e);
	if (rc)
		return rc;
	if (!head.n)
		return nvt_fail(e, NVT_E_DATA, "%s is empty", r->in.name);
	for (i = 0; i + 1 < NVT_ARRAY_SIZE(readers) && !readers[i]->probe(head); i++)
		;
	r->ops = readers[i];
	r->state = calloc(1, r->ops->state_size);
	if (!r->state)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	return r->ops->start ? r->ops->start(r, e) : 0;
}

int nvt_reader_open(FILE *f, const char *name, struct nvt_rel rel, struct nvt_reader **ret, struct nvt_error *e)
{
	struct nvt_reader *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return nvt_fail(e, NVT_E_NOMEM, "out of memory");
	r->in = (struct source){ .f = f, .name = name };
	r->rel = rel;
	rc = choose(r, e);
	if (rc)
		nvt_reader_close(r);
	else
		*ret = r;
	return rc;
}

const char *nvt_reader_kind(const struct nvt_reader *r)
{
	return r->ops->kind;
}

int nvt_reader_next(struct nvt_reader *r, struct nvt_captured *ret, struct nvt_error *e)
{
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = r->ops->next(r, ret, e);
	if (rc == 1)
		ret->number = ++r->count;
	return rc;
}

uint64_t nvt_reader_skipped(const struct nvt_reader *r)
{
	return r->skipped;
}

void nvt_reader_close(struct nvt_reader *r)
{
	if (!r)
		return;
	if (r->state && r->ops->stop)
		r->ops->stop(r);
	free(r->state);
	free(r->join[0].buf);
	free(r->join[1].buf);
	free(r->in.p);
	free(r);
}
