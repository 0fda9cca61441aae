extern int nvt_trace_stub; int nvt_trace_stub;
