# Facts of the protocol, and the generator that makes tables of them. The generator links the loader that
# the library has too, built a second time: the library itself needs the tables.
protocol_schema = protocol/versions.json protocol/rpc.json protocol/status.json protocol/enums.json \
	protocol/consts.json protocol/flags.json protocol/links.json protocol/sources.json protocol/ctrl.json protocol/class.json protocol/overlay.json \
	protocol/types/boot.json protocol/types/class.json protocol/types/common.json protocol/types/ctrl.json \
	protocol/types/ctrl0000.json protocol/types/ctrl0073.json protocol/types/ctrl0080.json \
	protocol/types/ctrl2080.json protocol/types/ctrl2080internal.json protocol/types/ctrl2080nvlink.json \
	protocol/types/queue.json protocol/types/rpc.json protocol/types/sdk.json protocol/types/sequencer.json \
	protocol/types/staticinfo.json protocol/types/sysinfo.json
protocol_schema_files = $(addprefix $(srcdir)/,$(protocol_schema))

noinst_LIBRARIES += protocol/gen/libschema.a
protocol_gen_libschema_a_SOURCES = $(rpc_loader_sources) lib/base/error.c
noinst_PROGRAMS += protocol/gen/gen
protocol_gen_gen_SOURCES = protocol/gen/gen.c
protocol_gen_gen_LDADD = protocol/gen/libschema.a $(JANSSON_LIBS)

lib/rpc/gen/tables.c: $(protocol_schema) protocol/gen/gen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) lib/rpc/gen && ./protocol/gen/gen$(EXEEXT) tables $(protocol_schema_files) > $@.tmp && mv $@.tmp $@
lib/include/nvt/fields.h: $(protocol_schema) protocol/gen/gen$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) lib/include/nvt && ./protocol/gen/gen$(EXEEXT) fields $(protocol_schema_files) > $@.tmp && mv $@.tmp $@
BUILT_SOURCES += lib/include/nvt/fields.h lib/rpc/gen/tables.c

# The Wireshark dissector: generated from the library's own tables, then the part written by hand.
noinst_PROGRAMS += protocol/gen/dissector
protocol_gen_dissector_SOURCES = protocol/gen/dissector.c
protocol_gen_dissector_LDADD = lib/rpc/librpc.a lib/base/libbase.a $(JANSSON_LIBS)
protocol/gsp.lua: protocol/gen/dissector$(EXEEXT) protocol/gen/dissector.lua
	$(AM_V_GEN)(./protocol/gen/dissector$(EXEEXT) && cat $(srcdir)/protocol/gen/dissector.lua) > $@.tmp && mv $@.tmp $@
nodist_pkgdata_DATA = protocol/gsp.lua
CLEANFILES += protocol/gsp.lua
EXTRA_DIST += protocol/gen/dissector.lua
CLEANFILES += lib/include/nvt/fields.h lib/rpc/gen/tables.c
nodist_nvtinclude_HEADERS = lib/include/nvt/fields.h
EXTRA_DIST += $(protocol_schema) protocol/README.md protocol/COUNTS.md protocol/import/check.py protocol/import/counts.py
# The importer is installed too, for `nvtool abi import`.
importdir = $(pkgdatadir)/import
dist_import_DATA = protocol/import/onefile.py protocol/import/import.py protocol/import/canon.py \
	protocol/import/dwarf.py protocol/import/extract.py protocol/import/tree.py protocol/import/macros.py \
	protocol/import/links.py protocol/import/fail.py protocol/import/roots.json
dist_pkgdata_DATA = protocol/overlay.json

# For developers: needs a driver source tree (OGKM=DIR, or OGKM_GIT=DIR and TAG=RELEASE), gcc, pyelftools.
OGKM_ARGS = $(if $(OGKM),$(OGKM),--git $(OGKM_GIT) --tag $(TAG))
protocol-import:
	/usr/bin/python3 $(srcdir)/protocol/import/import.py $(OGKM_ARGS)
protocol-import-all:
	/usr/bin/python3 $(srcdir)/protocol/import/import.py --git $(OGKM_GIT) --all --jobs 2
protocol-counts:
	/usr/bin/python3 $(srcdir)/protocol/import/counts.py
protocol-check:
	/usr/bin/python3 $(srcdir)/protocol/import/check.py $(OGKM_ARGS)
# Takes a release once more, into a copy, and compares.
protocol-again:
	@top=$$(mktemp -d) && trap 'rm -rf $$top' EXIT && mkdir $$top/types && cp $(srcdir)/protocol/*.json $$top && \
	cp $(srcdir)/protocol/types/*.json $$top/types && \
	/usr/bin/python3 $(srcdir)/protocol/import/import.py $(OGKM_ARGS) --work $$top/work --out $$top && rm -r $$top/work && \
	diff -rq -x import -x gen -x '*.md' -x '*.mk' $(srcdir)/protocol $$top && echo "identical bytes"
.PHONY: protocol-import protocol-import-all protocol-again protocol-counts protocol-check
