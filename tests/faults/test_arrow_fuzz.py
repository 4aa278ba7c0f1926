"""20,000 random mutations of a valid Arrow body: rows or a clean refusal, never a crash."""

from __future__ import annotations

import subprocess
import sys

MUTATIONS = 20_000


def test_no_mutation_of_a_body_does_harm() -> None:
    """In a process of its own, with its memory bounded, so that a segfault or a greedy allocation is seen."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-m", "tests.faults.arrow_fuzz", str(MUTATIONS)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    taken, refused = map(int, done.stdout.split())
    assert taken + refused == MUTATIONS
    assert taken > MUTATIONS // 100
    assert refused > MUTATIONS // 4
