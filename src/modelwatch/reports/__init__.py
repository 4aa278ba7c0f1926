"""Offline: compare two frames without a server, and hand the result on.

    frames or files --table, values--> columns --fitting--> bins --> profiles --monitors--> Comparison
    Comparison --> page (HTML), notebook, terminal, plain (JSON), junit

- `compare(reference, current, ...) -> Comparison` takes frames; `compare_tables` takes `Table`s, which may be files.
- `Comparison` has `.findings`, `.passed`, `.level`, `.to_dict()`, `.to_json()`, `.to_junit()`, `.save_html(path)`.
- `expect` holds the expectations, `expectation_file` reads them from TOML or JSON, `files` opens Parquet, CSV, Arrow.
"""

from modelwatch.reports import expect
from modelwatch.reports.compare import compare, compare_tables
from modelwatch.reports.comparison import ComparedColumn, Comparison
from modelwatch.reports.outcome import Outcome

__all__ = ["ComparedColumn", "Comparison", "Outcome", "compare", "compare_tables", "expect"]
