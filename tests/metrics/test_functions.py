"""Functions that installed packages register are metrics like any other, and cannot fail their caller."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from modelwatch.errors import InvalidRequest
from modelwatch.metrics import Metric, MetricKind, check_metric, evaluate, evaluate_windows, registered

TABLE = pa.table(
    {
        "timestamp": pa.array([30, 10, 20], pa.timestamp("us", "UTC")),
        "prediction_label": ["ok", "fraud", "ok"],
        "amount": [3.0, 1.0, 2.0],
    }
)


def metric(name: str) -> Metric:
    return Metric("m", name, MetricKind.PYTHON)


def amounts(table: pa.Table) -> object:
    return np.sum(table["amount"].to_numpy())


def broken(table: pa.Table) -> object:
    raise KeyError("there is no column 'price'")


def leaving(table: pa.Table) -> object:
    sys.exit(3)


def test_a_function_gets_the_rows_of_the_window_in_order_of_time() -> None:
    seen: list[pa.Table] = []

    def last(table: pa.Table) -> float | None:
        seen.append(table)
        return table["amount"][-1].as_py() if table.num_rows else None

    found = evaluate_windows(metric("last"), TABLE, [0, 0, 100], 25, functions={"last": last})
    assert [(one.value, one.rows, one.error) for one in found] == [(2.0, 2, ""), (2.0, 2, ""), (None, 0, "")]
    assert seen[0].column_names == ["timestamp", "prediction_label", "prediction", "amount"]
    assert seen[0]["prediction"].to_pylist() == ["fraud", "ok"]
    assert evaluate(metric("amounts"), TABLE, functions={"amounts": amounts}).value == 6


@pytest.mark.parametrize(
    ("function", "error"),
    [
        (broken, "KeyError: \"there is no column 'price'\""),
        (leaving, "SystemExit: 3"),
        (lambda table: "seven", "gave a str, not a number"),
        (lambda table: table, "gave a Table, not a number"),
        (lambda table: 1j, "gave a complex, not a number"),
        (lambda table: float("-inf"), "infinite"),
        (lambda table: table["price"], "KeyError"),
        (lambda: 1, "TypeError"),
    ],
)
def test_what_a_function_does_wrong_is_said(function: Callable[[pa.Table], object], error: str) -> None:
    found = evaluate(metric("f"), TABLE, functions={"f": function})
    assert found.value is None
    assert error in found.error
    assert len(found.error) <= 500


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_nothing_is_null(nothing: float | None) -> None:
    found = evaluate(metric("f"), TABLE, functions={"f": lambda table: nothing})
    assert (found.value, found.error) == (None, "")


def test_a_function_that_is_not_there_is_an_error_and_is_refused() -> None:
    assert "registers" in evaluate(metric("f"), TABLE, functions={}).error
    check_metric(metric("amounts"), [], {"amounts": amounts})
    with pytest.raises(InvalidRequest, match=r"did you mean amounts\?"):
        check_metric(metric("amount"), [], {"amounts": amounts})
    with pytest.raises(InvalidRequest, match="entry point"):
        check_metric(metric("os.system"), [], {"amounts": amounts})


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that registers four functions, one of them of a module that cannot be imported."""
    (tmp_path / "metrics_of_a_test.py").write_text(
        "def rows(table):\n    return table.num_rows\n\ndef other(table):\n    return 1\n", "utf-8"
    )
    (tmp_path / "broken_metrics_of_a_test.py").write_text("import no_such_module\n", "utf-8")
    info = tmp_path / "metrics_of_a_test-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: metrics-of-a-test\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(
        "[modelwatch.metrics]\n"
        "rows = metrics_of_a_test:rows\n"
        "broken = broken_metrics_of_a_test:rows\n"
        "missing = metrics_of_a_test:missing\n",
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_registered_functions_are_found_and_imported_when_they_are_called(installed: Path) -> None:
    assert {"rows", "broken", "missing"} <= set(registered())
    assert "metrics_of_a_test" not in sys.modules
    assert evaluate(metric("rows"), TABLE).value == 3
    assert "No module named 'no_such_module'" in evaluate(metric("broken"), TABLE).error
    assert "AttributeError" in evaluate(metric("missing"), TABLE).error
    sys.modules.pop("metrics_of_a_test", None)


def test_a_name_that_two_packages_register_is_neither(installed: Path) -> None:
    info = installed / "another-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: another\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[modelwatch.metrics]\nrows = metrics_of_a_test:other\n", "utf-8")
    assert "registered twice" in evaluate(metric("rows"), TABLE).error
