/* SPDX-License-Identifier: MIT */
/* Registers in an open-addressing hash of their addresses. */
#include "sim/regfile.h"

#include <nvt/error.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define REGS_FIRST_CAP 1024u

/* Fibonacci hashing; slot_count is a power of two. */
static uint32_t slot_of(const struct sim_regfile *f, uint32_t addr)
{
	return (addr >> 2) * 2654435769u & (f->slot_count - 1);
}

static void link_slot(struct sim_regfile *f, uint32_t i)
{
	uint32_t s = slot_of(f, f->regs[i].addr);

	while (f->slots[s])
		s = (s + 1) & (f->slot_count - 1);
	f->slots[s] = i + 1;
}

static int grow(struct sim_regfile *f)
{
	uint32_t cap = f->cap ? f->cap * 2 : REGS_FIRST_CAP, i;
	struct sim_reg *regs = realloc(f->regs, cap * sizeof(*regs));
	uint32_t *slots;

	if (!regs)
		return -NVT_E_NOMEM;
	f->regs = regs;
	slots = calloc((size_t)cap * 2, sizeof(*slots));
	if (!slots)
		return -NVT_E_NOMEM;
	free(f->slots);
	f->slots = slots;
	f->slot_count = cap * 2;
	f->cap = cap;
	for (i = 0; i < f->n; i++)
		link_slot(f, i);
	return 0;
}

static struct sim_reg *add(struct sim_regfile *f, uint32_t addr)
{
	if (f->n == f->cap && grow(f))
		return NULL;
	f->regs[f->n] = (struct sim_reg){ .addr = addr };
	link_slot(f, f->n);
	return &f->regs[f->n++];
}

static uint32_t row_count(const struct sim_reg_row *row)
{
	return row->count ? row->count : 1;
}

int sim_regfile_add(struct sim_regfile *f, uint32_t base, uint16_t unit, const struct sim_reg_row *rows,
		    unsigned n)
{
	struct sim_reg *r;
	uint32_t i, k, addr;

	for (i = 0; i < n; i++) {
		for (k = 0; k < row_count(&rows[i]); k++) {
			addr = base + rows[i].off + k * rows[i].stride;
			assert(!sim_regfile_find(f, addr));
			r = add(f, addr);
			if (!r)
				return -NVT_E_NOMEM;
			r->row = &rows[i];
			r->unit = unit;
			r->index = (uint16_t)k;
			r->val = rows[i].reset;
		}
	}
	return 0;
}

void sim_regfile_fini(struct sim_regfile *f)
{
	free(f->regs);
	free(f->slots);
	memset(f, 0, sizeof(*f));
}

void sim_regfile_reset(struct sim_regfile *f)
{
	uint32_t i, kept = 0;

	for (i = 0; i < f->n; i++) {
		if (!f->regs[i].row)
			continue;
		f->regs[kept] = f->regs[i];
		f->regs[kept].val = f->regs[kept].row->reset;
		kept++;
	}
	f->n = kept;
	memset(f->slots, 0, f->slot_count * sizeof(*f->slots));
	for (i = 0; i < f->n; i++)
		link_slot(f, i);
}

struct sim_reg *sim_regfile_find(const struct sim_regfile *f, uint32_t addr)
{
	uint32_t s;

	if (!f->slot_count)
		return NULL;
	for (s = slot_of(f, addr); f->slots[s]; s = (s + 1) & (f->slot_count - 1))
		if (f->regs[f->slots[s] - 1].addr == addr)
			return &f->regs[f->slots[s] - 1];
	return NULL;
}

uint32_t sim_regfile_rd(struct sim_regfile *f, struct sim *s, uint32_t addr)
{
	struct sim_reg *r = sim_regfile_find(f, addr);

	if (!r)
		return 0;
	return r->row && r->row->read ? r->row->read(s, r) : r->val;
}

static void wr_known(struct sim *s, struct sim_reg *r, uint32_t val)
{
	const struct sim_reg_row *row = r->row;
	uint32_t v = row->pre ? row->pre(s, r, val) : val;
	uint32_t keep = row->ro | row->w1c;

	r->val = (r->val & keep & ~(v & row->w1c)) | (v & ~keep);
	if (row->post)
		row->post(s, r, val);
}

void sim_regfile_wr(struct sim_regfile *f, struct sim *s, uint32_t addr, uint32_t val)
{
	struct sim_reg *r = sim_regfile_find(f, addr);

	if (!r && f->n < SIM_REGS_MAX)
		r = add(f, addr);
	if (!r)
		return;
	if (r->row)
		wr_known(s, r, val);
	else
		r->val = val;
}

uint32_t sim_reg_get(const struct sim_regfile *f, uint32_t addr)
{
	const struct sim_reg *r = sim_regfile_find(f, addr);

	assert(r && r->row);
	return r->val;
}

void sim_reg_set(struct sim_regfile *f, uint32_t addr, uint32_t val)
{
	struct sim_reg *r = sim_regfile_find(f, addr);

	assert(r && r->row);
	r->val = val;
}
