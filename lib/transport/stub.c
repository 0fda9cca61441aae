extern int nvt_transport_stub; int nvt_transport_stub;
