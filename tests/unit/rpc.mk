# Tests of lib/rpc.
if HAVE_CMOCKA
rpc_test_LIBS = lib/rpc/librpc.a lib/base/libbase.a $(CMOCKA_LIBS) $(JANSSON_LIBS)
rpc_tests = tests/unit/rpc_tables tests/unit/rpc_access tests/unit/rpc_json tests/unit/rpc_schema tests/unit/rpc_releases
check_PROGRAMS += $(rpc_tests)
TESTS += $(rpc_tests)
tests_unit_rpc_tables_LDADD = $(rpc_test_LIBS)
tests_unit_rpc_access_LDADD = $(rpc_test_LIBS)
tests_unit_rpc_json_LDADD = $(rpc_test_LIBS)
tests_unit_rpc_releases_LDADD = $(rpc_test_LIBS)
tests_unit_rpc_schema_LDADD = $(rpc_test_LIBS)
endif
