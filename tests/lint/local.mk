# What the compiler does not check; see each script. regs_vs_vendor.py is for developers: it needs a driver's source tree.
lint_tests = tests/lint/layers.py tests/lint/headers.py tests/lint/json_form.py tests/lint/style.py
TESTS += $(lint_tests)
EXTRA_DIST += $(lint_tests) tests/lint/regs_vs_vendor.py
