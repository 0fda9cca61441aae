# One manifest per release; chips.json is the chip table. lib/fw and lib/base build them in.
EXTRA_DIST += fwdb/570.144.json fwdb/schema.json fwdb/README.md fwdb/import.py
