noinst_LIBRARIES += lib/rpc/librpc.a
# What the table generator needs; it has no tables itself.
rpc_loader_sources = lib/rpc/schema.c lib/rpc/schema_read.c lib/rpc/schema_type.c lib/rpc/schema_values.c \
	lib/rpc/schema_groups.c lib/rpc/schema_sources.c lib/rpc/schema_overlay.c lib/rpc/schema_layout.c lib/rpc/schema_build.c \
	lib/rpc/schema_handles.c lib/rpc/schema_ids.c lib/rpc/schema_selectors.c lib/rpc/schema.h lib/rpc/schema_int.h lib/rpc/schema_build.h \
	lib/rpc/abi.h
rpc_sources = $(rpc_loader_sources) lib/rpc/access.c lib/rpc/walk.c lib/rpc/layout.c lib/rpc/names.c lib/rpc/groups.c \
	lib/rpc/ids.c lib/rpc/json.c lib/rpc/json_text.h lib/rpc/json_encode.c lib/rpc/frame.c lib/rpc/sequencer.c
rpc_built = lib/rpc/gen/tables.c
lib_rpc_librpc_a_SOURCES = $(rpc_sources)
nodist_lib_rpc_librpc_a_SOURCES = $(rpc_built)
