# Properties, with seeded random input: seed 1 in make check unless NVT_TEST_SEED says another; a program
# run by itself takes the time and prints it.
if HAVE_CMOCKA
prop_tests = tests/prop/rpc_types tests/prop/rpc_frames tests/prop/message_json
check_PROGRAMS += $(prop_tests)
TESTS += $(prop_tests)
tests_prop_rpc_types_SOURCES = tests/prop/rpc_types.c tests/prop/rng.h
tests_prop_rpc_types_LDADD = $(rpc_test_LIBS)
tests_prop_rpc_frames_SOURCES = tests/prop/rpc_frames.c tests/prop/rng.h
tests_prop_rpc_frames_LDADD = $(rpc_test_LIBS)
tests_prop_message_json_SOURCES = tests/prop/message_json.c tests/prop/rng.h
tests_prop_message_json_LDADD = lib/libnvt.a $(nvt_LIBS) $(CMOCKA_LIBS)
endif
