/* SPDX-License-Identifier: MIT */
/* The event stream's hub. */
#include <nvt/event.h>

static const char *const kind_names[NVT_EV__COUNT] = {
	[NVT_EV_MMIO_RD] = "rd",
	[NVT_EV_MMIO_WR] = "wr",
	[NVT_EV_WINDOW_RD] = "window-rd",
	[NVT_EV_WINDOW_WR] = "window-wr",
	[NVT_EV_POLL] = "poll",
	[NVT_EV_CFG_RD] = "cfg-rd",
	[NVT_EV_CFG_WR] = "cfg-wr",
	[NVT_EV_DMA_ALLOC] = "dma-alloc",
	[NVT_EV_DMA_FREE] = "dma-free",
	[NVT_EV_DMA_SYNC] = "dma-sync",
	[NVT_EV_DMA_DEV_RD] = "dma-dev-rd",
	[NVT_EV_DMA_DEV_WR] = "dma-dev-wr",
	[NVT_EV_MSG] = "msg",
	[NVT_EV_STEP] = "step",
	[NVT_EV_RESET] = "reset",
	[NVT_EV_DELAY] = "delay",
	[NVT_EV_VIOLATION] = "violation",
	[NVT_EV_ODD] = "odd",
	[NVT_EV_FAULT] = "fault",
	[NVT_EV_NOTE] = "note",
};

const char *nvt_event_kind_name(enum nvt_event_kind kind)
{
	return (unsigned)kind < NVT_EV__COUNT ? kind_names[kind] : "unknown";
}

void nvt_ctx_add_sink(struct nvt_ctx *ctx, struct nvt_sink *sink)
{
	sink->next = ctx->sinks;
	ctx->sinks = sink;
}

void nvt_ctx_remove_sink(struct nvt_ctx *ctx, struct nvt_sink *sink)
{
	struct nvt_sink **at;

	for (at = &ctx->sinks; *at; at = &(*at)->next) {
		if (*at == sink) {
			*at = sink->next;
			sink->next = NULL;
			return;
		}
	}
}

uint64_t nvt_now_ns(const struct nvt_ctx *ctx)
{
	return ctx->clock ? ctx->clock->now_ns(ctx->clock) : 0;
}

void nvt_emit(struct nvt_ctx *ctx, struct nvt_event *ev)
{
	struct nvt_sink *s;

	if (!ctx->sinks)
		return;
	ev->t_ns = nvt_now_ns(ctx);
	ev->step = ctx->step;
	for (s = ctx->sinks; s; s = s->next)
		s->emit(s, ev);
}
