# unit/fw
