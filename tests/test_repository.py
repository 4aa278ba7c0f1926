"""What holds for the repository as a whole and would otherwise have to be remembered."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import modelwatch

ROOT = Path(__file__).parent.parent
WAY = ("client", "ingest", "log", "profiles", "monitors", "alerts", "server")
"""The rooms in the order in which the data flows."""
GENERATED = {"node_modules", ".venv", ".cache", "dashboard", "graphql"}


def sources(*suffixes: str) -> Iterator[Path]:
    """The files that people write, in src, web and tools."""
    for folder in ("src", "web", "tools", "bench"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file() and not GENERATED & set(path.relative_to(ROOT).parts):
                yield path


def ways_in(text: str) -> set[tuple[str, ...]]:
    """The chains of `->` in a text that begin with the first room."""
    chains = re.findall(r"\b\w+(?:\s+->\s+\w+)+", text.replace("`", ""))
    return {way for chain in chains if (way := tuple(re.split(r"\s+->\s+", chain)))[0] == WAY[0]}


def test_the_readme_and_the_package_tell_the_same_way() -> None:
    assert ways_in(modelwatch.__doc__ or "") == {WAY}
    assert ways_in((ROOT / "README.md").read_text("utf-8")) == {WAY}


def layers() -> list[list[str]]:
    """The layers of the import contract, the highest first."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    drawn = next(contract for contract in contracts if contract["type"] == "layers")["layers"]
    return [re.split(r"\s*[|:]\s*", layer) for layer in drawn]


def test_the_import_contract_names_the_rooms_of_the_way_and_only_what_exists() -> None:
    rooms = [room for layer in layers() for room in layer]
    package = ROOT / "src" / "modelwatch"
    assert set(WAY) <= set(rooms)
    assert [room for room in rooms if not (package / room).is_dir() and not (package / f"{room}.py").is_file()] == []


def test_imports_follow_the_way_down_to_what_only_computes_and_up_again() -> None:
    height = {room: -number for number, layer in enumerate(layers()) for room in layer}
    assert height["client"] > height["ingest"] > height["log"] > height["profiles"]
    assert height["profiles"] < height["monitors"] <= height["alerts"] < height["server"]


@pytest.mark.parametrize("name", ["run", "dev", "uv"])
def test_locks_hold_hashes_and_name_no_host(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links|-f)\b", text, re.MULTILINE)
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE | re.IGNORECASE)[1:]
    assert pins
    assert all("==" in pin.splitlines()[0] and "--hash=sha256:" in pin for pin in pins)


def test_what_run_and_test_share_they_lock_alike() -> None:
    run, dev = (dict(pinned(ROOT / "requirements" / f"{name}.txt")) for name in ("run", "dev"))
    assert run
    assert run.items() <= dev.items()


def pinned(lock: Path) -> Iterator[tuple[str, str]]:
    """(package, version) of each line that pins one."""
    yield from re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\;]+)", lock.read_text("utf-8"), flags=re.MULTILINE)


def test_the_dashboards_lock_names_no_host() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package and "://" in package["resolved"]] == []


def test_nothing_is_left_to_do_in_a_comment() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|XX" + "X")
    files = list(sources(".py", ".ts", ".tsx", ".css", ".mako", ""))
    assert len(files) > 50
    assert [str(path.relative_to(ROOT)) for path in files if marks.search(path.read_text("utf-8", "replace"))] == []


def test_modules_stay_short() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in sources(".py")}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_ci_runs_what_a_person_runs() -> None:
    lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()]
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["make test"]
    helped = subprocess.run(["make", "-C", str(ROOT), "-s", "help"], capture_output=True, text=True, check=True)
    targets = {line.split()[1] for line in helped.stdout.splitlines()}
    assert {"run", "test", "soak", "bench"} <= targets
