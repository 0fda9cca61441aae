extern int nvt_core_stub; int nvt_core_stub;
