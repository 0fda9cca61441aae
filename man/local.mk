# Pages of section 1 are generated and kept in the tree: `make man-update` after a change of the command table.
man_pages = nvtool boot batch chips fw vbios reg rpc abi trace sim
man_fragments = $(man_pages:%=man/frag/%.mdoc)
dist_man_MANS += man/nvtool.1 man/nvtool-boot.1 man/nvtool-batch.1 man/nvtool-chips.1 man/nvtool-fw.1 \
	man/nvtool-vbios.1 man/nvtool-reg.1 man/nvtool-rpc.1 man/nvtool-abi.1 man/nvtool-trace.1 man/nvtool-sim.1 man/nvtool-fwdb.5 man/nvtool-trace.5 \
	man/nvtool-capture.5 man/nvtool-guest.7 man/nvtool-strictness.7
EXTRA_DIST += man/gen-man.py $(man_fragments) tests/lint/man.tap
TESTS += tests/lint/man.tap

.PHONY: man-update
man-update: cli/nvtool$(EXEEXT)
	cli/nvtool$(EXEEXT) meta > man-update.json
	$(PYTHON) $(top_srcdir)/man/gen-man.py man-update.json $(top_srcdir)/man/frag $(top_srcdir)/man
	rm -f man-update.json
