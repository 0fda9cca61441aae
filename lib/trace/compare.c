/* SPDX-License-Identifier: MIT */
/* Two recordings: registers by block, messages in order, and the sections as a whole. */
#include "trace/recording.h"

#include <nvt/regs.h>

#include "base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TEXT = 128 };

static const char *const section_names[NVT_RECORDING_SECTIONS] = {
	[SEC_FB] = "fb",
	[SEC_WPR_META] = "wpr-meta",
	[SEC_RM_ARGS] = "rm-args",
	[SEC_SYSTEM_INFO] = "system-info",
	[SEC_REGISTRY] = "registry",
	[SEC_MESSAGES] = "messages",
	[SEC_REGISTERS] = "registers",
};

const char *nvt_recording_section(unsigned i)
{
	return i < NVT_RECORDING_SECTIONS ? section_names[i] : NULL;
}

void rec_differ(struct rec_comparison *c, enum rec_section s, const char *name, const char *what, const char *a,
		const char *b)
{
	struct nvt_difference d = { section_names[s], name, what, a, b, NULL, NULL };
	int side = !strcmp(b, "-") ? 0 : !strcmp(a, "-") ? 1 : 2;

	c->result->section[s].different++;
	if (rec_explain(&d, side, c->driver_a, c->driver_b))
		c->result->section[s].explained++;
	else
		c->result->unexplained++;
	if (c->fn)
		c->fn(c->arg, &d);
}

/* ---- registers ---- */

static void put_register(const struct rec_register *g, char text[TEXT])
{
	unsigned i;
	int n;

	if (!g) {
		snprintf(text, TEXT, "-");
		return;
	}
	if (!g->write) {
		snprintf(text, TEXT, "last 0x%" PRIx64, g->last);
		return;
	}
	n = snprintf(text, TEXT, "%" PRIu64 ":", g->count);
	for (i = 0; i < g->value_n && i < REC_VALUES; i++)
		n += snprintf(text + n, TEXT - (size_t)n, " 0x%" PRIx64, g->value[i]);
	if (g->value_n > REC_VALUES)
		snprintf(text + n, TEXT - (size_t)n, " ...");
}

/* What differs of a register that both used; NULL if nothing does. How often a register is read is a matter of time. */
static const char *unlike(const struct rec_comparison *c, const struct rec_register *a, const struct rec_register *b)
{
	uint64_t key = REC_STEP(a->addr, a->write);

	if (a->write && (a->hash != b->hash || a->count != b->count))
		return "write";
	if (!a->write && a->last != b->last)
		return "read";
	if (steps_moved(&c->a->blocks[a->block].steps, key) && steps_moved(&c->b->blocks[b->block].steps, key))
		return "order";
	return NULL;
}

static void compare_register(struct rec_comparison *c, const struct rec_register *a, const struct rec_register *b)
{
	const struct rec_register *one = a ? a : b;
	const char *what = one->write ? "write" : "read";
	char name[128], ta[TEXT], tb[TEXT];

	c->result->section[SEC_REGISTERS].items++;
	if (a && b)
		what = unlike(c, a, b);
	if (!what)
		return;
	put_register(a, ta);
	put_register(b, tb);
	rec_differ(c, SEC_REGISTERS, nvt_reg_format(one->addr, name, sizeof(name)), what, ta, tb);
}

static struct rec_block *block_named(struct nvt_recording *r, const char *name)
{
	unsigned i;

	for (i = 0; i < r->block_n; i++)
		if (!strcmp(r->blocks[i].name, name))
			return &r->blocks[i];
	return NULL;
}

/* Marks in both lists what they have in common; a block that one side lacks has nothing. */
static bool compare_order(const struct rec_comparison *c)
{
	struct rec_block *other;
	bool ok = true;
	unsigned i;

	for (i = 0; ok && i < c->a->block_n; i++) {
		other = block_named(c->b, c->a->blocks[i].name);
		if (other)
			ok = steps_compare(&c->a->blocks[i].steps, &other->steps);
	}
	return ok;
}

static void compare_block(struct rec_comparison *c, const char *name)
{
	const struct nvt_recording *sides[2] = { c->a, c->b };
	unsigned k, i;

	for (k = 0; k < 2; k++)
		for (i = 0; i < sides[k]->reg_n; i++) {
			const struct rec_register *g = &sides[k]->regs[i];
			const struct rec_register *other = rec_find(sides[!k], g->addr, g->write);

			if (strcmp(sides[k]->blocks[g->block].name, name) || (k && other))
				continue;
			compare_register(c, k ? NULL : g, k ? g : other);
		}
}

static int compare_registers(struct rec_comparison *c)
{
	unsigned i;

	c->result->section[SEC_REGISTERS].compared = c->a->info.has_accesses && c->b->info.has_accesses;
	if (!c->result->section[SEC_REGISTERS].compared)
		return 0;
	if (!compare_order(c))
		return -NVT_E_NOMEM;
	for (i = 0; i < c->a->block_n; i++)
		compare_block(c, c->a->blocks[i].name);
	for (i = 0; i < c->b->block_n; i++)
		if (!block_named(c->a, c->b->blocks[i].name))
			compare_block(c, c->b->blocks[i].name);
	return 0;
}

/* ---- messages ---- */

static const struct rec_message *find_message(const struct nvt_recording *r, uint64_t key)
{
	unsigned i;

	for (i = 0; i < r->msg_n; i++)
		if (rec_message_key(&r->msgs[i]) == key)
			return &r->msgs[i];
	return NULL;
}

static void name_message(const struct rec_message *m, char *to, size_t size)
{
	struct nvt_msg_desc d = { .name = NULL };
	int n;

	if (m->rel.abi)
		nvt_msg_by_number(m->rel, m->function, &d);
	n = snprintf(to, size, "%s ", m->to_gsp ? "to-gsp" : "from-gsp");
	if (d.name)
		n += snprintf(to + n, size - (size_t)n, "%s", d.name);
	else
		n += snprintf(to + n, size - (size_t)n, "function 0x%" PRIx32, m->function);
	if (m->has_subject)
		snprintf(to + n, size - (size_t)n, " 0x%" PRIx32, m->subject);
}

static void compare_message(struct rec_comparison *c, const struct rec_message *a, const struct rec_message *b)
{
	uint64_t key = rec_message_key(a ? a : b);
	char name[160], ta[24] = "-", tb[24] = "-";

	c->result->section[SEC_MESSAGES].items++;
	name_message(a ? a : b, name, sizeof(name));
	if (a)
		snprintf(ta, sizeof(ta), "%" PRIu64, a->count);
	if (b)
		snprintf(tb, sizeof(tb), "%" PRIu64, b->count);
	if (!a || !b || a->count != b->count)
		rec_differ(c, SEC_MESSAGES, name, "count", ta, tb);
	else if (steps_moved(&c->a->order, key) && steps_moved(&c->b->order, key))
		rec_differ(c, SEC_MESSAGES, name, "order", ta, tb);
}

static int compare_messages(struct rec_comparison *c)
{
	unsigned i;

	c->result->section[SEC_MESSAGES].compared = true;
	if (!steps_compare(&c->a->order, &c->b->order))
		return -NVT_E_NOMEM;
	for (i = 0; i < c->a->msg_n; i++)
		compare_message(c, &c->a->msgs[i], find_message(c->b, rec_message_key(&c->a->msgs[i])));
	for (i = 0; i < c->b->msg_n; i++)
		if (!find_message(c->a, rec_message_key(&c->b->msgs[i])))
			compare_message(c, NULL, &c->b->msgs[i]);
	return 0;
}

/* ---- the whole ---- */

int nvt_recording_compare(struct nvt_recording *a, const char *driver_a, struct nvt_recording *b,
			  const char *driver_b, nvt_difference_fn fn, void *arg, struct nvt_recording_result *ret,
			  struct nvt_error *e)
{
	struct rec_comparison c = { a, b, driver_a, driver_b, fn, arg, ret };
	int rc;

	memset(ret, 0, sizeof(*ret));
	rc = rec_compare_fb(&c);
	if (!rc)
		rc = rec_compare_struct(&c, SEC_WPR_META, REC_WPR_META, "GspFwWprMeta");
	if (!rc)
		rc = rec_compare_struct(&c, SEC_RM_ARGS, REC_RM_ARGS, "GSP_ARGUMENTS_CACHED");
	if (!rc)
		rc = rec_compare_struct(&c, SEC_SYSTEM_INFO, REC_SYSTEM_INFO, "GspSystemInfo");
	if (!rc)
		rc = rec_compare_registry(&c);
	if (!rc)
		rc = compare_messages(&c);
	if (!rc)
		rc = compare_registers(&c);
	return rc ? nvt_fail(e, NVT_E_NOMEM, "out of memory") : 0;
}
