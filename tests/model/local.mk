# The device model against the access lists of known drivers, and against drivers that break its rules.
if HAVE_CMOCKA
model_tests = tests/model/replay tests/model/session tests/model/rules tests/model/faults tests/model/contract
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)
model_test_libs = lib/libnvt.a $(nvt_LIBS) $(CMOCKA_LIBS)
model_rig = tests/model/rig.c tests/model/rig.h tests/model/rig_build.c tests/model/rig_queue.c
model_nova = tests/model/nova.c tests/model/nova.h $(model_rig)
tests_model_replay_SOURCES = tests/model/replay.c tests/model/rm_calls.c tests/model/rig_rm.h $(model_nova)
tests_model_replay_LDADD = $(model_test_libs)
tests_model_session_SOURCES = tests/model/session.c $(model_nova)
tests_model_session_LDADD = $(model_test_libs)
tests_model_rules_SOURCES = tests/model/rules.c tests/model/rules.h tests/model/rules_falcon.c \
	tests/model/rules_boot.c tests/model/rules_message.c $(model_rig)
tests_model_rules_LDADD = $(model_test_libs)
tests_model_faults_SOURCES = tests/model/faults.c
tests_model_faults_LDADD = $(model_test_libs)
tests_model_contract_SOURCES = tests/model/contract.c $(fake_pci) $(fake_vfio)
tests_model_contract_LDFLAGS = $(wrap_ioctl)
tests_model_contract_LDADD = $(model_test_libs)

# Synthetic releases with the protocol of 570.144 and of 535.113.01; the stamp is the manifest.
model_chips = GA102 GA103 GA104 GA106 GA107 AD102 AD103 AD104 AD106 AD107
model_release = tests/model/release/fwdb/0.0.0-test.json
$(model_release): $(srcdir)/tests/support/mkfirmware.py $(srcdir)/fwdb/chips.json
	$(AM_V_GEN)$(PYTHON) $(srcdir)/tests/support/mkfirmware.py tests/model/release $(model_chips) && touch $@
model_release_r535 = tests/model/release-r535/fwdb/0.0.0-test.json
$(model_release_r535): $(srcdir)/tests/support/mkfirmware.py $(srcdir)/fwdb/chips.json
	$(AM_V_GEN)$(PYTHON) $(srcdir)/tests/support/mkfirmware.py --protocol 535.113.01 tests/model/release-r535 \
		GA102 AD102 && touch $@
check_DATA = $(model_release) $(model_release_r535)
CLEANFILES += $(model_release) tests/model/release/firmware/nvidia/*/gsp/*.bin
CLEANFILES += $(model_release_r535) tests/model/release-r535/firmware/nvidia/*/gsp/*.bin

# Clients that leave, of the release above.
TESTS += tests/model/serve_drops.py

# The driver core on the model.
check_PROGRAMS += tests/model/dryrun tests/model/bringup
TESTS += tests/model/dryrun tests/model/bringup
model_device = tests/model/device.c tests/model/device.h
tests_model_dryrun_SOURCES = tests/model/dryrun.c $(model_device)
tests_model_dryrun_LDADD = $(model_test_libs)
tests_model_bringup_SOURCES = tests/model/bringup.c $(model_device)
tests_model_bringup_LDADD = $(model_test_libs)
endif

# The model behind its socket.
TESTS += tests/model/serve.py
EXTRA_DIST += tests/model/serve.py tests/model/serve_drops.py
