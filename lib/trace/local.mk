noinst_LIBRARIES += lib/trace/libtrace.a
trace_sources = lib/trace/text.c lib/trace/pcapng.h lib/trace/pcapng_write.c lib/trace/read.h lib/trace/read.c \
	lib/trace/read_pcapng.c lib/trace/text_read.h lib/trace/text_read.c lib/trace/read_trace.c lib/trace/read_queue.c lib/trace/read_log.c \
	lib/trace/message_json.c
lib_trace_libtrace_a_SOURCES = $(trace_sources)
