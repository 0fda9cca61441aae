# What each command prints, and what each fault of the model ends in. `make golden-update` writes the expected
# files anew; read the difference before committing it.
TESTS += tests/golden/golden.tap tests/golden/faults.tap tests/golden/options.tap tests/golden/fw.tap
TESTS += tests/golden/abi.tap tests/golden/abi_import.tap tests/golden/importer.tap tests/golden/counts.tap tests/golden/copies.tap
EXTRA_DIST += tests/golden/abi.tap tests/golden/abi_import.tap tests/golden/importer.tap tests/golden/counts.tap tests/golden/copies.tap tests/golden/copies.json \
	tests/support/mkdriver.py
EXTRA_DIST += tests/golden/golden.tap tests/golden/faults.tap tests/golden/options.tap tests/golden/fw.tap tests/golden/runner.py \
	tests/golden/cases.txt tests/golden/faults.txt $(srcdir)/tests/golden/expect $(srcdir)/tests/golden/input

.PHONY: golden-update
golden-update: cli/nvtool$(EXEEXT)
	NVTOOL='$(abs_top_builddir)/cli/nvtool$(EXEEXT)' $(PYTHON) $(srcdir)/tests/golden/golden.tap --update
	NVTOOL='$(abs_top_builddir)/cli/nvtool$(EXEEXT)' $(PYTHON) $(srcdir)/tests/golden/faults.tap --update

# Damaged copies of the model's VBIOS.
TESTS += tests/golden/vbios.tap
EXTRA_DIST += tests/golden/vbios.tap
