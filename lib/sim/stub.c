extern int nvt_sim_stub; int nvt_sim_stub;
