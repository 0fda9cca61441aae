# One manifest per release; chips.json is the chip table. lib/fw and lib/base build them in.
EXTRA_DIST += fwdb/535.113.01.json fwdb/535.261.03.json fwdb/570.144.json fwdb/schema.json fwdb/README.md
