/* SPDX-License-Identifier: MIT */
/* The pci: backend. What the kernel knows of the device comes from sysfs, accesses go through libpciaccess. */
#include "transport/pci.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "transport/bar.h"
#include "transport/sysfs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pciaccess.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define CFG_VENDOR 0x00
#define CFG_COMMAND 0x04
#define COMMAND_MEMORY (1u << 1)
#define COMMAND_MASTER (1u << 2)
#define COMMAND_INTX_OFF (1u << 10)
#define CFG_STATUS 0x06
#define STATUS_INTERRUPT (1u << 3)
#define IRQ_INTERVAL_US 100
/* PCIe r5.0 2.3.1 and 6.6.1: a device may put config requests off for 1 s after a reset; the kernel waits too. */
#define RESET_TIMEOUT_US 1000000
#define RESET_INTERVAL_US 1000

struct pci {
	struct nvt_transport t;
	struct nvt_real_clock clock;
	struct nvt_clock *outer_clock;
	struct sysfs_device sys;
	struct pci_device *dev;
	struct bar_map bar[NVT_BAR_COUNT];
	struct pinned_pool pool;
	int lock;
	bool system;          /* we count as a user of libpciaccess */
	bool enabled;         /* by us, through sysfs */
	bool command_saved;
	uint16_t command_was;
};

static struct pci *pci_of(struct nvt_transport *t)
{
	return (struct pci *)t; /* t is its first member */
}

/* ---- libpciaccess: one global for the whole process, so its users are counted ---- */

static pthread_mutex_t system_lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned system_users;

static int system_get(struct nvt_error *e)
{
	int sys = 0;

	pthread_mutex_lock(&system_lock);
	if (!system_users)
		sys = pci_system_init();
	if (!sys)
		system_users++;
	pthread_mutex_unlock(&system_lock);
	return sys ? nvt_fail_errno(e, NVT_E_ENV, sys, "cannot look at the PCI devices") : 0;
}

static void system_put(void)
{
	pthread_mutex_lock(&system_lock);
	if (--system_users == 0)
		pci_system_cleanup();
	pthread_mutex_unlock(&system_lock);
}

/* ---- config space ---- */

static int fail_cfg(const struct pci *p, int sys, struct nvt_error *e)
{
	int rc;

	if (sys == EACCES || sys == EPERM) {
		rc = nvt_fail_errno(e, NVT_E_ENV, sys, "config space of %s", p->sys.bdf);
		nvt_err_hint(e, "run as root");
		return rc;
	}
	if (!sys)
		rc = nvt_fail(e, NVT_E_DEVICE, "config space of %s ends before this access", p->sys.bdf);
	else
		rc = nvt_fail_errno(e, NVT_E_DEVICE, sys, "config space of %s", p->sys.bdf);
	nvt_err_hint(e, "the device may be gone: look whether lspci still lists it");
	return rc;
}

static int cfg_rd(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t *ret, struct nvt_error *e)
{
	struct pci *p = pci_of(t);
	uint8_t raw[4] = { 0 };
	pciaddr_t n = 0;
	int sys = pci_device_cfg_read(p->dev, raw, off, size, &n);

	if (sys || n != size)
		return fail_cfg(p, sys, e);
	*ret = nvt_le32(raw);
	return 0;
}

static int cfg_wr(struct nvt_transport *t, uint32_t off, unsigned size, uint32_t val, struct nvt_error *e)
{
	struct pci *p = pci_of(t);
	uint8_t raw[4];
	pciaddr_t n = 0;
	int sys;

	nvt_put_le32(raw, val);
	sys = pci_device_cfg_write(p->dev, raw, off, size, &n);
	return sys || n != size ? fail_cfg(p, sys, e) : 0;
}

/* ---- BARs ---- */

static int map_bar(struct pci *p, unsigned bar, struct nvt_error *e)
{
	const struct pci_mem_region *region = &p->dev->regions[bar];
	void *at;
	int sys, rc;

	if (p->bar[bar].p)
		return 0;
	if (!p->t.pci.bar[bar].size)
		return nvt_fail(e, NVT_E_USAGE, "%s has no BAR%u", p->sys.bdf, bar);
	sys = pci_device_map_range(p->dev, region->base_addr, region->size, PCI_DEV_MAP_FLAG_WRITABLE, &at);
	if (sys) {
		rc = nvt_fail_errno(e, NVT_E_ENV, sys, "cannot map BAR%u of %s", bar, p->sys.bdf);
		nvt_err_hint(e, "%s", sys == EACCES ? "run as root" :
			     "the kernel refuses it under Secure Boot's lockdown, and while something else has the BAR "
			     "(/proc/iomem says what)");
		return rc;
	}
	p->bar[bar] = (struct bar_map){ at, region->size };
	return 0;
}

static int mmio_rd(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t *ret,
		   struct nvt_error *e)
{
	int rc = map_bar(pci_of(t), bar, e);

	return rc ? rc : bar_rd(&pci_of(t)->bar[bar], off, size, ret, e);
}

static int mmio_wr(struct nvt_transport *t, unsigned bar, uint64_t off, unsigned size, uint64_t val,
		   struct nvt_error *e)
{
	int rc = map_bar(pci_of(t), bar, e);

	return rc ? rc : bar_wr(&pci_of(t)->bar[bar], off, size, val, e);
}

static int window_rd(struct nvt_transport *t, unsigned bar, uint64_t off, uint8_t *buf, size_t n,
		     struct nvt_error *e)
{
	int rc = map_bar(pci_of(t), bar, e);

	return rc ? rc : bar_window_rd(&pci_of(t)->bar[bar], off, buf, n, e);
}

static int window_wr(struct nvt_transport *t, unsigned bar, uint64_t off, const uint8_t *buf, size_t n,
		     struct nvt_error *e)
{
	int rc = map_bar(pci_of(t), bar, e);

	return rc ? rc : bar_window_wr(&pci_of(t)->bar[bar], off, buf, n, e);
}

/* ---- DMA memory, interrupt, reset ---- */

static int dma_alloc(struct nvt_transport *t, const char *name, size_t size, size_t align, enum nvt_dma_dir dir,
		     struct nvt_dma *ret, struct nvt_error *e)
{
	(void)name;
	return pinned_alloc(&pci_of(t)->pool, size, align, dir, ret, e);
}

static void dma_free(struct nvt_transport *t, struct nvt_dma *dma)
{
	pinned_free(&pci_of(t)->pool, dma);
}

static int irq_wait(struct nvt_transport *t, uint64_t timeout_us, struct nvt_error *e)
{
	struct pci *p = pci_of(t);
	uint64_t start = nvt_now_ns(t->ctx);
	uint32_t status;
	int rc;

	for (;;) {
		rc = cfg_rd(t, CFG_STATUS, 2, &status, e);
		if (!rc && status == 0xffff)
			rc = sysfs_fail_gone(&p->sys, e);
		if (rc || status & STATUS_INTERRUPT)
			return rc;
		if ((nvt_now_ns(t->ctx) - start) / 1000 >= timeout_us)
			return -NVT_E_TIMEOUT;
		p->clock.clock.sleep_us(&p->clock.clock, IRQ_INTERVAL_US);
	}
}

/* True when config space answers; the kernel has written BARs and command register back by then. */
static bool answers(struct nvt_transport *t)
{
	uint32_t vendor;

	return !cfg_rd(t, CFG_VENDOR, 2, &vendor, NULL) && vendor == t->pci.vendor;
}

static int wait_answer(struct pci *p, struct nvt_error *e)
{
	uint64_t waited;
	int rc;

	for (waited = 0; waited < RESET_TIMEOUT_US; waited += RESET_INTERVAL_US) {
		if (answers(&p->t))
			return 0;
		p->clock.clock.sleep_us(&p->clock.clock, RESET_INTERVAL_US);
	}
	rc = nvt_fail(e, NVT_E_TIMEOUT, "config space of %s does not answer after the reset", p->sys.bdf);
	nvt_err_hint(e, "only a power cycle brings the device back");
	return rc;
}

static int reset(struct nvt_transport *t, struct nvt_error *e)
{
	struct pci *p = pci_of(t);
	int rc, sys = sysfs_write(&p->sys, "reset", "1");

	if (!sys)
		return wait_answer(p, e);
	if (sys == ENOENT) {
		rc = nvt_fail(e, NVT_E_ENV, "the kernel knows no way to reset %s", p->sys.bdf);
		nvt_err_hint(e, "the device offers no function-level reset; a power cycle of the machine resets it");
		return rc;
	}
	rc = nvt_fail_errno(e, sys == EACCES || sys == EPERM ? NVT_E_ENV : NVT_E_DEVICE, sys, "cannot reset %s",
			    p->sys.bdf);
	nvt_err_hint(e, sys == EACCES || sys == EPERM ? "run as root" : "the kernel's log says why");
	return rc;
}

/* ---- may we? ---- */

static int fail_driver(const struct sysfs_device *d, const char *driver, struct nvt_error *e)
{
	int rc = nvt_fail(e, NVT_E_ENV, "%s belongs to the kernel driver %s", d->bdf, driver);

	nvt_err_seen(e, "driver %s", driver);
	nvt_err_wanted(e, "no driver");
	if (!strcmp(driver, "vfio-pci"))
		nvt_err_hint(e, "--device vfio:%s works through it", d->bdf);
	else
		nvt_err_hint(e, "as root, `echo %s > %s/bus/pci/drivers/%s/unbind` takes the device away from it; "
				"nothing may be using the GPU then", d->bdf, d->root, driver);
	return rc;
}

static int check_driver(const struct sysfs_device *d, struct nvt_error *e)
{
	char driver[64];

	return sysfs_link(d, "driver", driver, sizeof(driver)) ? fail_driver(d, driver, e) : 0;
}

/* Documentation/ABI/testing/sysfs-kernel-iommu_groups: in an "identity" domain, bus addresses are physical ones. */
static int check_iommu(const struct sysfs_device *d, struct nvt_error *e)
{
	char group[32], type[32] = "unknown";
	int rc;

	if (!sysfs_link(d, "iommu_group", group, sizeof(group)))
		return 0;
	sysfs_read(d, "iommu_group/type", type, sizeof(type));
	if (!strcmp(type, "identity"))
		return 0;
	rc = nvt_fail(e, NVT_E_ENV, "an IOMMU translates what %s accesses, so physical addresses would lead nowhere",
		      d->bdf);
	nvt_err_seen(e, "IOMMU group %s of type %s", group, type);
	nvt_err_wanted(e, "no IOMMU group, or type identity");
	nvt_err_hint(e, "use --device vfio:%s, which has the IOMMU translate", d->bdf);
	return rc;
}

/* Two processes on one GPU would tear each other's work apart; the kernel only looks after drivers. */
static int lock_device(struct pci *p, struct nvt_error *e)
{
	char path[512];
	int rc;

	sysfs_path(&p->sys, "config", path, sizeof(path));
	p->lock = open(path, O_RDONLY | O_CLOEXEC);
	if (p->lock < 0)
		return nvt_fail_errno(e, NVT_E_ENV, errno, "cannot open %s", path);
	if (!flock(p->lock, LOCK_EX | LOCK_NB))
		return 0;
	rc = nvt_fail_errno(e, NVT_E_ENV, errno, "%s is in use", p->sys.bdf);
	nvt_err_hint(e, "another process works on it through pci: too; `fuser %s` says which", path);
	return rc;
}

/* ---- open, close ---- */

/* Restores the two bits of the command register that open changes; the rest is the driver's. */
static void restore_command(struct pci *p)
{
	const uint16_t ours = COMMAND_MEMORY | COMMAND_INTX_OFF;
	uint32_t now;

	if (!p->command_saved || cfg_rd(&p->t, CFG_COMMAND, 2, &now, NULL) || now == 0xffff)
		return;
	/* What is left of our DMA memory goes now. */
	now = (now & ~(ours | (p->pool.regions ? COMMAND_MASTER : 0))) | (p->command_was & ours);
	cfg_wr(&p->t, CFG_COMMAND, 2, now, NULL);
}

static void pci_close(struct nvt_transport *t)
{
	struct pci *p = pci_of(t);
	unsigned i;

	if (p->dev)
		restore_command(p);
	if (p->enabled)
		sysfs_write(&p->sys, "enable", "0");
	for (i = 0; i < NVT_BAR_COUNT; i++)
		if (p->bar[i].p)
			pci_device_unmap_range(p->dev, (void *)(uintptr_t)p->bar[i].p, p->bar[i].size);
	pinned_fini(&p->pool);
	if (p->lock >= 0)
		close(p->lock);
	if (p->system)
		system_put();
	if (t->ctx->clock == &p->clock.clock)
		t->ctx->clock = p->outer_clock;
	free(p);
}

static const struct nvt_transport_ops ops = {
	.name = "pci",
	.close = pci_close,
	.cfg_rd = cfg_rd,
	.cfg_wr = cfg_wr,
	.mmio_rd = mmio_rd,
	.mmio_wr = mmio_wr,
	.window_rd = window_rd,
	.window_wr = window_wr,
	.dma_alloc = dma_alloc,
	.dma_free = dma_free,
	.irq_wait = irq_wait,
	.reset = reset,
};

static int find(struct pci *p, struct nvt_error *e)
{
	const struct sysfs_device *d = &p->sys;
	int sys, rc = system_get(e);

	if (rc)
		return rc;
	p->system = true;
	p->dev = pci_device_find_by_slot(d->domain, d->bus, d->dev, d->fn);
	if (!p->dev)
		return nvt_fail(e, NVT_E_ENV, "there is no PCI device %s", d->bdf);
	sys = pci_device_probe(p->dev);
	return sys ? nvt_fail_errno(e, NVT_E_ENV, sys, "cannot read what %s is", d->bdf) : 0;
}

/* Memory space on, by way of the kernel, which also wakes the device; interrupt line off: nobody would answer it. */
static int enable(struct pci *p, struct nvt_error *e)
{
	uint32_t command;
	int rc = cfg_rd(&p->t, CFG_COMMAND, 2, &command, e), sys;

	if (!rc && command == 0xffff)
		rc = sysfs_fail_gone(&p->sys, e);
	if (rc)
		return rc;
	p->command_was = (uint16_t)command;
	p->command_saved = true;
	sys = sysfs_write(&p->sys, "enable", "1");
	if (sys) {
		rc = nvt_fail_errno(e, NVT_E_ENV, sys, "cannot enable %s", p->sys.bdf);
		nvt_err_hint(e, "run as root");
		return rc;
	}
	p->enabled = true;
	rc = cfg_rd(&p->t, CFG_COMMAND, 2, &command, e);
	return rc ? rc : cfg_wr(&p->t, CFG_COMMAND, 2, command | COMMAND_MEMORY | COMMAND_INTX_OFF, e);
}

static int open_device(struct pci *p, struct nvt_error *e)
{
	int rc = sysfs_find(&p->sys, e);

	if (!rc)
		rc = sysfs_pci_info(&p->sys, &p->t.pci, e);
	if (!rc)
		rc = check_driver(&p->sys, e);
	if (!rc)
		rc = check_iommu(&p->sys, e);
	if (!rc)
		rc = lock_device(p, e);
	if (!rc)
		rc = find(p, e);
	return rc ? rc : enable(p, e);
}

int pci_open(struct nvt_ctx *ctx, const char *bdf, const struct pci_opts *opts, struct nvt_transport **ret,
	     struct nvt_error *e)
{
	struct pci *p = calloc(1, sizeof(*p));
	int rc;

	if (!p)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for a device");
	p->t.ops = &ops;
	p->t.ctx = ctx;
	p->lock = -1;
	p->pool.frames = opts && opts->frames ? opts->frames : pinned_frames;
	p->pool.pin = opts && opts->pin ? opts->pin : pinned_pin;
	p->outer_clock = ctx->clock;
	nvt_real_clock_init(&p->clock);
	ctx->clock = &p->clock.clock;
	rc = sysfs_parse(opts && opts->sysfs ? opts->sysfs : "/sys", bdf, &p->sys, e);
	if (!rc)
		rc = open_device(p, e);
	if (rc)
		pci_close(&p->t);
	else
		*ret = &p->t;
	return rc;
}
