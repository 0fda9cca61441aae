/* SPDX-License-Identifier: MIT */
/* The model as a PCI device of a guest: joined to the vfio-user server, in real time. */
#include "sim/model.h"
#include "sim/serve.h"
#include "vfu/vfu.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define IDLE_NS 1000000000ull /* longest wait; nothing depends on it */

struct server {
	const struct sim_serve_opts *opts;
	struct nvt_ctx *ctx;
	int listener;
	/* the client being served */
	struct vfu_device dev;
	struct vfu *v;
	struct nvt_transport *t;
	uint64_t start_ns;
	bool msi_line; /* as of the last message */
	struct nvt_sim_session session;
};

static uint64_t real_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

static uint64_t device_ns(const struct server *sv)
{
	return real_ns() - sv->start_ns;
}

/* ---- accesses by the guest ---- */

static void emit_access(struct server *sv, bool is_cfg, bool write, unsigned bar, uint64_t off, unsigned size,
			uint64_t val)
{
	struct nvt_event ev = { .kind = write ? NVT_EV_MMIO_WR : NVT_EV_MMIO_RD };

	if (!sv->ctx->sinks)
		return;
	if (is_cfg)
		ev.kind = write ? NVT_EV_CFG_WR : NVT_EV_CFG_RD;
	ev.u.mmio.bar = (uint8_t)bar;
	ev.u.mmio.size = (uint8_t)size;
	ev.u.mmio.off = off;
	ev.u.mmio.val = val;
	nvt_emit(sv->ctx, &ev);
}

/* Largest naturally aligned access at off. */
static unsigned step(uint64_t off, uint32_t n, unsigned most)
{
	unsigned size = most;

	while (off % size || size > n)
		size /= 2;
	return size;
}

static int rd_once(struct server *sv, unsigned region, uint64_t off, unsigned size, uint64_t *ret)
{
	uint32_t v = 0;
	int rc;

	if (region != VFU_REGION_CONFIG)
		return sv->t->ops->mmio_rd(sv->t, region, off, size, ret, NULL);
	rc = sv->t->ops->cfg_rd(sv->t, (uint32_t)off, size, &v, NULL);
	*ret = v;
	return rc;
}

static int wr_once(struct server *sv, unsigned region, uint64_t off, unsigned size, uint64_t val)
{
	if (region != VFU_REGION_CONFIG)
		return sv->t->ops->mmio_wr(sv->t, region, off, size, val, NULL);
	return sv->t->ops->cfg_wr(sv->t, (uint32_t)off, size, (uint32_t)val, NULL);
}

static int region_rd(void *arg, unsigned region, uint64_t off, uint8_t *buf, uint32_t n)
{
	bool is_cfg = region == VFU_REGION_CONFIG;
	struct server *sv = arg;
	unsigned size, i;
	uint64_t val;

	for (; n; off += size, buf += size, n -= size) {
		size = step(off, n, is_cfg ? 4 : 8);
		if (rd_once(sv, region, off, size, &val))
			return EIO;
		emit_access(sv, is_cfg, false, region, off, size, val);
		for (i = 0; i < size; i++)
			buf[i] = (uint8_t)(val >> 8 * i);
	}
	return 0;
}

static int region_wr(void *arg, unsigned region, uint64_t off, const uint8_t *buf, uint32_t n)
{
	bool is_cfg = region == VFU_REGION_CONFIG;
	struct server *sv = arg;
	unsigned size, i;
	uint64_t val;

	for (; n; off += size, buf += size, n -= size) {
		size = step(off, n, is_cfg ? 4 : 8);
		for (val = 0, i = 0; i < size; i++)
			val |= (uint64_t)buf[i] << 8 * i;
		emit_access(sv, is_cfg, true, region, off, size, val);
		if (wr_once(sv, region, off, size, val))
			return EIO;
	}
	return 0;
}

static void reset(void *arg)
{
	struct nvt_event ev = { .kind = NVT_EV_RESET };
	struct server *sv = arg;

	nvt_emit(sv->ctx, &ev);
	if (!sv->t->ops->reset(sv->t, NULL))
		sv->start_ns -= SIM_T_FLR; /* the device lived through it, the client did not wait */
}

/* ---- accesses by the device ---- */

static enum sim_mem result(enum vfu_dma r)
{
	switch (r) {
	case VFU_DMA_OK:
		return SIM_MEM_OK;
	case VFU_DMA_FORBIDDEN:
		return SIM_MEM_FORBIDDEN;
	case VFU_DMA_UNMAPPED:
		return SIM_MEM_UNMAPPED;
	case VFU_DMA_FAILED:
		break;
	}
	return SIM_MEM_FAILED;
}

static enum sim_mem memory_rd(void *arg, nvt_iova addr, uint8_t *buf, size_t n)
{
	return result(vfu_dma_rd(((struct server *)arg)->v, addr, buf, n));
}

static enum sim_mem memory_wr(void *arg, nvt_iova addr, const uint8_t *buf, size_t n)
{
	return result(vfu_dma_wr(((struct server *)arg)->v, addr, buf, n));
}

/* ---- interrupts ---- */

/*
 * MSI is a message when the line rises, a write to memory, which waits for bus mastering; INTx is the line, unless the
 * driver disabled it.
 */
static void deliver(struct server *sv)
{
	struct sim *s = sim_of(sv->t);
	bool up = sim_irq_line(s), msi = sim_pci_msi_on(s), message = msi && up && sim_pci_bus_master(s);

	if (message && !sv->msi_line)
		vfu_irq_fire(sv->v, VFU_IRQ_MSI, 0);
	sv->msi_line = message;
	sim_pci_set_intx(s, up && !msi);
	vfu_intx_set(sv->v, up && !msi && sim_pci_intx_on(s));
}

/* ---- one client ---- */

static void describe(struct server *sv)
{
	unsigned i;

	memset(&sv->dev, 0, sizeof(sv->dev));
	for (i = 0; i < NVT_BAR_COUNT; i++) {
		sv->dev.region[i].size = sv->t->pci.bar[i].size;
		sv->dev.region[i].access = sv->t->pci.bar[i].size ? VFU_READ | VFU_WRITE : 0;
	}
	sv->dev.region[VFU_REGION_CONFIG].size = SIM_CFG_SIZE;
	sv->dev.region[VFU_REGION_CONFIG].access = VFU_READ | VFU_WRITE;
	sv->dev.irq_count[VFU_IRQ_INTX] = 1;
	sv->dev.irq_count[VFU_IRQ_MSI] = 1;
	sv->dev.irq_count[VFU_IRQ_ERR] = 1;
	sv->dev.irq_count[VFU_IRQ_REQ] = 1;
	sv->dev.rd = region_rd;
	sv->dev.wr = region_wr;
	sv->dev.reset = reset;
	sv->dev.arg = sv;
}

static void tell(struct server *sv, enum nvt_sim_session_state state)
{
	const struct vfu_counts *c;

	sv->session.state = state;
	if (state == NVT_SIM_LEFT) {
		c = vfu_counts(sv->v);
		sv->session.messages = c->messages;
		sv->session.refused = c->refused;
		sv->session.reads = c->reads;
		sv->session.writes = c->writes;
		sv->session.dma_maps = c->dma_maps;
		sv->session.interrupts = c->irqs;
		sim_report(sv->t, &sv->session.report);
	}
	if (sv->opts->client)
		sv->opts->client(sv->opts->arg, &sv->session);
}

static void wait_for(struct server *sv, struct pollfd fds[2])
{
	uint64_t next = sv->t ? sim_next_due(sv->t) : UINT64_MAX, now = sv->t ? device_ns(sv) : 0, ns;
	struct timespec ts;

	ns = next <= now ? 0 : next - now;
	if (ns > IDLE_NS)
		ns = IDLE_NS;
	ts.tv_sec = (time_t)(ns / 1000000000u);
	ts.tv_nsec = (long)(ns % 1000000000u);
	if (ppoll(fds, 2, &ts, NULL) < 0)
		fds[0].revents = fds[1].revents = 0;
}

/* True if the server was told to stop. */
static bool serve_client(struct server *sv)
{
	struct pollfd fds[2] = { { .fd = vfu_fd(sv->v), .events = POLLIN },
				 { .fd = sv->opts->stop_fd, .events = POLLIN } };
	bool alive = true;

	while (alive) {
		wait_for(sv, fds);
		sim_advance(sv->t, device_ns(sv));
		if (fds[1].revents)
			return true;
		if (fds[0].revents)
			alive = vfu_run(sv->v, &sv->session.end);
		if (alive)
			deliver(sv);
	}
	return false;
}

/* A client gets a device that was just powered on; what it left behind goes with it. */
static int run_client(struct server *sv, int fd, bool *ret_stop, struct nvt_error *e)
{
	struct sim_memory memory = { memory_rd, memory_wr, sv };
	struct sim_opts model = sv->opts->model;
	int rc;

	model.policy = SIM_STRICT_REPORT;
	model.memory = &memory;
	rc = sim_open(sv->ctx, &model, &sv->t, e);
	if (rc) {
		close(fd);
		return rc;
	}
	describe(sv);
	rc = vfu_new(&sv->dev, fd, &sv->v, e);
	if (!rc) {
		sv->start_ns = real_ns();
		sv->msi_line = false;
		sv->session.number++;
		sv->session.end = (struct nvt_error){ .code = NVT_OK };
		tell(sv, NVT_SIM_CAME);
		*ret_stop = serve_client(sv);
		tell(sv, NVT_SIM_LEFT);
	}
	vfu_free(sv->v);
	nvt_transport_close(sv->t);
	sv->v = NULL;
	sv->t = NULL;
	return rc;
}

/* Who connects only to see whether somebody listens is no client. */
static bool speaks(struct server *sv, int fd, bool *ret_stop)
{
	struct pollfd fds[2] = { { .fd = fd, .events = POLLIN }, { .fd = sv->opts->stop_fd, .events = POLLIN } };
	uint8_t first;

	do {
		wait_for(sv, fds);
		*ret_stop = fds[1].revents;
	} while (!fds[0].revents && !*ret_stop);
	return !*ret_stop && recv(fd, &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

static int accept_clients(struct server *sv, struct nvt_error *e)
{
	struct pollfd fds[2] = { { .fd = sv->listener, .events = POLLIN },
				 { .fd = sv->opts->stop_fd, .events = POLLIN } };
	bool stop = false;
	int fd, rc = 0;

	while (!rc && !stop) {
		wait_for(sv, fds);
		if (fds[1].revents)
			break;
		if (!fds[0].revents)
			continue;
		fd = accept4(sv->listener, NULL, NULL, SOCK_CLOEXEC);
		if (fd >= 0 && speaks(sv, fd, &stop)) {
			rc = run_client(sv, fd, &stop, e);
			stop = stop || sv->opts->once;
		} else if (fd >= 0) {
			close(fd);
		}
	}
	return rc;
}

int sim_serve(struct nvt_ctx *ctx, const struct sim_serve_opts *opts, struct nvt_error *e)
{
	struct server *sv = calloc(1, sizeof(*sv));
	int rc;

	if (!sv)
		return nvt_fail(e, NVT_E_NOMEM, "no memory for the server");
	sv->opts = opts;
	sv->ctx = ctx;
	rc = vfu_listen(opts->socket, &sv->listener, e);
	if (!rc) {
		tell(sv, NVT_SIM_LISTENS);
		rc = accept_clients(sv, e);
		close(sv->listener);
		unlink(opts->socket);
	}
	free(sv);
	return rc;
}
