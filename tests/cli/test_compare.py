"""`modelwatch compare`: exit status, files of every kind, reports for CI."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import modelwatch as mw
from modelwatch.cli import main
from modelwatch.reports import fitting
from modelwatch.reports.files import open_file

WRITERS = {
    "parquet": lambda frame, path: frame.write_parquet(path, row_group_size=700),
    "csv": lambda frame, path: frame.write_csv(path),
    "arrow": lambda frame, path: frame.write_ipc(path),
    "arrows": lambda frame, path: frame.write_ipc_stream(path),
}


def frame(rows: int, seed: int, shift: float = 0.0) -> pl.DataFrame:
    """A number with nulls, a category and a truth value."""
    random = np.random.default_rng(seed)
    amount = [None if i % 90 == 5 else float(value) for i, value in enumerate(random.normal(shift, 1, rows))]
    word = random.choice(["a", "b", "c"], rows)
    return pl.DataFrame({"amount": amount, "word": word, "yes": random.random(rows) < 0.4})


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Parquet files: a reference, the same again, one that has drifted, one that is too short."""
    made = {"reference": frame(5000, 1), "same": frame(2000, 2), "moved": frame(2000, 3, 1.0), "short": frame(50, 4)}
    for name, each in made.items():
        each.write_parquet(tmp_path / f"{name}.parquet")
    return {name: str(tmp_path / f"{name}.parquet") for name in made}


@pytest.mark.parametrize(("name", "status"), [("same", 0), ("moved", 1), ("short", 3)])
def test_the_exit_status_is_the_verdict(files: dict[str, str], name: str, status: int) -> None:
    assert main(["compare", files["reference"], files[name], "--quiet"]) == status


def test_fail_on_moves_the_line(files: dict[str, str], tmp_path: Path) -> None:
    slightly = tmp_path / "slightly.parquet"
    frame(4000, 5, 0.15).write_parquet(slightly)
    status = {on: main(["compare", files["reference"], str(slightly), "--fail-on", on]) for on in ("notice", "warning")}
    assert status == {"notice": 1, "warning": 0}
    assert main(["compare", files["reference"], files["moved"], "--threshold", "psi_warning=5", "psi_critical=9"]) == 0


@pytest.mark.parametrize(
    ("reference", "current"), [("parquet", "csv"), ("csv", "arrow"), ("arrow", "arrows"), ("arrows", "parquet")]
)
def test_every_kind_of_file_gives_what_the_frames_give(tmp_path: Path, reference: str, current: str) -> None:
    before, now = frame(3000, 1), frame(1000, 2, 0.8)
    paths = tmp_path / f"ref.{reference}", tmp_path / f"cur.{current}"
    WRITERS[reference](before, paths[0])
    WRITERS[current](now, paths[1])
    out = tmp_path / "out.json"
    assert main(["compare", *map(str, paths), "--json", str(out), "--quiet"]) == 1
    assert json.loads(out.read_text()) == json.loads(mw.compare(before, now).to_json())


def test_the_reports_are_written_where_they_are_asked_for(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[expect]]\ncolumn = "amount"\nbetween = [0, 1]\n[[expect]]\nrows_between = [1, 9000]\n')
    junit, page = tmp_path / "junit.xml", tmp_path / "page.html"
    arguments = ["--expect", str(rules), "--junit", str(junit), "--html", str(page), "--json", "-"]
    assert main(["compare", files["reference"], files["moved"], *arguments]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["passed"] is False
    assert "1 of 3 columns has drifted" in printed.err
    root = ElementTree.parse(junit).getroot()
    failed = {case.get("name") for case in root.iter("testcase") if case.find("failure") is not None}
    assert failed == {"amount", "amount: all values from 0 to 1"}
    assert (root.get("tests"), root.get("failures")) == ("5", "2")
    assert "1 of 3 columns has drifted" in page.read_text("utf-8")


def test_junit_fails_when_nothing_could_be_judged(files: dict[str, str], tmp_path: Path) -> None:
    junit = tmp_path / "junit.xml"
    assert main(["compare", files["reference"], files["short"], "--junit", str(junit), "--quiet"]) == 3
    root = ElementTree.parse(junit).getroot()
    assert (root.get("failures"), root.get("skipped")) == ("1", "3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["REF", "/no/such/file"], "cannot be read"),
        (["REF", "EMPTY"], "is empty"),
        (["REF", "BROKEN"], "cannot be read"),
        (["REF", "BINARY"], "neither Parquet, CSV nor Arrow"),
        (["REF", "REF", "--columns", "amuont"], "did you mean 'amount'"),
        (["REF", "REF", "--threshold", "psi_waring=1"], "did you mean 'psi_warning'"),
        (["REF", "REF", "--threshold", "psi_warning=x"], "no number"),
        (["REF", "REF", "--expect", "/no/rules.toml"], "cannot be read"),
        (["REF", "REF", "--json", "/no/such/folder/x.json"], "cannot be written"),
    ],
)
def test_a_mistake_is_status_2_with_a_hint(
    files: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    whole = Path(files["reference"]).read_bytes()
    made = {"EMPTY": b"", "BROKEN": whole[: len(whole) // 2], "BINARY": bytes(range(64))}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    known = {"REF": files["reference"], **{name: str(tmp_path / name) for name in made}}
    assert main(["compare", *(known.get(argument, argument) for argument in arguments), "--quiet"]) == 2
    assert said in capsys.readouterr().err


def test_a_file_is_read_batch_by_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "many.parquet"
    before = frame(6000, 1)
    pq.write_table(before.to_arrow(), path, row_group_size=500)
    table = open_file(path)
    lengths = [len(batch) for batch in table.batches(["amount"])]
    assert sum(lengths) == 6000
    assert list(next(table.batches(["word"])).columns) == ["word"]
    monkeypatch.setattr(fitting, "FIT_ROWS", 1000)
    assert main(["compare", str(path), str(path), "--quiet"]) == 0


def test_a_file_of_no_rows_cannot_be_judged(files: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    frame(0, 1).write_parquet(path)
    assert main(["compare", files["reference"], str(path), "--quiet"]) == 3
    assert main(["compare", str(path), files["reference"], "--quiet"]) == 3


def test_a_csv_file_of_a_header_or_of_late_values_is_read_as_what_it_is(files: dict[str, str], tmp_path: Path) -> None:
    header = tmp_path / "header.csv"
    header.write_text("amount,word,yes\n")
    out = tmp_path / "out.json"
    assert main(["compare", files["reference"], str(header), "--quiet", "--json", str(out)]) == 3
    assert json.loads(out.read_text())["changes"] == []
    late = tmp_path / "late.parquet"
    with pq.ParquetWriter(late, pa.schema([("amount", pa.float64())])) as writer:
        for values in ([None] * 70_000, [float(i) for i in range(70_000)]):
            writer.write_table(pa.table({"amount": pa.array(values, pa.float64())}))
    assert main(["compare", files["reference"], str(late), "--quiet", "--json", str(out), "--columns", "amount"]) == 1
    column = json.loads(out.read_text())["columns"][0]
    assert next(metric["value"] for metric in column["metrics"] if metric["metric"] == "nulls") == 0.5


def test_an_arrow_file_with_a_broken_offset_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    path = tmp_path / "broken.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, pa.schema([("word", pa.utf8())])) as writer:
        writer.write_batch(pa.record_batch([pa.array(["a" * 41, "b" * 43])], names=["word"]))
    whole, (good, bad) = path.read_bytes(), (struct.pack("<3i", 0, 41, end) for end in (84, 900))
    assert whole.count(good) == 1
    path.write_bytes(whole.replace(good, bad))
    assert main(["compare", files["reference"], str(path), "--quiet"]) == 2
