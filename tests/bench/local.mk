# bench/local
