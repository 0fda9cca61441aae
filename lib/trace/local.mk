noinst_LIBRARIES += lib/trace/libtrace.a
trace_sources = lib/trace/text.c lib/trace/pcapng.h lib/trace/pcapng_write.c
lib_trace_libtrace_a_SOURCES = $(trace_sources)
