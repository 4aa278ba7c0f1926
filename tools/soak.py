"""Runs the tests marked `soak` one by one and remembers the passed ones, so that a stopped run goes on where it was.

The memory, .cache/soak.json, holds for one state of the sources: another commit or an edit starts it afresh.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

MEMORY = Path(".cache/soak.json")
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly"]


def state() -> str:
    """A digest of everything that the tests exercise."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted([*Path("src").rglob("*.py"), *Path("tests").rglob("*.py")]):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def collected() -> list[str]:
    """The node ids of all soak tests."""
    command = [*PYTEST, "--collect-only", "-m", "soak", "tests"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode not in (0, 5):
        sys.exit(answer.stdout + answer.stderr)
    return [line for line in answer.stdout.splitlines() if "::" in line]


def passed() -> set[str]:
    """What has passed in this state of the sources."""
    try:
        memory = json.loads(MEMORY.read_text("utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return set()
    return set(memory["passed"]) if memory["state"] == state() else set()


def main() -> int:
    """Runs what has not passed yet; 1 when something failed."""
    tests, done, failed = collected(), passed(), []
    for number, test in enumerate(tests, 1):
        if test in done:
            print(f"[{number}/{len(tests)}] {test}: has passed")
            continue
        print(f"[{number}/{len(tests)}] {test}", flush=True)
        if subprocess.run([*PYTEST, "-m", "soak", test], check=False).returncode:
            failed.append(test)
            continue
        done.add(test)
        MEMORY.parent.mkdir(exist_ok=True)
        MEMORY.write_text(json.dumps({"state": state(), "passed": sorted(done)}), "utf-8")
    print(f"{len(tests) - len(failed)} of {len(tests)} soak tests have passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
