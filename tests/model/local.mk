# model/local
