extern int nvt_rpc_stub; int nvt_rpc_stub;
