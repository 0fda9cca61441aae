noinst_LIBRARIES += lib/sim/libsim.a
sim_sources = lib/sim/stub.c
lib_sim_libsim_a_SOURCES = $(sim_sources)
