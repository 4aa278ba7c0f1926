"""The raw rows, kept once in an open format: Delta tables of each model that Spark, DuckDB or pandas read without us.

`contract` says what a lake does and `local` does it in a folder. Rows wait in `buffer`, get their names and types from
`naming` and `columns`, are encoded by `encoding` into the files of `parquet`, join a table through `delta`, and are
read by `scan` and `lookup`. `rewrite` merges, expires and erases them.
"""
