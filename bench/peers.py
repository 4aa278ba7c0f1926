"""Other libraries on the same data: `python -m bench peers [--only NAME ...] [--seconds S] [--write FILE]`.

Each is installed, pinned, in an environment of its own outside the repository, and runs as its documentation shows it,
with its defaults. Measured: undrifted checks with any alert, power, what single broken values do, CPU seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from bench.environments import CACHE, InstallFailed, environment, python
from bench.peers_data import write_w1, write_zipf
from bench.peers_page import Answers, page
from bench.workload import WINDOW_ROWS

ADAPTERS: Final = Path(__file__).parent / "peers_adapters"
SOURCE: Final = Path(__file__).parent.parent / "src"
ZIPF_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Peer:
    """A library: what to install (nothing: this environment), and its adapter."""

    name: str
    pins: tuple[str, ...]
    adapter: str


PEERS: Final = (
    Peer("modelwatch", (), "modelwatch_compare.py"),
    Peer("evidently", ("evidently==0.7.23", "pandas==2.3.3"), "evidently_preset.py"),
    Peer("nannyml", ("nannyml==0.13.1", "pandas==2.3.3", "statsmodels==0.14.5"), "nannyml_univariate.py"),
    Peer("whylogs", ("whylogs[viz]==1.6.4", "pandas==2.3.3", "numpy==1.26.4", "scipy==1.17.1"), "whylogs_drift.py"),
    Peer("alibi-detect", ("alibi-detect==0.13.0",), "alibi_tabular.py"),
    Peer("scipy", ("scipy==1.17.1", "pandas==3.1.1"), "scipy_rows.py"),
)


def run(interpreter: str, adapter: str, folder: Path, seconds: float) -> list[dict[str, Any]]:
    """What an adapter answers about the windows of a folder, until its time is up."""
    variables = {**os.environ, "PYTHONPATH": f"{ADAPTERS}:{SOURCE}", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    variables |= {"NML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1", "WHYLOGS_NO_ANALYTICS": "1"}
    command = [interpreter, str(ADAPTERS / adapter), str(folder), str(seconds)]
    ran = subprocess.run(
        command, env=variables, capture_output=True, text=True, timeout=20 * seconds + 600, check=False
    )
    answers = [json.loads(line[1:]) for line in ran.stdout.splitlines() if line.startswith("@")]
    if not answers:
        lines = ran.stderr.strip().splitlines() or ["it ended without an answer"]
        return [{"window": "window-0000-whole-0", "error": lines[-1][:300], "cpu": 0.0}]
    return answers


def measure(peer: Peer, data: Path, seconds: float, cache: Path) -> Answers:
    """All answers of a peer; the error when it cannot be installed."""
    try:
        interpreter = str(python(environment(peer.name, peer.pins, cache))) if peer.pins else sys.executable
    except InstallFailed as problem:
        return Answers(peer.name, peer.pins, str(problem), {})
    held = {}
    for folder in sorted(data.iterdir()):
        start = time.monotonic()
        held[folder.name] = run(interpreter, peer.adapter, folder, seconds)
        print(
            f"{peer.name} {folder.name}: {len(held[folder.name])} in {time.monotonic() - start:.0f} s", file=sys.stderr
        )
    return Answers(peer.name, peer.pins, "", held)


def write(data: Path, windows: int) -> None:
    """The data that all peers get."""
    random = np.random.default_rng(0)
    for n in WINDOW_ROWS:
        write_w1(data / f"w1-{n:05}", random, n, windows, windows // 2)
    write_zipf(data / "zipf", random, ZIPF_ROWS, 20)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures the peers that are asked for and prints the page, or writes it."""
    parser = argparse.ArgumentParser(prog="python -m bench peers", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=[p.name for p in PEERS], default=[p.name for p in PEERS])
    parser.add_argument("--seconds", type=float, default=600, help="for each peer and size of window")
    parser.add_argument("--windows", type=int, default=100, help="undrifted ones of each size")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where the environments are kept")
    parser.add_argument("--write", type=Path, help="a Markdown file instead of the terminal")
    options = parser.parse_args(arguments)
    command = f"python -m bench peers --seconds {options.seconds:g} --windows {options.windows}"
    found: list[Answers] = []
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), options.windows)
        for peer in (peer for peer in PEERS if peer.name in options.only):
            found.append(measure(peer, Path(folder), options.seconds, options.cache))
            if options.write:  # what is measured stays, should a later one take too long
                options.write.write_text(page(found, command), "utf-8")
    if not options.write:
        print(page(found, command))
    return 0


if __name__ == "__main__":
    sys.exit(main())
