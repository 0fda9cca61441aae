noinst_LIBRARIES += lib/trace/libtrace.a
trace_sources = lib/trace/text.c lib/trace/pcapng.h lib/trace/pcapng_write.c lib/trace/read.h lib/trace/read.c \
	lib/trace/read_pcapng.c lib/trace/text_read.h lib/trace/text_read.c lib/trace/read_trace.c lib/trace/read_queue.c lib/trace/read_log.c \
	lib/trace/message_json.c lib/trace/steps.h lib/trace/steps.c lib/trace/recording.h lib/trace/recording.c \
	lib/trace/compare.c lib/trace/compare_fields.c lib/trace/explain.c
lib_trace_libtrace_a_SOURCES = $(trace_sources)
