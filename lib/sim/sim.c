/* SPDX-License-Identifier: MIT */
/* The model as a transport backend: open, access, DMA memory, time, reset, report. */
#include "sim/model.h"

#include "base/bytes.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Bus addresses of DMA memory: above 4 GiB, so that a cut-off upper half shows; below 2^40, which is
 * all that nouveau's falcon loader can address. */
#define IOVA_FIRST 0x4c0000000ull
#define IOVA_LAST (1ull << 40)
#define IOVA_GAP 0x10000ull

/* ---- time ---- */

void sim_in(struct sim *s, uint64_t delay_ns, sim_timer_fn fn)
{
	uint64_t due = s->now_ns + delay_ns;

	sim_timers_set(&s->timers, due < s->now_ns ? UINT64_MAX : due, fn);
}

void sim_run_to(struct sim *s, uint64_t to_ns)
{
	struct sim_timer t;

	while (sim_timers_pop(&s->timers, to_ns, &t)) {
		if (t.due_ns > s->now_ns)
			s->now_ns = t.due_ns;
		t.fn(s);
	}
	if (to_ns > s->now_ns)
		s->now_ns = to_ns;
}

void sim_advance(struct nvt_transport *t, uint64_t to_ns)
{
	sim_run_to(sim_of(t), to_ns);
}

uint64_t sim_next_due(struct nvt_transport *t)
{
	return sim_timers_next(&sim_of(t)->timers);
}

static uint64_t clock_now(struct nvt_clock *c)
{
	return ((struct sim_clock *)c)->s->now_ns;
}

static void clock_sleep(struct nvt_clock *c, uint64_t us)
{
	struct sim *s = ((struct sim_clock *)c)->s;
	uint64_t to = s->now_ns + us * SIM_US;

	sim_run_to(s, us > UINT64_MAX / SIM_US || to < s->now_ns ? UINT64_MAX : to);
}

/* ---- failure ---- */

void sim_bug(struct sim *s, const char *what)
{
	if (!s->failed.code)
		nvt_fail(&s->failed, NVT_E_BUG, "the device model: %s", what);
}

static int failed(const struct sim *s, struct nvt_error *e)
{
	if (s->failed.code && e)
		*e = s->failed;
	return -(int)s->failed.code;
}

/* Before each access: it takes time, and what falls due meanwhile happens first. */
static int begin_access(struct sim *s, struct nvt_error *e)
{
	sim_run_to(s, s->now_ns + SIM_T_ACCESS);
	return failed(s, e);
}

/* ---- accesses ---- */

static bool legal(struct sim *s, uint64_t off, unsigned size, uint64_t limit, const char *what)
{
	if ((size != 1 && size != 2 && size != 4 && size != 8) || off % size)
		sim_violation(s, "access-alignment", SIM_HEX(off), NULL, "%u-byte access to %s", size, what);
	else if (!nvt_in_range(off, size, limit))
		sim_violation(s, "access-range", SIM_HEX(off), SIM_HEX(limit), "access beyond %s", what);
	else
		return true;
	return false;
}

static uint64_t mask_of(unsigned size)
{
	return size == 8 ? UINT64_MAX : (1ull << size * 8) - 1;
}

static int op_mmio_rd(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t *ret,
		      struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	int rc = begin_access(s, e);

	if (rc)
		return rc;
	sim_faults_seen(s);
	if (legal(s, off, size, sim_bar_size(s, bar), "a BAR"))
		*ret = sim_bar_rd(s, bar, off, size) & mask_of(size);
	else
		*ret = mask_of(size);
	return failed(s, e);
}

static int op_mmio_wr(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t val,
		      struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	int rc = begin_access(s, e);

	if (rc)
		return rc;
	sim_faults_seen(s);
	if (legal(s, off, size, sim_bar_size(s, bar), "a BAR"))
		sim_bar_wr(s, bar, off, size, val & mask_of(size));
	return failed(s, e);
}

static int op_window_rd(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n,
			struct nvt_error *e)
{
	uint64_t v;
	size_t i;
	int rc = 0;

	for (i = 0; i < n && !rc; i += 4) {
		rc = op_mmio_rd(t, bar, off + i, 4, &v, e);
		if (!rc)
			nvt_put_le32(buf + i, (uint32_t)v);
	}
	return rc;
}

static int op_window_wr(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
			struct nvt_error *e)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < n && !rc; i += 4)
		rc = op_mmio_wr(t, bar, off + i, 4, nvt_le32(buf + i), e);
	return rc;
}

static int op_cfg_rd(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	int rc = begin_access(s, e);

	if (rc)
		return rc;
	if (s->bus == SIM_BUS_DEAD || size > 4 || !legal(s, off, size, SIM_CFG_SIZE, "config space"))
		*ret = (uint32_t)mask_of(size > 4 ? 4 : size);
	else
		*ret = sim_cfg_rd(s, off, size);
	return failed(s, e);
}

static int op_cfg_wr(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	int rc = begin_access(s, e);

	if (rc)
		return rc;
	if (s->bus != SIM_BUS_DEAD && size <= 4 && legal(s, off, size, SIM_CFG_SIZE, "config space"))
		sim_cfg_wr(s, off, size, val);
	return failed(s, e);
}

/* ---- DMA memory ---- */

static int op_dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align,
			enum nvt_dma_dir dir, struct nvt_dma *ret, struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	struct sim_mapping m = { .name = name, .perm = (unsigned)dir & NVT_DMA_BIDIR };

	if (!size || size > IOVA_LAST || align < 4096 || align & (align - 1))
		return nvt_fail(e, NVT_E_BUG, "DMA memory of %zu bytes aligned to %zu", size, align);
	m.size = nvt_align_up(size, 4096);
	m.iova = nvt_align_up(s->next_iova, align);
	if (!nvt_in_range(m.iova, m.size, IOVA_LAST))
		return nvt_fail(e, NVT_E_NOMEM, "no bus addresses left for %s", name);
	m.cpu = mmap(NULL, m.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (m.cpu == MAP_FAILED)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for %s (%zu bytes)", name, size);
	if (sim_iommu_map(&s->iommu, &m)) {
		munmap(m.cpu, m.size);
		return nvt_fail(e, NVT_E_NOMEM, "cannot map %s for the device", name);
	}
	s->next_iova = m.iova + m.size + IOVA_GAP;
	*ret = (struct nvt_dma){ .cpu = m.cpu, .iova = m.iova, .size = size, .name = name };
	return 0;
}

static void op_dma_free(struct nvt_transport *t, struct nvt_dma *dma)
{
	struct sim *s = sim_of(t);

	if (sim_iommu_unmap(&s->iommu, dma->iova))
		munmap(dma->cpu, nvt_align_up(dma->size, 4096));
}

/* ---- interrupt, reset ---- */

void sim_raise_irq(struct sim *s)
{
	s->irq_pending = true;
}

static int op_irq_wait(struct nvt_transport *t, uint64_t timeout_us, struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	uint64_t end = s->now_ns + (timeout_us < UINT64_MAX / SIM_US ? timeout_us * SIM_US : UINT64_MAX / 2), next;

	while (!s->irq_pending && !s->failed.code && s->now_ns < end) {
		next = sim_timers_next(&s->timers);
		sim_run_to(s, next < end ? next : end);
	}
	if (s->failed.code)
		return failed(s, e);
	if (!s->irq_pending)
		return -NVT_E_TIMEOUT;
	s->irq_pending = false;
	return 0;
}

static void power_on(struct sim *s)
{
	unsigned i;

	sim_timers_clear(&s->timers);
	sim_regfile_reset(&s->regs);
	sim_vram_clear(&s->vram);
	sim_gsp_abandon(s);
	memset(s->fifo.channels, 0, sizeof(s->fifo.channels));
	s->bus = SIM_BUS_OK;
	s->irq_pending = false;
	for (i = 0; i < SIM_FALCON__COUNT; i++)
		sim_falcon_power_on(s, &s->falcon[i]);
	sim_faults_before_reset(s);
	sim_board_power_on(s);
	sim_faults_after_reset(s);
}

void sim_flr(struct sim *s)
{
	sim_pci_flr(s);
	power_on(s);
}

/* What saves and restores config space on a real machine is the kernel; here it is the backend. */
static int op_reset(struct nvt_transport *t, struct nvt_error *e)
{
	struct sim *s = sim_of(t);
	struct sim_pci was = s->pci;

	if (s->failed.code)
		return failed(s, e);
	sim_flr(s);
	memcpy(s->pci.cfg, was.cfg, 0x40);
	sim_run_to(s, s->now_ns + SIM_T_FLR);
	return failed(s, e);
}

/* ---- open, close ---- */

static void op_close(struct nvt_transport *t)
{
	struct sim *s = sim_of(t);
	unsigned i;

	for (i = 0; i < s->iommu.n; i++)
		munmap(s->iommu.maps[i].cpu, s->iommu.maps[i].size);
	sim_iommu_fini(&s->iommu);
	sim_gsp_fini(s);
	for (i = 0; i < SIM_FALCON__COUNT; i++)
		sim_falcon_fini(&s->falcon[i]);
	sim_regfile_fini(&s->regs);
	sim_vram_fini(&s->vram);
	sim_rom_fini(s);
	if (s->ctx->clock == &s->clock.clock)
		s->ctx->clock = s->outer_clock;
	free(s);
}

static const struct nvt_transport_ops ops = {
	.name = "sim",
	.close = op_close,
	.cfg_rd = op_cfg_rd,
	.cfg_wr = op_cfg_wr,
	.mmio_rd = op_mmio_rd,
	.mmio_wr = op_mmio_wr,
	.window_rd = op_window_rd,
	.window_wr = op_window_wr,
	.dma_alloc = op_dma_alloc,
	.dma_free = op_dma_free,
	.irq_wait = op_irq_wait,
	.reset = op_reset,
};

static void fill_pci(struct sim *s)
{
	struct nvt_pci_info *p = &s->t.pci;
	static const unsigned present[] = { 0, 1, 3 };
	unsigned i;

	p->bus = 1;
	p->vendor = 0x10de;
	p->device = s->opts.chip->pci_device;
	p->subvendor = s->chip->subvendor;
	p->subdevice = s->chip->subdevice;
	p->class_code = s->opts.chip->pci_class;
	p->revision = s->chip->revision;
	for (i = 0; i < NVT_ARRAY_SIZE(present); i++) {
		p->bar[present[i]].addr = sim_bar_addr(s, present[i]);
		p->bar[present[i]].size = sim_bar_size(s, present[i]);
	}
}

static int build(struct sim *s, struct nvt_error *e)
{
	unsigned i;
	int rc;

	rc = sim_vram_init(&s->vram, s->opts.vram_size ? s->opts.vram_size : s->opts.chip->vram_default);
	if (!rc)
		rc = sim_board_init(s);
	for (i = 0; i < SIM_FALCON__COUNT && !rc; i++)
		rc = sim_falcon_init(s, (enum sim_falcon_unit)i);
	if (!rc)
		rc = sim_gsp_init(s);
	if (rc)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the device model");
	rc = sim_rom_init(s, e);
	if (rc)
		return rc;
	sim_pci_power_on(s);
	/* Opening a device enables its memory space, as the PCI backends do; bus mastering is the driver's. */
	s->pci.cfg[SIM_CFG_COMMAND] |= SIM_CFG_COMMAND_MEMORY;
	fill_pci(s);
	power_on(s);
	return 0;
}

int sim_open(struct nvt_ctx *ctx, const struct sim_opts *opts, struct nvt_transport **ret, struct nvt_error *e)
{
	const struct sim_chip *chip = sim_chip_find(opts->chip);
	struct sim *s;
	int rc;

	if (!chip)
		return nvt_fail(e, NVT_E_USAGE, "the device model has no %s", opts->chip->name);
	s = calloc(1, sizeof(*s));
	if (!s)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the device model");
	s->t.ops = &ops;
	s->t.ctx = ctx;
	s->ctx = ctx;
	s->outer_clock = ctx->clock;
	s->opts = *opts;
	s->chip = chip;
	s->next_iova = IOVA_FIRST;
	s->clock = (struct sim_clock){ { clock_now, clock_sleep }, s };
	ctx->clock = &s->clock.clock;
	rc = build(s, e);
	if (rc) {
		op_close(&s->t);
		return rc;
	}
	*ret = &s->t;
	return 0;
}

/* ---- report ---- */

static void copy_image(char out[48], const char in[48])
{
	memcpy(out, in, 48);
}

void sim_report(struct nvt_transport *t, struct nvt_sim_report *ret)
{
	const struct sim *s = sim_of(t);
	unsigned i;

	memset(ret, 0, sizeof(*ret));
	ret->violation_count = s->findings.violation_count;
	ret->odd_count = s->findings.odd_count;
	memcpy(ret->violations, s->findings.violations, sizeof(ret->violations));
	memcpy(ret->odd, s->findings.odd, sizeof(ret->odd));
	ret->violations_n = s->findings.violations_n;
	ret->odd_n = s->findings.odd_n;
	for (i = 0; i < s->opts.fault_count; i++) {
		snprintf(ret->fault[i].name, sizeof(ret->fault[i].name), "%s", s->opts.faults[i].fault->name);
		ret->fault[i].fired = s->faults.fired[i];
	}
	ret->fault_n = s->opts.fault_count;
	copy_image(ret->gsp_image, s->seen.gsp_image);
	copy_image(ret->booter_load, s->seen.booter_load);
	copy_image(ret->booter_unload, s->seen.booter_unload);
	copy_image(ret->bootloader, s->seen.bootloader);
	copy_image(ret->fwsec, s->seen.fwsec);
	if (s->step)
		snprintf(ret->step, sizeof(ret->step), "%s", s->step);
	ret->submissions = s->fifo.submissions;
	ret->copies = s->fifo.copies;
	ret->copy_bytes = s->fifo.copy_bytes;
	ret->vram_bytes_touched = s->vram.touched;
	ret->virtual_us = s->now_ns / SIM_US;
}
