"""A worker that does what is due about alerts and is killed at a chosen moment: `python -m tests.faults.acting ...`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modelwatch.jobs import propose, remediate
from modelwatch.jobs.remediate import Remediate
from modelwatch.store.engine import open_database
from modelwatch.store.vault import Vault
from tests.jobs.acting import URL, over_loopback

MOMENTS = ("proposing", "begun", "sent", "done")
"""In the transaction of the proposal; before the request; after its answer; after that is on record."""


def die(*_: object, **__: object) -> Any:
    """kill -9 of this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(call: Callable[..., Any]) -> Callable[..., Any]:
    """The call, and then the end."""

    def made(*given: Any, **named: Any) -> Any:
        call(*given, **named)
        die()

    return made


def main(folder: Path, now_us: int, moment: str) -> None:
    """One step of the job, that far."""
    match moment:
        case "proposing":
            propose.write = after(propose.write)  # type: ignore[assignment]
        case "begun":
            remediate.perform = die  # type: ignore[assignment]
        case "sent":
            remediate.perform = after(remediate.perform)  # type: ignore[assignment]
        case "done":
            Remediate.finish = after(Remediate.finish)  # type: ignore[method-assign]
    engine = open_database(folder / "modelwatch.db")
    job = Remediate(engine, Vault(folder), over_loopback, URL, lambda: now_us)
    job.step()
    job.settle()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
