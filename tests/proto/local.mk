# The schema loader: one bad schema per rule with its exact complaint, one good one with what it generates.
TESTS += tests/proto/check_schemas.py
EXTRA_DIST += tests/proto/check_schemas.py $(srcdir)/tests/proto/cases
