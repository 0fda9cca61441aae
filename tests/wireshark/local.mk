# The dissector, in tshark.
TESTS += tests/wireshark/dissector.tap
EXTRA_DIST += tests/wireshark/dissector.tap
tests/wireshark/dissector.log: protocol/gsp.lua
