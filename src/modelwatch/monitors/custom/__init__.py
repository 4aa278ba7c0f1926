"""Metrics that users write: a SQL expression over labelled rows, read, checked and computed here and nowhere else.

The text becomes a small tree (`lexer`, `parser`, `syntax`), the tree is checked against the columns that may be read
and against the functions that exist (`check`, `scalars`, `aggregates`), and what is left is computed on arrays
(`compute`, `measure`). No part of the text reaches a database, a file, a shell or Python's evaluator, and no function
makes more than it is given, so that time and memory are linear in the rows.
"""
