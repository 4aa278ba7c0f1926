"""The HTTP app: ingest, REST, GraphQL, and the dashboard, all on the same query functions.

A request goes: `guard` (host, origin, key) -> a route in `ingest`, `rest/`, `graph/` or `dashboard` -> `queries/`.
Errors of the whole package become problem details in `problems`, nowhere else.
"""
