noinst_LIBRARIES += lib/core/libcore.a
core_sources = lib/core/boot.c lib/core/booter.c lib/core/booter.h lib/core/bringup.c lib/core/chips.c \
	lib/core/chips.h lib/core/events.c lib/core/events.h lib/core/falcon.c lib/core/falcon.h \
	lib/core/falcon_ga102.c lib/core/fb.c lib/core/fb.h lib/core/fb_ga102.c lib/core/fb_offline.c lib/core/fb_sizes.c lib/core/fb_sizes.h lib/core/firmware.c \
	lib/core/firmware.h lib/core/fwsec.c lib/core/fwsec.h lib/core/gpu.c lib/core/gpu.h \
	lib/core/handshake.c lib/core/handshake.h lib/core/libos.c lib/core/libos.h lib/core/msgq.c \
	lib/core/msgq.h lib/core/registry.c lib/core/registry.h lib/core/rm.c lib/core/rm.h lib/core/rm_r535.c lib/core/rm_r570.c \
	lib/core/rpc_client.c lib/core/rpc_client.h lib/core/sequencer.c lib/core/sequencer.h \
	lib/core/state.h lib/core/steps.c lib/core/steps.h lib/core/unload.c lib/core/unload.h
lib_core_libcore_a_SOURCES = $(core_sources)
