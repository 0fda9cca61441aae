/* SPDX-License-Identifier: MIT */
/* The copy engine: pitch to pitch, by lines, remapped components, constants, semaphores. Source: clc7b5.h. */
#include "sim/model.h"

#include "base/bytes.h"

#include <string.h>

enum {
	SEMAPHORE_A = 0x240, /* upper half of the address first, here and below */
	SEMAPHORE_PAYLOAD = 0x248,
	SEMAPHORE_PAYLOAD_UPPER = 0x24c,
	SRC_PHYS_MODE = 0x260,
	DST_PHYS_MODE = 0x264,
	LAUNCH = 0x300,
	OFFSET_IN = 0x400,
	OFFSET_OUT = 0x408,
	PITCH_IN = 0x410,
	PITCH_OUT = 0x414,
	LINE_LENGTH = 0x418, /* bytes; elements when components are remapped */
	LINE_COUNT = 0x41c,
	REMAP_CONST_A = 0x700,
	REMAP_CONST_B = 0x704,
	REMAP_COMPONENTS = 0x708,
	PM_TRIGGER_END = 0x1114,
};
enum {
	LAUNCH_TRANSFER = 0x3,
	LAUNCH_SEMAPHORE_SHIFT = 3, /* 2 bits: 0 none, 1 without, 2 with the time */
	LAUNCH_INTERRUPT = 0x60,
	LAUNCH_SRC_PITCH = 1 << 7,
	LAUNCH_DST_PITCH = 1 << 8,
	LAUNCH_MULTI_LINE = 1 << 9,
	LAUNCH_REMAP = 1 << 10,
	LAUNCH_SRC_PHYSICAL = 1 << 12,
	LAUNCH_DST_PHYSICAL = 1 << 13,
	LAUNCH_REDUCTION = 1 << 19,
	LAUNCH_TWO_WORDS = 1 << 27,
};
enum { PHYS_LOCAL = 0, PHYS_PEER = 3 }; /* what lies between them is system memory */
enum { FROM_CONST_A = 4, FROM_CONST_B = 5, NO_WRITE = 6 };
#define COPY_MAX (1ull << 30) /* bytes of one launch */
#define LINES_MAX (1u << 20)  /* also where they are short or empty: the model serves nobody meanwhile */
#define CHUNK 4096u

static uint32_t get(const struct sim_channel *c, uint32_t method)
{
	return c->copy[method / 4];
}

static uint64_t address(const struct sim_channel *c, uint32_t method)
{
	return (uint64_t)(get(c, method) & 0x1ffff) << 32 | get(c, method + 4);
}

/* One end of a transfer. */
struct end {
	bool physical;
	unsigned target;
	uint64_t addr;
	int32_t pitch;
};

static bool reach(struct sim *s, struct sim_channel *c, const struct end *e, uint64_t off, uint8_t *buf, size_t n,
		  bool write)
{
	uint64_t addr = e->addr + off;
	bool ok;

	if (!e->physical)
		return write ? sim_channel_wr(s, c, addr, buf, n) : sim_channel_rd(s, c, addr, buf, n);
	if (e->target == PHYS_LOCAL)
		ok = write ? sim_vram_wr(&s->vram, addr, buf, n) : sim_vram_rd(&s->vram, addr, buf, n);
	else
		ok = write ? sim_dma_wr(s, addr, buf, n, "a copy") : sim_dma_rd(s, addr, buf, n, "a copy");
	if (!ok)
		sim_channel_fault(s, c, SIM_XID_COPY, addr, "copy of physical memory that is not there");
	return ok;
}

/* ---- what becomes of an element ---- */

struct remap {
	unsigned size, n_in, n_out; /* bytes of a component, components of an element */
	uint32_t from[4];
	uint8_t constant[2][4];
	bool as_is, reads, keeps;
};

static void plain(struct remap *m)
{
	*m = (struct remap){ .size = 1, .n_in = 1, .n_out = 1, .as_is = true, .reads = true };
}

static void remapped(const struct sim_channel *c, struct remap *m)
{
	uint32_t val = get(c, REMAP_COMPONENTS);
	unsigned i;

	*m = (struct remap){
		.size = (val >> 16 & 3) + 1,
		.n_in = (val >> 20 & 3) + 1,
		.n_out = (val >> 24 & 3) + 1,
	};
	nvt_put_le32(m->constant[0], get(c, REMAP_CONST_A));
	nvt_put_le32(m->constant[1], get(c, REMAP_CONST_B));
	for (i = 0; i < m->n_out; i++) {
		m->from[i] = val >> 4 * i & 7;
		m->reads = m->reads || m->from[i] < FROM_CONST_A;
		m->keeps = m->keeps || m->from[i] >= NO_WRITE;
	}
}

static void convert(const struct remap *m, const uint8_t *in, uint8_t *out)
{
	static const uint8_t none[4];
	const uint8_t *p;
	unsigned i;

	for (i = 0; i < m->n_out; i++, out += m->size) {
		if (m->from[i] >= NO_WRITE)
			continue;
		if (m->from[i] >= FROM_CONST_A)
			p = m->constant[m->from[i] - FROM_CONST_A];
		else
			p = m->from[i] < m->n_in ? in + (size_t)m->from[i] * m->size : none;
		memcpy(out, p, m->size);
	}
}

static bool line(struct sim *s, struct sim_channel *c, const struct remap *m, const struct end *from,
		 const struct end *to, uint32_t n)
{
	unsigned in_size = m->size * m->n_in, out_size = m->size * m->n_out;
	uint32_t most = CHUNK / (in_size > out_size ? in_size : out_size), at, k, i;
	uint8_t in[CHUNK], out[CHUNK];

	for (at = 0; at < n; at += k) {
		k = n - at < most ? n - at : most;
		if (m->reads && !reach(s, c, from, (uint64_t)at * in_size, in, (size_t)k * in_size, false))
			return false;
		if (m->keeps && !reach(s, c, to, (uint64_t)at * out_size, out, (size_t)k * out_size, false))
			return false;
		for (i = 0; i < k && !m->as_is; i++)
			convert(m, in + (size_t)i * in_size, out + (size_t)i * out_size);
		if (!reach(s, c, to, (uint64_t)at * out_size, m->as_is ? in : out, (size_t)k * out_size, true))
			return false;
	}
	return true;
}

/* ---- launches ---- */

static struct end end_of(const struct sim_channel *c, uint32_t launch, bool out)
{
	return (struct end){
		.physical = launch & (out ? LAUNCH_DST_PHYSICAL : LAUNCH_SRC_PHYSICAL),
		.target = get(c, out ? DST_PHYS_MODE : SRC_PHYS_MODE) & 3,
		.addr = address(c, out ? OFFSET_OUT : OFFSET_IN),
		.pitch = (int32_t)get(c, out ? PITCH_OUT : PITCH_IN),
	};
}

static bool is_modelled(const struct remap *m, uint32_t launch, const struct end *from, const struct end *to)
{
	if (!(launch & LAUNCH_DST_PITCH) || (to->physical && to->target == PHYS_PEER))
		return false;
	return !m->reads || (launch & LAUNCH_SRC_PITCH && !(from->physical && from->target == PHYS_PEER));
}

static void transfer(struct sim *s, struct sim_channel *c, uint32_t launch)
{
	uint32_t lines = launch & LAUNCH_MULTI_LINE ? get(c, LINE_COUNT) : 1, n = get(c, LINE_LENGTH), i;
	struct end from = end_of(c, launch, false), to = end_of(c, launch, true);
	struct remap m;
	uint64_t bytes;

	if (launch & LAUNCH_REMAP)
		remapped(c, &m);
	else
		plain(&m);
	bytes = (uint64_t)lines * n * m.size * m.n_out;
	if ((from.physical || to.physical) && !c->privileged) {
		sim_channel_fault(s, c, SIM_XID_COPY, launch, "physical addresses in a channel that is not privileged");
		return;
	}
	if (!is_modelled(&m, launch, &from, &to) || lines > LINES_MAX || (uint64_t)lines * n > COPY_MAX ||
	    bytes > COPY_MAX) {
		sim_odd(s, SIM_ODD_CHANNEL, "copy to or from tiled or a peer's memory, or too large");
		return;
	}
	s->fifo.copies++;
	s->fifo.copy_bytes += bytes;
	for (i = 0; i < lines && line(s, c, &m, &from, &to, n); i++) {
		from.addr += (uint64_t)(int64_t)from.pitch;
		to.addr += (uint64_t)(int64_t)to.pitch;
	}
}

static void semaphore(struct sim *s, struct sim_channel *c, uint32_t launch)
{
	uint64_t payload = get(c, SEMAPHORE_PAYLOAD) | (uint64_t)get(c, SEMAPHORE_PAYLOAD_UPPER) << 32;
	unsigned type = launch >> LAUNCH_SEMAPHORE_SHIFT & 3;

	if (!type)
		return;
	if (type == 3 || launch & LAUNCH_REDUCTION)
		sim_odd(s, SIM_ODD_CHANNEL, "semaphore of a copy with a condition or a reduction");
	else
		sim_channel_release(s, c, address(c, SEMAPHORE_A), payload, launch & LAUNCH_TWO_WORDS, type == 2);
}

void sim_copy_method(struct sim *s, struct sim_channel *c, uint32_t method, uint32_t val)
{
	if (method == PM_TRIGGER_END)
		return;
	if (method / 4 >= SIM_COPY_METHODS) {
		sim_channel_fault(s, c, SIM_XID_COPY, method, "a method that the copy class does not have");
		return;
	}
	c->copy[method / 4] = val;
	if (method != LAUNCH)
		return;
	if (val & LAUNCH_TRANSFER)
		transfer(s, c, val);
	if (!c->faulted)
		semaphore(s, c, val);
	if (val & LAUNCH_INTERRUPT && !c->faulted)
		sim_irq_latch(s, sim_rm_nonstall_vector(c->runlist));
}
