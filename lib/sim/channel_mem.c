/* SPDX-License-Identifier: MIT */
/* A channel's memory: virtual addresses through its page tables, semaphores, USERD; and what ends a channel. */
#include "sim/model.h"

#include "base/bytes.h"

#define INST_PDB 0x200u

void sim_channel_fault(struct sim *s, struct sim_channel *c, unsigned xid, uint64_t seen, const char *what)
{
	c->faulted = true;
	sim_violation(s, "channel-fault", SIM_HEX(seen), NULL, "channel %u of runlist %u: %s", c->chid, c->runlist, what);
	sim_rm_channel_error(s, &(struct sim_channel_error){
		.engine = c->engine,
		.runlist = c->runlist,
		.chid = c->chid,
		.xid = xid,
		.addr = xid == SIM_XID_MMU ? seen : 0,
		.text = what,
	});
}

static bool root_of(struct sim *s, const struct sim_channel *c, uint64_t *ret)
{
	uint8_t b[8];

	if (!sim_vram_rd(&s->vram, c->inst + INST_PDB, b, sizeof(b)) || (nvt_le32(b) & 3) != 0)
		return false;
	*ret = nvt_le64(b) & ~0xfffull;
	return true;
}

static bool reach(struct sim *s, struct sim_channel *c, uint64_t va, uint8_t *buf, size_t n, bool write)
{
	struct sim_page page;
	uint64_t root;
	size_t k;
	bool ok;

	if (!root_of(s, c, &root)) {
		sim_channel_fault(s, c, SIM_XID_MMU, c->inst, "no page directory in the instance block");
		return false;
	}
	for (; n; va += k, buf += k, n -= k) {
		k = 4096 - va % 4096;
		if (k > n)
			k = n;
		page = (struct sim_page){ .addr = 0 };
		if (!sim_mmu_translate(s, root, va, &page) || (write && page.read_only)) {
			sim_channel_fault(s, c, SIM_XID_MMU, va,
					  write ? "write where nothing is mapped for writing" :
						  "read where nothing is mapped");
			return false;
		}
		if (page.is_system)
			ok = write ? sim_dma_wr(s, page.addr, buf, k, "a channel") :
				     sim_dma_rd(s, page.addr, buf, k, "a channel");
		else
			ok = write ? sim_vram_wr(&s->vram, page.addr, buf, k) :
				     sim_vram_rd(&s->vram, page.addr, buf, k);
		if (!ok) {
			sim_channel_fault(s, c, SIM_XID_MMU, va, "memory behind a page is not there");
			return false;
		}
	}
	return true;
}

bool sim_channel_rd(struct sim *s, struct sim_channel *c, uint64_t va, uint8_t *buf, size_t n)
{
	return reach(s, c, va, buf, n, false);
}

bool sim_channel_wr(struct sim *s, struct sim_channel *c, uint64_t va, const uint8_t *buf, size_t n)
{
	return reach(s, c, va, (uint8_t *)(uintptr_t)buf, n, true);
}

bool sim_channel_release(struct sim *s, struct sim_channel *c, uint64_t va, uint64_t payload, bool is_64, bool timed)
{
	size_t n = timed ? 16 : is_64 ? 8 : 4;
	uint8_t b[16];

	if (va % n) {
		sim_channel_fault(s, c, SIM_XID_HOST, va, "semaphore that is not aligned to its size");
		return true; /* there is nothing to wait for */
	}
	s->fifo.semaphores++;
	nvt_put_le64(b, is_64 ? payload : (uint32_t)payload);
	nvt_put_le64(b + 8, s->now_ns - s->ptimer_epoch_ns);
	return sim_channel_wr(s, c, va, b, n);
}

bool sim_channel_userd(struct sim *s, const struct sim_channel *c, uint32_t off,
		       uint32_t *val, bool write)
{
	uint8_t b[4];
	bool ok;

	nvt_put_le32(b, *val);
	if (c->userd_is_system)
		ok = write ? sim_dma_wr(s, c->userd + off, b, 4, "USERD") : sim_dma_rd(s, c->userd + off, b, 4, "USERD");
	else
		ok = write ? sim_vram_wr(&s->vram, c->userd + off, b, 4) : sim_vram_rd(&s->vram, c->userd + off, b, 4);
	*val = nvt_le32(b);
	return ok;
}
