"""The demo goes on where it was stopped, sends nothing twice, and prints what the server says."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from rich.console import Console

from modelwatch.cli.demo import kept, story
from modelwatch.cli.demo.delays import Scored
from modelwatch.cli.demo.flights import FEATURES
from modelwatch.cli.demo.kept import Kept
from modelwatch.errors import ModelwatchError
from tests.cli.sink import Sink

PREDICTIONS, ACTUALS = "/api/v1/predictions", "/api/v1/actuals"
ID = "prediction_id:prediction_id"
URL = "http://127.0.0.1:8470"
REFERENCE = "/api/v1/models/flight-delay/versions/2013.1/reference"


def server(path: str) -> object:
    """A server that has folded and checked all: `temp` is critical in May, everything else is quiet."""
    parts = urlsplit(path)
    if parts.path == "/readyz":
        return {"status": "ok", "fold_lag_bytes": 0}
    if parts.path == "/api/v1/alerts":
        alert = {"level": "critical", "status": "resolved", "title": "drift in [red]temp", "opened_at": "2013-05-03"}
        return {"alerts": [{**alert, "resolved_at": None}]}
    if parts.path == "/api/v1/models/flight-delay/performance":
        point = {"timestamp": "2013-09-20T00:00:00Z", "value": 0.63, "level": "critical", "mature": True}
        return {"labels": {"waiting": 0}, "versions": [{"series": [{"data_points": [point]}]}]}
    assert parts.path == "/api/v1/models/flight-delay/drift"
    hot = parse_qs(parts.query)["feature"] == ["temp"]
    return {
        "data_points": [
            {"timestamp": "2013-05-20T00:00:00Z", "value": 1.25 if hot else 0.01, "level": "critical" if hot else "ok"},
            {"timestamp": "2014-01-02T00:00:00Z", "value": 0.01, "level": "ok"},
        ]
    }


class Ticks:
    """A clock that moves a second whenever somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += max(seconds, 1.0)


def tell(folder: Path, few: Scored, sink: Sink, terminal: bool = False, known_after: int = 0) -> str:
    """Runs the demo and gives what it printed; the server knows the model after some questions."""
    out, ticks = io.StringIO(), Ticks()
    asked: list[object] = []

    def change(settings: object) -> bool:
        asked.append(settings)
        return len(asked) > known_after

    console = Console(file=out, width=160, force_terminal=terminal)
    story.tell(
        URL,
        folder,
        console,
        transport=sink,
        get=server,
        change=change,
        prepare=lambda _: few,
        clock=ticks.clock,
        sleep=ticks.sleep,
    )
    return out.getvalue()


@pytest.fixture(autouse=True)
def last_day(few: Scored, monkeypatch: pytest.MonkeyPatch) -> None:
    """The few flights end in November."""
    landed = few.production["landed"].dt.tz_convert("America/New_York").max()
    monkeypatch.setattr(story, "LAST_DAY", landed.strftime("%Y-%m-%d"))


def test_the_whole_way(tmp_path: Path, few: Scored) -> None:
    sink = Sink()
    said = tell(tmp_path, few, sink)
    landed = few.production["landed"].notna().sum()
    state = kept.read(tmp_path)
    assert (state.complete, state.predictions, state.actuals, state.rejected) == (True, len(few.production), landed, 0)
    assert f"{len(few.production):,} predictions and {landed:,} actuals" in said
    assert sink.requests(REFERENCE) == 1
    assert URL in said


def test_what_the_server_found_is_printed_worst_first(tmp_path: Path, few: Scored) -> None:
    said = tell(tmp_path, few, Sink())
    table = [line for line in said.splitlines() if any(f" {name} " in line for name in FEATURES)]
    assert " temp " in table[0]
    assert "1.25 ●" in table[0]
    assert "●" not in table[1]
    assert "drift in [red]temp" in said
    assert "AUC, worst week" in said


def test_a_second_run_sends_nothing(tmp_path: Path, few: Scored) -> None:
    tell(tmp_path, few, Sink())
    again = Sink()
    said = tell(tmp_path, few, again)
    assert again.sent == []
    assert "already" in said
    assert "1.25" in said


@pytest.mark.parametrize("requests", [0, 1, 2, 3, 6, 7])
def test_a_demo_that_was_cut_goes_on_after_the_last_day_that_was_taken(
    tmp_path: Path, few: Scored, requests: int
) -> None:
    first, second = Sink(dies_after=requests), Sink()
    with pytest.raises(ModelwatchError):
        tell(tmp_path, few, first)
    done = kept.read(tmp_path)
    assert not done.complete
    tell(tmp_path, few, second)
    both = first.column(PREDICTIONS, ID) + second.column(PREDICTIONS, ID)
    assert set(both) == set(few.production["prediction_id"])
    twice = len(both) - len(set(both))
    # only the predictions of the day whose actuals were refused
    unsure = len(first.column(PREDICTIONS, ID)) - done.predictions
    assert twice == unsure
    assert first.requests(REFERENCE) + second.requests(REFERENCE) == 1
    assert kept.read(tmp_path).predictions == len(few.production)


def test_without_a_terminal_progress_is_a_few_lines(tmp_path: Path, few: Scored) -> None:
    said = tell(tmp_path, few, Sink())
    progress = [line for line in said.splitlines() if line.startswith("Replaying")]
    assert 1 <= len(progress) <= story.STEPS
    assert progress[-1].endswith(f"{len(few.production):,} of {len(few.production):,}")
    assert "\x1b" not in said


def test_on_a_terminal_progress_is_a_bar(tmp_path: Path, few: Scored) -> None:
    assert "━" in tell(tmp_path, few, Sink(), terminal=True)


def test_a_marker_that_cannot_be_read_or_is_of_another_version_means_nothing_is_done(tmp_path: Path) -> None:
    assert kept.read(tmp_path) == Kept()
    (tmp_path / kept.FILE).write_text('{"version": 0, "day": "2013-05-01"}')
    assert kept.read(tmp_path) == Kept()
    (tmp_path / kept.FILE).write_text("{")
    assert kept.read(tmp_path) == Kept()


def test_the_marker_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    state = Kept(True, "2013-05-01", False, 3, 2, 1, 4.5, {"4": 0.7})
    kept.write(tmp_path / "new", state)
    assert kept.read(tmp_path / "new") == state


def test_the_model_is_cut_as_soon_as_the_server_knows_it(tmp_path: Path, few: Scored) -> None:
    assert "predictions" in tell(tmp_path, few, Sink(), known_after=7)


def test_a_worker_that_takes_no_reference_is_told_of(tmp_path: Path, few: Scored) -> None:
    with pytest.raises(ModelwatchError, match="has not taken the reference"):
        tell(tmp_path, few, Sink(), known_after=10_000)
