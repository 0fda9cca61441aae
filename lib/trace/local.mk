noinst_LIBRARIES += lib/trace/libtrace.a
trace_sources = lib/trace/text.c
lib_trace_libtrace_a_SOURCES = $(trace_sources)
