# unit/transport
