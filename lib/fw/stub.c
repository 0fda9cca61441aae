extern int nvt_fw_stub; int nvt_fw_stub;
