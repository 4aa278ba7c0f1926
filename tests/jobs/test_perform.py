"""Functions of installed packages as actions: a process of their own, JSON in and out, an end in time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from modelwatch.jobs.perform import called
from tests.jobs.acting import Place

CODE = """
import asyncio, os, sys, time

def retrain(said):
    print("this is for the log")
    return {"job": said["model_id"], "why": said["why"], "field": said.get("priority")}

async def later(said):
    await asyncio.sleep(0)
    return said["model_id"]

def broken(said):
    raise ValueError("there is no cluster\\nfor " + said["model_id"])

def endless(said):
    while True:
        time.sleep(0.1)

def leaving(said):
    sys.exit(3)

def dying(said):
    os._exit(7)

def secretive(said):
    return [name for name in os.environ if name.startswith("MODELWATCH_")]

def unspeakable(said):
    return {1, 2}

def talkative(said):
    return "x" * 1_000_000
"""
NAMES = ("retrain", "later", "broken", "endless", "leaving", "dying", "secretive", "unspeakable", "talkative")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that registers functions, in the environment of the processes that are started."""
    packages = tmp_path / "packages"
    info = packages / "actions_of_a_test-1.0.dist-info"
    info.mkdir(parents=True)
    (packages / "actions_of_a_test.py").write_text(CODE, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: actions-of-a-test\nVersion: 1.0\n", "utf-8")
    lines = [f"{name} = actions_of_a_test:{name}" for name in NAMES]
    (info / "entry_points.txt").write_text("[modelwatch.actions]\n" + "\n".join(lines) + "\n", "utf-8")
    source = Path(__file__).parents[2] / "src"
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(packages), str(source)]))


@pytest.mark.usefixtures("installed")
def test_a_function_is_called_with_what_was_shown(engine: Engine, tmp_path: Path) -> None:
    place = Place(engine, tmp_path)
    place.act(python={"entry": "retrain", "fields": {"priority": "high"}})
    place.alert()
    place.step()
    run = place.run()
    assert (run.state, run.history[-1].text) == (
        "done",
        'the function gave {"job": "fraud", "why": "the alert fires", "field": "high"}',
    )
    assert run.said["request"]["input"]["model_id"] == "fraud"
    assert place.way.seconds == []
    place.job.close()


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("entry", "seconds", "done", "text"),
    [
        ("later", 20, True, 'the function gave "m"'),
        ("broken", 20, False, "ValueError: there is no cluster for m"),
        ("endless", 1, False, "the function did not end within 1 s"),
        ("leaving", 20, False, "SystemExit: 3"),
        ("dying", 20, False, "the function's process ended with 7 and said nothing"),
        ("secretive", 20, True, "the function gave []"),
        ("unspeakable", 20, False, "TypeError: Object of type set is not JSON serializable"),
        ("talkative", 20, True, 'the function gave "xxxx'),
        ("os.system", 20, False, "no installed package registers a function 'os.system' in the group"),
        ("; touch /tmp/x", 20, False, "no installed package registers a function"),
    ],
)
def test_what_a_function_does_is_said_and_harms_nobody(
    entry: str, seconds: float, done: bool, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELWATCH_API_KEY", "of the server")
    went = called(entry, {"model_id": "m"}, seconds)
    assert (went.done, went.again) == (done, False)
    assert went.text.startswith(text)
    assert len(went.text) <= 500
