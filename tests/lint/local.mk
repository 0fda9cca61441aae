# lint/local
