/* SPDX-License-Identifier: MIT */
/* Sums a recording up: accesses by block, registers, messages, and the structures that the driver made. */
#include "trace/recording.h"

#include <nvt/capture.h>
#include <nvt/regs.h>

#include "base/bytes.h"
#include "trace/text_read.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE 0x1000u
#define SLOTS (4u * REC_REGISTERS)

/* Numbers that never move (rpc_global_enums.h). */
enum {
	FN_GET_GSP_STATIC_INFO = 65,
	FN_GSP_SET_SYSTEM_INFO = 72,
	FN_SET_REGISTRY = 73,
	FN_CONTROL = 76,
	FN_ALLOC = 103,
	EV_GSP_INIT_DONE = 0x1001,
};

/* ---- blocks ---- */

static bool unit_name(uint32_t addr, char *name, size_t size)
{
	unsigned i;

	for (i = 0; i < nvt_unit_count; i++)
		if (addr >= nvt_units[i].base && addr - nvt_units[i].base < nvt_units[i].size) {
			snprintf(name, size, "%s", nvt_units[i].unit);
			return true;
		}
	return false;
}

static void block_name(unsigned bar, uint64_t addr, char *name, size_t size)
{
	struct nvt_reg_ref ref;

	if (bar)
		snprintf(name, size, "BAR%u", bar);
	else if (addr > UINT32_MAX || unit_name((uint32_t)addr, name, size))
		;
	else if (nvt_reg_at((uint32_t)addr, &ref))
		snprintf(name, size, "%s", ref.reg->block);
	else
		snprintf(name, size, "0x%06" PRIx32, (uint32_t)addr & ~(PAGE - 1));
}

static bool is_window(unsigned bar, const char *name)
{
	return bar || !strcmp(name, "PROM") || !strcmp(name, "PRAMIN");
}

/* The last block takes what there is no room for. */
static unsigned find_block(struct nvt_recording *r, unsigned bar, uint64_t addr)
{
	char name[sizeof(r->blocks[0].name)] = "elsewhere";
	unsigned i;

	block_name(bar, addr, name, sizeof(name));
	for (i = 0; i < r->block_n && strcmp(r->blocks[i].name, name); i++)
		;
	if (i < r->block_n)
		return i;
	if (r->block_n == REC_BLOCKS) {
		r->info.dropped++;
		return REC_BLOCKS - 1;
	}
	memcpy(r->blocks[i].name, name, sizeof(name));
	r->blocks[i].is_window = is_window(bar, name);
	return r->block_n++;
}

/* Windows are met a page after a page: they are looked up once a page. */
static struct rec_block *block_of(struct nvt_recording *r, unsigned bar, uint64_t addr)
{
	uint32_t page = (uint32_t)(addr / PAGE);
	unsigned i;

	if (!bar && r->page_block >= 0 && page == r->page)
		return &r->blocks[r->page_block];
	i = find_block(r, bar, addr);
	if (!bar && r->blocks[i].is_window) {
		r->page = page;
		r->page_block = (int)i;
	}
	return &r->blocks[i];
}

/* ---- registers ---- */

static uint32_t slot_of(uint64_t key)
{
	return (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 40) % SLOTS;
}

static uint32_t *find_slot(const struct nvt_recording *r, uint32_t addr, bool write)
{
	uint32_t at = slot_of(REC_STEP(addr, write));

	while (r->slots[at] && (r->regs[r->slots[at] - 1].addr != addr || r->regs[r->slots[at] - 1].write != write))
		at = (at + 1) % SLOTS;
	return &r->slots[at];
}

const struct rec_register *rec_find(const struct nvt_recording *r, uint32_t addr, bool write)
{
	uint32_t at = *find_slot(r, addr, write);

	return at ? &r->regs[at - 1] : NULL;
}

static struct rec_register *need_register(struct nvt_recording *r, uint32_t addr, bool write, unsigned block)
{
	uint32_t *slot = find_slot(r, addr, write);

	if (!*slot && r->reg_n == REC_REGISTERS) {
		r->info.dropped++;
		return NULL;
	}
	if (!*slot) {
		r->regs[r->reg_n] = (struct rec_register){ .addr = addr, .write = write, .block = (uint16_t)block };
		*slot = ++r->reg_n;
	}
	return &r->regs[*slot - 1];
}

static void add_value(struct rec_register *g, uint64_t val)
{
	g->hash = (g->hash ^ val) * 0x100000001b3u + 1;
	if (g->value_n && g->value_n <= REC_VALUES && g->value[g->value_n - 1] == val)
		return;
	if (g->value_n < REC_VALUES)
		g->value[g->value_n] = val;
	g->value_n++;
}

static void add_register(struct nvt_recording *r, struct rec_block *b, uint64_t addr, bool write, uint64_t val,
			 uint64_t count)
{
	struct rec_register *g = need_register(r, (uint32_t)addr, write, (unsigned)(b - r->blocks));

	if (!g)
		return;
	g->count += count;
	g->last = val;
	if (write)
		add_value(g, val);
	if (!steps_add(&b->steps, REC_STEP(addr, write)))
		r->no_memory = true;
}

static void add_access(struct nvt_recording *r, unsigned bar, uint64_t addr, bool write, uint64_t val, uint64_t count)
{
	struct rec_block *b = block_of(r, bar, addr);

	*(write ? &b->writes[r->over] : &b->reads[r->over]) += count;
	r->info.has_accesses = true;
	if (!r->over && !b->is_window && addr <= UINT32_MAX)
		add_register(r, b, addr, write, val, count);
}

/* Of a poll's reads, those with a new value stand above it as reads of their own. */
static void add_poll(struct nvt_recording *r, const struct nvt_event *ev)
{
	uint32_t more = ev->u.poll.reads > ev->u.poll.listed ? ev->u.poll.reads - ev->u.poll.listed : 0;

	if (!ev->u.poll.dry)
		add_access(r, 0, ev->u.poll.off, false, ev->u.poll.seen, more);
}

/* ---- structures and messages ---- */

static void keep(struct nvt_recording *r, enum rec_struct which, struct nvt_rel rel, struct nvt_bytes b)
{
	struct rec_bytes *to = &r->structs[which];

	if (r->over || to->p || !b.n || b.n > REC_STRUCT_MAX)
		return;
	to->p = malloc(b.n);
	if (!to->p) {
		r->no_memory = true;
		return;
	}
	memcpy(to->p, b.p, b.n);
	to->n = b.n;
	to->rel = rel;
}

/* A structure as the device read it, and the buffer that nvtool made it in. */
static const struct {
	const char *type, *buffer;
	enum rec_struct which, made;
} struct_rows[] = {
	{ "GspFwWprMeta", "wpr-meta", REC_WPR_META, REC_WPR_META_MADE },
	{ "GSP_ARGUMENTS_CACHED", "rm-args", REC_RM_ARGS, REC_RM_ARGS_MADE },
};

static void add_struct(struct nvt_recording *r, const struct nvt_event *ev, struct nvt_rel rel)
{
	unsigned i;

	for (i = 0; i < NVT_ARRAY_SIZE(struct_rows); i++) {
		if (ev->kind == NVT_EV_DMA_DEV_RD && !strcmp(ev->u.dma.name, struct_rows[i].type))
			keep(r, struct_rows[i].which, rel, ev->u.dma.data);
		if (ev->kind == NVT_EV_DMA_SYNC && !strcmp(ev->u.dma.name, struct_rows[i].buffer))
			keep(r, struct_rows[i].made, rel, ev->u.dma.data);
	}
}

/* On real hardware nobody tells what the device read: what the driver made stands for it, cut to the structure. */
static void take_made(struct nvt_recording *r, struct nvt_rel assumed)
{
	const struct nvt_layout *l;
	struct rec_bytes *to, *made;
	struct nvt_rel rel = assumed;
	unsigned i;

	if (r->release[0])
		nvt_rel_find(nvt_abi_builtin(), r->release, &rel);
	for (i = 0; rel.abi && i < NVT_ARRAY_SIZE(struct_rows); i++) {
		to = &r->structs[struct_rows[i].which];
		made = &r->structs[struct_rows[i].made];
		l = nvt_layout_find(rel, struct_rows[i].type);
		if (to->p || !made->p || !l || made->n < nvt_layout_size(l))
			continue;
		*to = (struct rec_bytes){ made->p, nvt_layout_size(l), rel };
		*made = (struct rec_bytes){ NULL, 0, rel };
	}
}

uint64_t rec_message_key(const struct rec_message *m)
{
	return (uint64_t)m->function << 34 ^ (uint64_t)m->subject << 2 ^ (uint64_t)m->has_subject << 1 ^ m->to_gsp;
}

/* A 32-bit field of the payload by name. */
static bool get_u32(const struct nvt_layout *l, struct nvt_bytes payload, const char *name, uint32_t *ret)
{
	struct nvt_field_info f;
	unsigned i;

	for (i = 0; l && i < nvt_layout_field_count(l); i++) {
		nvt_layout_field(l, i, &f);
		if (strcmp(f.name, name) || !nvt_in_range(f.offset, 4, payload.n))
			continue;
		*ret = nvt_le32(payload.p + f.offset);
		return true;
	}
	return false;
}

static bool get_subject(const struct rec_message *m, struct nvt_bytes payload, uint32_t *ret)
{
	struct nvt_msg_desc d;

	if (!m->rel.abi || (m->function != FN_CONTROL && m->function != FN_ALLOC) ||
	    !nvt_msg_by_number(m->rel, m->function, &d))
		return false;
	return get_u32(d.layout, payload, m->function == FN_CONTROL ? "cmd" : "hClass", ret);
}

static void count_message(struct nvt_recording *r, const struct rec_message *m)
{
	unsigned i;

	for (i = 0; i < r->msg_n && rec_message_key(&r->msgs[i]) != rec_message_key(m); i++)
		;
	if (i == REC_MESSAGES) {
		r->info.dropped++;
		return;
	}
	if (i == r->msg_n)
		r->msgs[r->msg_n++] = *m;
	r->msgs[i].count++;
	if (!steps_add(&r->order, rec_message_key(m)))
		r->no_memory = true;
}

static void add_message(struct nvt_recording *r, struct rec_message *m, struct nvt_bytes payload)
{
	bool info = m->function == FN_GET_GSP_STATIC_INFO;

	if (r->init_done && m->to_gsp && !info)
		r->over = true;
	if (!m->to_gsp && m->function == EV_GSP_INIT_DONE) {
		r->info.boots++;
		r->init_done++;
	}
	if (r->over)
		return;
	r->info.messages++;
	m->has_subject = get_subject(m, payload, &m->subject);
	count_message(r, m);
	if (m->to_gsp && m->function == FN_GSP_SET_SYSTEM_INFO)
		keep(r, REC_SYSTEM_INFO, m->rel, payload);
	if (m->to_gsp && m->function == FN_SET_REGISTRY)
		keep(r, REC_REGISTRY, m->rel, payload);
	if (r->init_done && !m->to_gsp && info)
		r->over = true;
}

/* ---- reading ---- */

static struct nvt_rel release(struct nvt_recording *r, const char *name, struct nvt_rel assumed)
{
	struct nvt_rel rel = assumed;

	if (name && name[0] && nvt_rel_find(nvt_abi_builtin(), name, &rel) && !r->release[0])
		memcpy(r->release, name, strnlen(name, sizeof(r->release) - 1));
	return rel;
}

static void add_rpc(struct nvt_recording *r, bool to_gsp, struct nvt_bytes bytes, struct nvt_rel rel)
{
	struct rec_message m = { .to_gsp = to_gsp, .rel = rel };
	struct nvt_rpc_head head;

	if (nvt_rpc_head_get(bytes, &head, NULL))
		return;
	m.function = head.function;
	add_message(r, &m, (struct nvt_bytes){ bytes.p + NVT_RPC_HDR, bytes.n - NVT_RPC_HDR });
}

static void add_event(struct nvt_recording *r, const struct nvt_event *ev, uint64_t size, struct nvt_rel assumed)
{
	switch (ev->kind) {
	case NVT_EV_MMIO_RD:
	case NVT_EV_MMIO_WR:
		if (!ev->u.mmio.dry)
			add_access(r, ev->u.mmio.bar, ev->u.mmio.off, ev->kind == NVT_EV_MMIO_WR, ev->u.mmio.val, 1);
		break;
	case NVT_EV_WINDOW_RD:
	case NVT_EV_WINDOW_WR:
		if (!ev->u.window.dry && size)
			add_access(r, ev->u.window.bar, ev->u.window.off, ev->kind == NVT_EV_WINDOW_WR, 0,
				   (size + 3) / 4);
		break;
	case NVT_EV_POLL:
		add_poll(r, ev);
		break;
	case NVT_EV_DMA_DEV_RD:
		add_struct(r, ev, release(r, ev->u.dma.release, assumed));
		break;
	case NVT_EV_DMA_SYNC:
		add_struct(r, ev, assumed);
		break;
	case NVT_EV_MSG:
		add_rpc(r, ev->u.msg.to_gsp, ev->u.msg.bytes, release(r, ev->u.msg.release, assumed));
		break;
	case NVT_EV_STEP:
		r->info.has_steps = true;
		break;
	default:
		break;
	}
}

static int read_events(struct nvt_recording *r, struct nvt_reader *in, struct nvt_rel assumed, struct nvt_error *e)
{
	struct trace_text *t = in->state;
	const struct nvt_event *ev;
	int rc;

	while ((rc = trace_text_next(t, in, &ev, e)) == 1)
		add_event(r, ev, t->want, assumed);
	take_made(r, assumed);
	memcpy(r->device, t->device, strnlen(t->device, sizeof(r->device) - 1));
	memcpy(r->chip, t->chip, strnlen(t->chip, sizeof(r->chip) - 1));
	return rc;
}

static int read_messages(struct nvt_recording *r, struct nvt_reader *in, struct nvt_rel assumed, struct nvt_error *e)
{
	struct nvt_captured c;
	int rc;

	while ((rc = nvt_reader_next(in, &c, e)) == 1) {
		struct rec_message m = { .to_gsp = c.to_gsp,
					 .function = c.head.function,
					 .rel = release(r, c.release, assumed) };

		add_message(r, &m, (struct nvt_bytes){ c.bytes.p + NVT_RPC_HDR, c.bytes.n - NVT_RPC_HDR });
	}
	return rc;
}

static struct nvt_recording *new_recording(void)
{
	struct nvt_recording *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->page_block = -1;
	r->regs = calloc(REC_REGISTERS, sizeof(*r->regs));
	r->slots = calloc(SLOTS, sizeof(*r->slots));
	r->msgs = calloc(REC_MESSAGES, sizeof(*r->msgs));
	if (r->regs && r->slots && r->msgs)
		return r;
	nvt_recording_free(r);
	return NULL;
}

int nvt_recording_read(FILE *f, const char *name, struct nvt_rel assumed, struct nvt_recording **ret,
		       struct nvt_error *e)
{
	struct nvt_recording *r = new_recording();
	struct nvt_reader *in = NULL;
	int rc = r ? nvt_reader_open(f, name, assumed, &in, e) : nvt_fail(e, NVT_E_NOMEM, "out of memory");

	if (!rc) {
		r->info.kind = nvt_reader_kind(in);
		rc = in->ops == &reader_trace ? read_events(r, in, assumed, e) : read_messages(r, in, assumed, e);
	}
	if (!rc && r->no_memory)
		rc = nvt_fail(e, NVT_E_NOMEM, "out of memory");
	nvt_reader_close(in);
	if (rc)
		nvt_recording_free(r);
	else
		*ret = r;
	return rc;
}

void nvt_recording_free(struct nvt_recording *r)
{
	unsigned i;

	if (!r)
		return;
	for (i = 0; i < REC_STRUCT__COUNT; i++)
		free(r->structs[i].p);
	for (i = 0; i < r->block_n; i++)
		steps_free(&r->blocks[i].steps);
	steps_free(&r->order);
	free(r->regs);
	free(r->slots);
	free(r->msgs);
	free(r);
}

/* ---- asking ---- */

void nvt_recording_info(const struct nvt_recording *r, struct nvt_recording_info *ret)
{
	unsigned i;

	*ret = r->info;
	ret->device = r->device;
	ret->chip = r->chip;
	ret->release = r->release;
	ret->booted = r->init_done > 0;
	ret->dropped += r->order.dropped;
	for (i = 0; i < r->block_n; i++)
		ret->dropped += r->blocks[i].steps.dropped;
}

bool nvt_recording_block(const struct nvt_recording *r, unsigned i, struct nvt_recording_block *ret)
{
	const struct rec_block *b = &r->blocks[i < REC_BLOCKS ? i : 0];

	if (i >= r->block_n)
		return false;
	*ret = (struct nvt_recording_block){ b->name,      b->is_window, b->reads[0],
					     b->writes[0], b->reads[1],  b->writes[1] };
	return true;
}

uint64_t nvt_recording_mmio(const struct nvt_recording *r)
{
	uint64_t n = 0;
	unsigned i;

	for (i = 0; i < r->block_n; i++)
		if (strcmp(r->blocks[i].name, "PROM"))
			n += r->blocks[i].reads[0] + r->blocks[i].writes[0];
	return n;
}
