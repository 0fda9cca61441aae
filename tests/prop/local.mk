# What is promised of the codec, and where it is tested; over all types and releases with NVT_TEST_FULL=1:
#  1 bytes -> JSON -> bytes keeps all but padding, raw ones all    rpc_types: test_round_trip, test_messages, test_params
#  2 fields tile their type, overlap in unions only                rpc_types: test_coverage; offsets: make protocol-check
#  3 every length: refused below the minimum, never read past      rpc_types: test_truncated_*; tests/fuzz/rpc_decode
#  4 JSON -> bytes -> JSON is a fixpoint                           rpc_types, as 1
#  5 to another release and back keeps what both have              rpc_releases: test_transcode
#  6 a sealed record's sum is 0, any bit flipped is found; counts  rpc_frames: test_seal, test_bit_flips, test_element_count, test_encrypted
#  7 split and joined is the same, for sizes about the limits      rpc_frames: test_split_join, test_join_*
#  8 ids are unique, their types are there; as many as counted     rpc_types: test_ids; rpc_releases: test_counts
#  9 sizes, offsets and lengths known by other means               tests/unit: rpc_tables, rpc_releases
# 10 what differs between releases                                 tests/unit/rpc_releases: test_differences
# 11 the compiler agrees on the driver's own headers               make protocol-check OGKM_GIT=DIR TAG=RELEASE
# Properties, with seeded random input: seed 1 in make check unless NVT_TEST_SEED says another; a program
# run by itself takes the time and prints it.
if HAVE_CMOCKA
prop_tests = tests/prop/rpc_types tests/prop/rpc_frames tests/prop/rpc_releases tests/prop/message_json
check_PROGRAMS += $(prop_tests)
TESTS += $(prop_tests)
tests_prop_rpc_types_SOURCES = tests/prop/rpc_types.c tests/prop/rng.h
tests_prop_rpc_types_LDADD = $(rpc_test_LIBS)
tests_prop_rpc_frames_SOURCES = tests/prop/rpc_frames.c tests/prop/rng.h
tests_prop_rpc_frames_LDADD = $(rpc_test_LIBS)
tests_prop_rpc_releases_SOURCES = tests/prop/rpc_releases.c tests/prop/rng.h
tests_prop_rpc_releases_LDADD = $(rpc_test_LIBS)
tests_prop_message_json_SOURCES = tests/prop/message_json.c tests/prop/rng.h
tests_prop_message_json_LDADD = lib/libnvt.a $(nvt_LIBS) $(CMOCKA_LIBS)
endif
