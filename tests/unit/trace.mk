EXTRA_DIST += tests/support/trace_check.py tests/unit/trace_grammar.py
TESTS += tests/unit/trace_grammar.py
