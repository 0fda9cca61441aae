/* SPDX-License-Identifier: MIT */
/* rpc stats: requests paired with their replies: latencies, the slowest calls, what never got an answer. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "cli/rpc_input.h"

enum { SLOWEST = 10, LOOK_BACK = 64 };

/* Requests that GSP-RM does not answer (kernel_gsp.c: sent without waiting), and parts of others. */
static bool has_no_reply(uint32_t function)
{
	return function >= 71 && function <= 73; /* CONTINUATION_RECORD, GSP_SET_SYSTEM_INFO, SET_REGISTRY */
}

/* What is counted together: calls of one function, command or class; or events of one kind. */
struct group {
	uint32_t function, subject;
	bool has_subject, is_event;
	char name[64], subject_name[80];
	uint64_t requests, replies, refused;
	uint64_t *ns; /* latencies */
	size_t n, cap;
	struct call *first, *last; /* not answered yet, oldest first */
};

struct call {
	struct call *next;
	size_t group;
	uint64_t number, reply, t_ns, ns;
	uint32_t sequence, status;
	bool has_time, has_sequence, has_status;
};

struct stats {
	struct group *groups; /* in order of first appearance */
	size_t n, cap;
	size_t *index;        /* hash of function and subject -> group + 1; 2 * cap slots */
	struct call slowest[SLOWEST];
	unsigned slow;
	uint64_t messages, stray;
};

static int no_memory(struct nvt_error *e)
{
	return nvt_fail(e, NVT_E_NOMEM, "out of memory");
}

/* ---- groups ---- */

static bool same(const struct group *a, const struct group *b)
{
	return a->function == b->function && a->subject == b->subject && a->has_subject == b->has_subject &&
	       a->is_event == b->is_event;
}

/* Where the index has this group, or has room for it. */
static size_t slot_of(const struct stats *s, const struct group *g)
{
	uint64_t h = ((uint64_t)g->function << 32 ^ (uint64_t)g->is_event << 63 ^ g->subject) *
		     UINT64_C(0x9e3779b97f4a7c15);
	size_t mask = 2 * s->cap - 1, i = (size_t)(h >> 32) & mask;

	while (s->index[i] && !same(&s->groups[s->index[i] - 1], g))
		i = (i + 1) & mask;
	return i;
}

static bool grow(struct stats *s)
{
	size_t cap = s->cap ? 2 * s->cap : 64, i;
	struct group *groups = realloc(s->groups, cap * sizeof(*groups));
	size_t *index = calloc(2 * cap, sizeof(*index));

	if (groups)
		s->groups = groups;
	if (!groups || !index) {
		free(index);
		return false;
	}
	free(s->index);
	s->index = index;
	s->cap = cap;
	for (i = 0; i < s->n; i++)
		index[slot_of(s, &groups[i])] = i + 1;
	return true;
}

/* The group of this message, made if need be; NULL without memory. */
static struct group *group_of(struct stats *s, const struct nvt_captured *m, struct nvt_rel rel,
			      const struct nvt_msg_desc *d)
{
	struct group key = { .function = m->head.function,
			     .is_event = !m->to_gsp && m->head.function >= FN_FIRST_EVENT },
		     *g;
	size_t slot;

	key.has_subject = rpc_subject(m, d, &key.subject);
	if (s->n == s->cap && !grow(s))
		return NULL;
	slot = slot_of(s, &key);
	if (s->index[slot])
		return &s->groups[s->index[slot] - 1];
	g = &s->groups[s->n++];
	s->index[slot] = s->n;
	*g = key;
	if (rpc_subject_name(m, rel, d))
		snprintf(g->subject_name, sizeof(g->subject_name), "%s", rpc_subject_name(m, rel, d));
	if (d->name || m->name[0])
		snprintf(g->name, sizeof(g->name), "%s", d->name ? d->name : m->name);
	else
		snprintf(g->name, sizeof(g->name), "%s %" PRIu32, m->to_gsp ? "function" : "message", m->head.function);
	return g;
}

static bool add_latency(struct group *g, uint64_t ns)
{
	size_t cap = g->cap ? 2 * g->cap : 16;
	uint64_t *p = g->n == g->cap ? realloc(g->ns, cap * sizeof(*p)) : g->ns;

	if (!p)
		return false;
	if (g->n == g->cap)
		g->cap = cap;
	g->ns = p;
	g->ns[g->n++] = ns;
	return true;
}

/* ---- pairing ---- */

static bool begin_call(struct stats *s, struct group *g, const struct nvt_captured *m)
{
	struct call *c = calloc(1, sizeof(*c));

	if (!c)
		return false;
	c->group = (size_t)(g - s->groups);
	c->number = m->number;
	c->t_ns = m->t_ns;
	c->has_time = m->flags & NVT_CAP_TIME;
	c->has_sequence = m->flags & NVT_CAP_SEQUENCE;
	c->sequence = m->head.sequence;
	if (g->last)
		g->last->next = c;
	else
		g->first = c;
	g->last = c;
	return true;
}

/*
 * The request that this message answers: of the same function (and command or class), with its sequence if
 * there is one such, else the oldest; releases before 580 do not give every request a sequence. NULL: none.
 */
static struct call *end_call(struct group *g, const struct nvt_captured *m)
{
	struct call *c = g->first, *before = NULL;
	unsigned looked;

	for (looked = 0; c && looked < LOOK_BACK; looked++, before = c, c = c->next)
		if (c->has_sequence && c->sequence == m->head.sequence)
			break;
	if (!c || looked == LOOK_BACK) {
		c = g->first;
		before = NULL;
	}
	if (!c)
		return NULL;
	if (before)
		before->next = c->next;
	else
		g->first = c->next;
	if (g->last == c)
		g->last = before;
	return c;
}

/* Keeps the slowest, the first first. */
static void rank(struct stats *s, const struct call *c)
{
	unsigned i;

	if (s->slow == SLOWEST && c->ns <= s->slowest[SLOWEST - 1].ns)
		return;
	if (s->slow < SLOWEST)
		s->slow++;
	for (i = s->slow - 1; i && s->slowest[i - 1].ns < c->ns; i--)
		s->slowest[i] = s->slowest[i - 1];
	s->slowest[i] = *c;
}

static bool take_reply(struct stats *s, struct group *g, const struct nvt_captured *m, const struct nvt_msg_desc *d)
{
	struct call *c = end_call(g, m);
	bool ok = true;

	if (!c) {
		s->stray++;
		return true;
	}
	g->replies++;
	c->reply = m->number;
	c->has_status = rpc_status(m, d, &c->status);
	g->refused += c->has_status && c->status;
	if (c->has_time && m->flags & NVT_CAP_TIME && m->t_ns >= c->t_ns) {
		c->ns = m->t_ns - c->t_ns;
		ok = add_latency(g, c->ns);
		rank(s, c);
	}
	free(c);
	return ok;
}

static int take(struct stats *s, const struct nvt_captured *m, struct nvt_rel rel, const struct nvt_msg_desc *d,
		struct nvt_error *e)
{
	struct group *g = group_of(s, m, rel, d);

	if (!g)
		return no_memory(e);
	s->messages++;
	if (!m->to_gsp && !g->is_event)
		return take_reply(s, g, m, d) ? 0 : no_memory(e);
	g->requests++;
	if (g->is_event || has_no_reply(g->function))
		return 0;
	return begin_call(s, g, m) ? 0 : no_memory(e);
}

/* ---- the document ---- */

static void put_name(json_t *o, const struct group *g)
{
	doc_str(o, "name", g->name);
	if (g->has_subject)
		doc_hex(o, g->function == FN_CONTROL ? "command" : "class", g->subject);
	if (g->subject_name[0])
		doc_str(o, "subject", g->subject_name);
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Nearest rank: the least value that at least `percent` of all do not exceed. */
static uint64_t percentile(const struct group *g, unsigned percent)
{
	return g->ns[(g->n * percent + 99) / 100 - 1];
}

static void put_latencies(json_t *o, struct group *g)
{
	if (!g->n)
		return;
	qsort(g->ns, g->n, sizeof(*g->ns), by_value);
	doc_num(o, "min_ns", g->ns[0]);
	doc_num(o, "p50_ns", percentile(g, 50));
	doc_num(o, "p90_ns", percentile(g, 90));
	doc_num(o, "p99_ns", percentile(g, 99));
	doc_num(o, "max_ns", g->ns[g->n - 1]);
}

static void put_groups(struct stats *s, json_t *calls, json_t *silent, json_t *events)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		struct group *g = &s->groups[i];
		bool is_event = g->is_event, is_silent = has_no_reply(g->function);
		json_t *o;

		if (!g->requests)
			continue;
		o = doc_obj(is_event ? events : is_silent ? silent : calls, NULL);
		put_name(o, g);
		doc_num(o, is_event || is_silent ? "count" : "requests", g->requests);
		if (is_event || is_silent)
			continue;
		doc_num(o, "replies", g->replies);
		doc_num(o, "refused", g->refused);
		put_latencies(o, g);
	}
}

static void put_slowest(const struct stats *s, struct nvt_rel rel, json_t *list)
{
	const char *name;
	unsigned i;

	for (i = 0; i < s->slow; i++) {
		const struct call *c = &s->slowest[i];
		json_t *o = doc_obj(list, NULL);

		put_name(o, &s->groups[c->group]);
		doc_num(o, "request", c->number);
		doc_num(o, "reply", c->reply);
		doc_num(o, "ns", c->ns);
		if (!c->has_status)
			continue;
		name = rel.abi ? nvt_status_name(rel, c->status) : NULL;
		if (name)
			doc_str(o, "status", name);
		else
			doc_hex(o, "status", c->status);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct call *const *x = a, *const *y = b;

	return (*x)->number < (*y)->number ? -1 : (*x)->number > (*y)->number;
}

static int put_unanswered(struct stats *s, json_t *list, struct nvt_error *e)
{
	struct call **all, *c;
	size_t n = 0, i;

	for (i = 0; i < s->n; i++)
		for (c = s->groups[i].first; c; c = c->next)
			n++;
	all = calloc(n + 1, sizeof(*all));
	if (!all)
		return no_memory(e);
	for (i = 0, n = 0; i < s->n; i++)
		for (c = s->groups[i].first; c; c = c->next)
			all[n++] = c;
	qsort(all, n, sizeof(*all), by_number);
	for (i = 0; i < n; i++) {
		json_t *o = doc_obj(list, NULL);

		put_name(o, &s->groups[all[i]->group]);
		doc_num(o, "request", all[i]->number);
		if (all[i]->has_sequence)
			doc_num(o, "sequence", all[i]->sequence);
		if (all[i]->has_time)
			doc_num(o, "t_ns", all[i]->t_ns);
	}
	free(all);
	return 0;
}

static int put_document(struct stats *s, const struct rpc_input *in, json_t *data, struct nvt_error *e)
{
	json_t *calls, *silent, *events;

	doc_str(data, "kind", nvt_reader_kind(in->reader));
	doc_num(data, "messages", s->messages);
	doc_num(data, "skipped", nvt_reader_skipped(in->reader));
	calls = doc_arr(data, "calls");
	silent = doc_arr(data, "without_reply");
	events = doc_arr(data, "events");
	put_groups(s, calls, silent, events);
	put_slowest(s, in->last, doc_arr(data, "slowest"));
	doc_num(data, "stray_replies", s->stray);
	return put_unanswered(s, doc_arr(data, "unanswered"), e);
}

static void stats_free(struct stats *s)
{
	struct call *c;
	size_t i;

	for (i = 0; i < s->n; i++) {
		while ((c = s->groups[i].first)) {
			s->groups[i].first = c->next;
			free(c);
		}
	}
	for (i = 0; i < s->n; i++)
		free(s->groups[i].ns);
	free(s->groups);
	free(s->index);
	free(s);
}

int cli_rpc_stats(struct cli *cli, json_t *data, struct nvt_error *e)
{
	struct stats *s = calloc(1, sizeof(*s));
	struct nvt_captured m;
	struct nvt_msg_desc d;
	struct rpc_input in;
	struct nvt_rel rel;
	int rc;

	if (!s)
		return no_memory(e);
	rc = rpc_input_open(cli, &in, e);
	if (!rc)
		rc = rpc_input_next(&in, &m, &rel, &d, e);
	while (rc == 1) {
		rc = take(s, &m, rel, &d, e);
		if (!rc)
			rc = rpc_input_next(&in, &m, &rel, &d, e);
	}
	if (!rc)
		rc = put_document(s, &in, data, e);
	rpc_input_close(&in);
	stats_free(s);
	return rc;
}

/* ---- text ---- */

static void put_us(const json_t *o, const char *key, FILE *out)
{
	uint64_t ns = doc_get_num(o, key);

	if (json_object_get(o, key))
		fprintf(out, " %7" PRIu64 ".%03" PRIu64, ns / 1000, ns % 1000);
	else
		fprintf(out, " %11s", "-");
}

/* "GSP_RM_CONTROL 0x20800a01" */
static void put_title(const json_t *o, int width, FILE *out)
{
	const char *command = doc_get_str(o, "command"), *subject = command[0] ? command : doc_get_str(o, "class");
	char text[128];

	snprintf(text, sizeof(text), "%s%s%s", doc_get_str(o, "name"), subject[0] ? " " : "", subject);
	fprintf(out, "%-*s", width, text);
}

static void print_calls(const json_t *calls, FILE *out)
{
	const json_t *o;
	size_t i;

	if (!json_array_size(calls))
		return;
	fprintf(out, "%-34s %8s %8s %8s %11s %11s %11s %11s %11s\n", "CALL", "REQUESTS", "REPLIES", "REFUSED", "MIN us",
		"P50 us", "P90 us", "P99 us", "MAX us");
	json_array_foreach(calls, i, o) {
		put_title(o, 34, out);
		fprintf(out, " %8" PRIu64 " %8" PRIu64 " %8" PRIu64, doc_get_num(o, "requests"), doc_get_num(o, "replies"),
			doc_get_num(o, "refused"));
		put_us(o, "min_ns", out);
		put_us(o, "p50_ns", out);
		put_us(o, "p90_ns", out);
		put_us(o, "p99_ns", out);
		put_us(o, "max_ns", out);
		fprintf(out, "%s%s\n", doc_get_str(o, "subject")[0] ? "  " : "", doc_get_str(o, "subject"));
	}
}

static void print_counts(const char *heading, const json_t *list, FILE *out)
{
	const json_t *o;
	size_t i;

	if (json_array_size(list))
		fprintf(out, "\n%s\n", heading);
	json_array_foreach(list, i, o) {
		fputs("  ", out);
		put_title(o, 34, out);
		fprintf(out, " %7" PRIu64 "\n", doc_get_num(o, "count"));
	}
}

static void print_slowest(const json_t *list, FILE *out)
{
	const json_t *o;
	size_t i;

	if (json_array_size(list))
		fputs("\nslowest calls\n", out);
	json_array_foreach(list, i, o) {
		fputs("  ", out);
		put_title(o, 34, out);
		put_us(o, "ns", out);
		fprintf(out, " us  message %" PRIu64 ", answered by %" PRIu64 "  %s\n", doc_get_num(o, "request"),
			doc_get_num(o, "reply"), doc_get_str(o, "status"));
	}
}

static void print_unanswered(const json_t *list, FILE *out)
{
	const json_t *o;
	size_t i;

	if (json_array_size(list))
		fputs("\nnever answered\n", out);
	json_array_foreach(list, i, o) {
		fputs("  ", out);
		put_title(o, 34, out);
		fprintf(out, " message %" PRIu64, doc_get_num(o, "request"));
		if (json_object_get(o, "t_ns"))
			fprintf(out, " at %" PRIu64 " us", doc_get_num(o, "t_ns") / 1000);
		fputc('\n', out);
	}
}

void cli_rpc_stats_print(const struct cli *cli, const json_t *data, FILE *out)
{
	(void)cli;
	print_calls(json_object_get(data, "calls"), out);
	print_slowest(json_object_get(data, "slowest"), out);
	print_unanswered(json_object_get(data, "unanswered"), out);
	print_counts("sent without waiting for an answer", json_object_get(data, "without_reply"), out);
	print_counts("events", json_object_get(data, "events"), out);
	if (doc_get_num(data, "stray_replies"))
		fprintf(out, "\n%" PRIu64 " replies without a request\n", doc_get_num(data, "stray_replies"));
	fprintf(out, "\n%" PRIu64 " messages, %" PRIu64 " skipped\n", doc_get_num(data, "messages"),
		doc_get_num(data, "skipped"));
}
