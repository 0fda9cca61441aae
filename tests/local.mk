# Test programs that link one layer and what is below it, then the tiers above.
include tests/unit/base.mk
include tests/unit/regs.mk
include tests/unit/fw.mk
include tests/unit/rpc.mk
include tests/unit/trace.mk
include tests/unit/transport.mk
include tests/unit/sim.mk
include tests/unit/core.mk
include tests/unit/vfu.mk
include tests/prop/local.mk
include tests/proto/local.mk
include tests/golden/local.mk
include tests/model/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/lint/local.mk
include tests/firmware/local.mk
