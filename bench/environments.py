"""Python environments of the benches' own, outside the repository: made once, each with what it pins."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

CACHE: Final = Path.home() / ".cache" / "modelwatch-peers"
DONE: Final = "installed.txt"


class InstallFailed(Exception):
    """pip could not install what was pinned; the message is its last line."""


def environment(name: str, pins: Sequence[str], cache: Path = CACHE, dependencies: bool = True) -> Path:
    """The folder of an environment that holds the pinned packages; made anew when the pins have changed."""
    folder = cache / name
    done = folder / DONE
    wanted = "\n".join(pins)
    if done.exists() and done.read_text("utf-8") == wanted:
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
    command = [str(python(folder)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if not dependencies:
        command.append("--no-deps")
    ran = subprocess.run([*command, *pins], capture_output=True, text=True, check=False)
    if ran.returncode:
        raise InstallFailed((ran.stderr.strip() or ran.stdout.strip()).splitlines()[-1])
    done.write_text(wanted, "utf-8")
    return folder


def python(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / "bin" / "python"
