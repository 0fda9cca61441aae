# unit/rpc
