"""A process that sends everything that waits and kills itself at one boundary: run by `test_kill_deliver`.

`python -m tests.faults.delivering FOLDER NOW_S POINT NUMBER`: its clock begins at NOW_S; from the NUMBER-th message on
it is killed at POINT, or ends when nothing waits.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from modelwatch.alerts.notifiers.contract import Delivery
from modelwatch.jobs import deliver as module
from modelwatch.jobs.addresses import allowed
from modelwatch.jobs.deliver import Begun, Deliver
from modelwatch.jobs.outgoing import Outgoing, trusted
from modelwatch.jobs.send import Send
from modelwatch.store.engine import open_database, reading
from modelwatch.store.messages import list_messages
from modelwatch.store.vault import Vault

POINTS = (
    "before the try",
    "while it is recorded",
    "before it goes out",
    "after the answer",
    "while it is noted",
    "after it is noted",
)


class Killed(Deliver):
    """Kills its own process at one boundary of one message."""

    point, number, seen = "", 0, 0

    def at(self, point: str) -> None:
        if point == self.point and self.seen >= self.number:
            os.kill(os.getpid(), signal.SIGKILL)

    def begin(self, project: str, name: str) -> Begun | None:
        self.seen += 1
        self.at("before the try")
        begun = super().begin(project, name)
        self.at("before it goes out")
        return begun

    def finish(self, begun: Begun, went: Delivery) -> None:
        self.at("after the answer")
        super().finish(begun, went)
        self.at("after it is noted")


def main(folder: Path, now_s: int, point: str, number: int) -> None:
    """Send until nothing waits."""
    engine = open_database(folder / "modelwatch.db")
    moved, begun = [now_s * 1_000_000], time.monotonic_ns()

    def clock() -> int:
        return moved[0] + (time.monotonic_ns() - begun) // 1000

    out = Outgoing(allowed("127.0.0.1"), trusted("")).transport()
    sending = Killed(engine, Send(Vault(folder), out, out), clock)
    sending.point, sending.number = point, number
    for name, where in (("begin_try", "while it is recorded"), ("record_sent", "while it is noted")):
        whole = getattr(module, name)

        def broken(*values: object, whole: object = whole, where: str = where) -> object:
            done = whole(*values)  # type: ignore[operator]
            sending.at(where)
            return done

        setattr(module, name, broken)
    while True:
        while sending.step():
            sending.settle()
        with reading(engine) as connection:
            if not list_messages(connection, "default", states=["waiting"], limit=1):
                break
        moved[0] += 60_000_000
    sending.close()
    engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
