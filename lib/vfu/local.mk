noinst_LIBRARIES += lib/vfu/libvfu.a
vfu_sources = lib/vfu/vfu.h lib/vfu/proto.h lib/vfu/conn.h \
	lib/vfu/server.c lib/vfu/message.c \
	lib/vfu/dma.c lib/vfu/dma.h lib/vfu/irq.c lib/vfu/irq.h
lib_vfu_libvfu_a_SOURCES = $(vfu_sources)
