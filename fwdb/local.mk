# fwdb
