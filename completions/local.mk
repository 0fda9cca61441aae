# Generated and kept in the tree: `make completions-update` after a change of the command table.
EXTRA_DIST += completions/gen-completions.py completions/nvtool.bash completions/_nvtool tests/lint/completions.tap
TESTS += tests/lint/completions.tap
zshcompdir = $(datadir)/zsh/site-functions
dist_zshcomp_DATA = completions/_nvtool

# bash wants the file to have the command's name.
install-data-hook:
	$(MKDIR_P) '$(DESTDIR)$(datadir)/bash-completion/completions'
	$(INSTALL_DATA) $(top_srcdir)/completions/nvtool.bash '$(DESTDIR)$(datadir)/bash-completion/completions/nvtool'
uninstall-hook:
	rm -f '$(DESTDIR)$(datadir)/bash-completion/completions/nvtool'

.PHONY: completions-update
completions-update: cli/nvtool$(EXEEXT)
	cli/nvtool$(EXEEXT) meta > completions-update.json
	$(PYTHON) $(top_srcdir)/completions/gen-completions.py completions-update.json $(top_srcdir)/completions
	rm -f completions-update.json
