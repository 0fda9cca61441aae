# The codec: decode, framing, and JSON text.
fuzz_targets += tests/fuzz/rpc_decode tests/fuzz/rpc_frame tests/fuzz/rpc_json
tests_fuzz_rpc_decode_SOURCES = tests/fuzz/rpc_decode.c $(fuzz_main)
tests_fuzz_rpc_decode_LDFLAGS = $(fuzz_link)
tests_fuzz_rpc_decode_LDADD = $(fuzz_libs)
tests_fuzz_rpc_frame_SOURCES = tests/fuzz/rpc_frame.c $(fuzz_main)
tests_fuzz_rpc_frame_LDFLAGS = $(fuzz_link)
tests_fuzz_rpc_frame_LDADD = $(fuzz_libs)
tests_fuzz_rpc_json_SOURCES = tests/fuzz/rpc_json.c $(fuzz_main)
tests_fuzz_rpc_json_LDFLAGS = $(fuzz_link)
tests_fuzz_rpc_json_LDADD = $(fuzz_libs)

# A schema given at run time.
fuzz_targets += tests/fuzz/rpc_schema
tests_fuzz_rpc_schema_SOURCES = tests/fuzz/rpc_schema.c $(fuzz_main)
tests_fuzz_rpc_schema_LDFLAGS = $(fuzz_link)
tests_fuzz_rpc_schema_LDADD = $(fuzz_libs)
