# golden/local
