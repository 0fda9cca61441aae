# firmware/local
