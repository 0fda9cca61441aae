# unit/trace
