noinst_LIBRARIES += lib/base/libbase.a
base_sources = lib/base/error.c lib/base/event.c lib/base/bytes.c lib/base/bytes.h lib/base/chips.c \
	lib/base/clock.c lib/base/clock.h
lib_base_libbase_a_SOURCES = $(base_sources)

# The chip table is generated from fwdb/chips.json.
noinst_PROGRAMS += fwdb/gen-chips
fwdb_gen_chips_SOURCES = fwdb/gen-chips.c
fwdb_gen_chips_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
fwdb_gen_chips_LDADD = $(JANSSON_LIBS)
lib/base/chips_gen.inc: fwdb/chips.json fwdb/gen-chips$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) lib/base && ./fwdb/gen-chips$(EXEEXT) $(srcdir)/fwdb/chips.json > $@.tmp && mv $@.tmp $@
lib/base/chips.$(OBJEXT): lib/base/chips_gen.inc
CLEANFILES += lib/base/chips_gen.inc
EXTRA_DIST += fwdb/chips.json
