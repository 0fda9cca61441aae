# unit/sim
