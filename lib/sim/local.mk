noinst_LIBRARIES += lib/sim/libsim.a
sim_sources = lib/sim/sim.h lib/sim/model.h \
	lib/sim/sim.c lib/sim/uri.c \
	lib/sim/chips.c lib/sim/chips.h \
	lib/sim/timers.c lib/sim/timers.h \
	lib/sim/regfile.c lib/sim/regfile.h \
	lib/sim/iommu.c lib/sim/iommu.h \
	lib/sim/vram.c lib/sim/vram.h \
	lib/sim/findings.c lib/sim/findings.h \
	lib/sim/faults.c lib/sim/faults.h \
	lib/sim/pci.c lib/sim/pci.h \
	lib/sim/rom.c lib/sim/rom.h lib/sim/vbios_build.c lib/sim/vbios_build.h \
	lib/sim/board.c lib/sim/bar.c lib/sim/dma.c \
	lib/sim/falcon.c lib/sim/falcon_mem.c lib/sim/falcon.h lib/sim/hs.c \
	lib/sim/fwsec.c lib/sim/booter.c lib/sim/wpr_meta.c \
	lib/sim/gsp.c lib/sim/gsp.h lib/sim/gsp_queue.c lib/sim/gsp_damage.c lib/sim/sequencer.c \
	lib/sim/rm.c lib/sim/rm_check.c lib/sim/rm_static.c lib/sim/rm_event.c \
	lib/sim/rm_ctrl.c lib/sim/releases.c lib/sim/releases.h lib/sim/rm_object.c lib/sim/mmu.c \
	lib/sim/channel.c lib/sim/channel_mem.c lib/sim/channel.h lib/sim/host.c lib/sim/copy.c \
	lib/sim/intr.c lib/sim/serve.c lib/sim/serve.h
lib_sim_libsim_a_SOURCES = $(sim_sources)
