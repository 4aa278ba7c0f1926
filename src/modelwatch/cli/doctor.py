"""`modelwatch doctor`: what is installed, where the data lies, and whether it is well."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from importlib.metadata import PackageNotFoundError, version

import modelwatch
from modelwatch.assembly import address, database
from modelwatch.log.reader import LogReader
from modelwatch.settings import Settings
from modelwatch.store import ledger, models
from modelwatch.store.channels import count_messages, list_channels, locked_channels
from modelwatch.store.engine import reading
from modelwatch.store.vault import LOCKED_HINT, Vault

PACKAGES = ("pyarrow", "deltalake", "numba", "numpy", "sqlalchemy", "fastapi", "uvicorn")


def examine(settings: Settings) -> int:
    """Print the findings; returns 1 when something needs a person."""
    lines = [
        ("modelwatch", modelwatch.__version__),
        ("python", platform.python_version()),
        ("sqlite", sqlite3.sqlite_version),
        *((name, installed(name)) for name in PACKAGES),
        ("address", address(settings)),
        ("data", str(settings.folder)),
    ]
    trouble: list[str] = []
    if (settings.folder / "modelwatch.db").exists():
        lines += stored(settings, trouble)
    else:
        lines.append(("", "nothing there yet; `modelwatch serve` makes it"))
    for name, value in lines:
        print(f"{name:<12} {value}")
    for text in trouble:
        print(f"! {text}")
    return 1 if trouble else 0


def installed(name: str) -> str:
    """The version of a package, or that it is missing."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def stored(settings: Settings, trouble: list[str]) -> list[tuple[str, str]]:
    """What the data folder holds, and in `trouble` what is wrong with it."""
    free = shutil.disk_usage(settings.folder).free
    engine = database(settings)
    with reading(engine) as connection:
        accepted, rejected = ledger.total_tallies(connection, "default")
        count = len(models.list_models(connection, "default"))
        folded = ledger.load_offset(connection, "fold") or 0
        channels = len(list_channels(connection, "default", settings.webhook_url))
        locked = locked_channels(connection, Vault(settings.folder, settings.secret_key))
        dead = sum(n for (_, state), n in count_messages(connection, "default").items() if state == "dead")
    engine.dispose()
    if locked:
        trouble.append(f"the secrets of {', '.join(locked)} cannot be decrypted: {LOCKED_HINT}")
    if dead:
        trouble.append(f"messages that were never delivered: {dead:,}; GET /api/v1/messages?state=dead lists them")
    behind = max(LogReader(settings.folder / "log").end() - folded, 0)
    if free < 1 << 30:
        trouble.append(f"only {free / 1e6:.0f} MB are free on the disk; a full disk is answered with 507")
    return [
        ("free", f"{free / 1e9:.1f} GB"),
        ("models", f"{count:,}"),
        ("rows", f"{accepted:,} accepted, {rejected:,} rejected"),
        ("fold", f"{behind:,} bytes behind the log"),
        ("channels", f"{channels:,}"),
    ]
