"""A request body -> accepted rows, ready for the log, and rejected rows with reasons.

`decode` is the one door. An Arrow body goes through `arrow_bounds` (nothing is allocated that its bytes cannot hold)
and `arrow_rows`; a JSON body through `json_text`, `json_row` and `json_columns`. Both end as `part`s. `answer` writes
what the sender is told. Behind the log, `conform` brings each batch to its model version's frozen schema, and
`reference` reads a reference file as batches of the same form.
"""
