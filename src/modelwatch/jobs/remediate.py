"""Does what is due about alerts that last: proposes, waits for people, acts, and records every step.

A try is recorded before anything goes out, and again when its answer is in. A process that dies between the two leaves
a run that is `running`; when its time is up it is tried once more with the same key, and never a third time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine

from modelwatch.alerts.remediation.action import Action, Secrets, secrets_of
from modelwatch.alerts.remediation.decide import moment
from modelwatch.core.window import MINUTE_US
from modelwatch.errors import Conflict, CorruptData
from modelwatch.jobs.at_work import AtWork
from modelwatch.jobs.look_back import look_back
from modelwatch.jobs.perform import Ways, Went, perform
from modelwatch.jobs.propose import expire, propose_due
from modelwatch.jobs.tell_action import tell_action
from modelwatch.store import action_runs, actions
from modelwatch.store.action_runs import RunRow, Step
from modelwatch.store.engine import reading, writing
from modelwatch.store.proposals import move_run
from modelwatch.store.vault import Vault

AT_ONCE: Final = 4
"""Runs that are under way at the same time."""
PAUSES_US: Final = (10_000_000, 60_000_000, 300_000_000, 900_000_000)
"""How long to wait after each try that may be made again; after the last the run has failed."""
LONGEST_PAUSE_US: Final = 3_600_000_000
LEASE_US: Final = MINUTE_US
"""How long beyond its own time a try may take before it counts as interrupted."""
LOOK_US: Final = MINUTE_US
"""How often it is looked whether runs helped."""
logger = logging.getLogger("modelwatch.remediate")


@dataclass(frozen=True, slots=True)
class Begun:
    """A try that is on record and not yet made."""

    run: RunRow
    action: Action
    secrets: Secrets


class Remediate:
    """One per data folder. `ways` gives the guarded ways out for a number of seconds, `url` is where the dashboard is,
    `clock` is wall time in microseconds."""

    def __init__(self, engine: Engine, vault: Vault, ways: Ways, url: str, clock: Callable[[], int]) -> None:
        self.engine, self.vault, self.ways, self.url, self.clock = engine, vault, ways, url, clock
        self.runs: AtWork[RunRow] = AtWork(self.work, lambda run: run.id, AT_ONCE, "modelwatch-action")
        self.looked_us = 0

    def step(self) -> None:
        """Propose, expire, begin what is due, and look back at times."""
        now = self.clock()
        propose_due(self.engine, self.url, now)
        expire(self.engine, now)
        self.recover(now)
        self.begin_due(now)
        if now - self.looked_us >= LOOK_US:
            self.looked_us = now
            look_back(self.engine, now)

    def settle(self) -> None:
        """Return when nothing is under way."""
        self.runs.settle()

    def close(self) -> None:
        """Begin nothing more, and wait for what is under way."""
        self.runs.close()

    def recover(self, now_us: int) -> None:
        """Take up what was interrupted: once, then it has failed."""
        with reading(self.engine) as connection:
            lost = [run for run in action_runs.runs_in(connection, ("running",)) if self.is_lost(run, now_us)]
        for run in lost:
            with writing(self.engine) as connection:
                if run.interrupted:
                    step = Step(now_us, "failed", "Interrupted a second time; whether it was done is not known")
                    move_run(connection, run, step, next_us=None, done_us=now_us)
                else:
                    step = Step(now_us, "approved", "It is tried once more, with the same key")
                    move_run(connection, run, step, "interrupted", next_us=now_us, interrupted=1)

    def is_lost(self, run: RunRow, now_us: int) -> bool:
        """Whether nobody is at it any more."""
        return run.id not in self.runs and run.next_us is not None and run.next_us <= now_us

    def begin_due(self, now_us: int) -> None:
        """Set to work on every run that may go ahead."""
        with reading(self.engine) as connection:
            due = [run for run in action_runs.runs_in(connection, ("approved",)) if (run.next_us or 0) <= now_us]
        self.runs.begin(due)

    def work(self, run: RunRow) -> None:
        """Make one try."""
        try:
            begun = self.begin(run)
            if begun is not None:
                self.finish(begun, self.tried(begun))
        except Exception:  # the job boundary: it counts as interrupted
            logger.exception("run %d of an action broke off", run.id)

    def tried(self, begun: Begun) -> Went:
        """How the try went."""
        return perform(begun.action, begun.run.said["request"], begun.run.key, begun.secrets, self.ways)

    def begin(self, run: RunRow) -> Begun | None:
        """Record that a try begins; None when what was decided is no longer what would be done."""
        now = self.clock()
        with writing(self.engine) as connection:
            run = action_runs.find_run(connection, run.project, run.id)
            if run.state != "approved" or (run.next_us or 0) > now:
                return None
            row = actions.seek_action(connection, run.project, run.action)
            why = unlike(run, row)
            secrets = Secrets()
            if row is not None and not why:
                try:
                    secrets = secrets_of(self.vault.unseal(row.sealed))
                except CorruptData as error:
                    why = error.message
            if row is None or why:
                state = "failed" if run.attempts else "expired"
                move_run(connection, run, Step(now, state, why), next_us=None, done_us=now)
                return None
            move_run(
                connection,
                run,
                Step(now, "running", f"Try {run.attempts + 1} begins"),
                attempts=run.attempts + 1,
                started_us=now if run.started_us is None else run.started_us,
                next_us=now + int(row.action.timeout_seconds * 1e6) + LEASE_US,
            )
            return Begun(action_runs.find_run(connection, run.project, run.id), row.action, secrets)

    def finish(self, begun: Begun, went: Went) -> None:
        """Record how a try went, and tell people when it was done."""
        now, run = self.clock(), begun.run
        with writing(self.engine) as connection:
            try:
                self.record(connection, begun, went, now)
            except Conflict:
                logger.warning("run %d was taken up by somebody else meanwhile", run.id)

    def record(self, connection: Connection, begun: Begun, went: Went, now_us: int) -> None:
        """The state that follows from how a try went."""
        run = begun.run
        if went.done:
            move_run(connection, run, Step(now_us, "done", went.text), next_us=None, done_us=now_us)
            tell_action(connection, run, begun.action, now_us)
        elif went.again and run.attempts <= len(PAUSES_US):
            asked = 0 if went.retry_after is None else min(int(went.retry_after * 1e6), LONGEST_PAUSE_US)
            again = now_us + max(PAUSES_US[run.attempts - 1], asked)
            step = Step(now_us, "approved", f"{went.text}; the next try is due at {moment(again)}")
            move_run(connection, run, step, "not done yet", next_us=again)
        else:
            move_run(connection, run, Step(now_us, "failed", went.text), next_us=None, done_us=now_us)


def unlike(run: RunRow, row: actions.ActionRow | None) -> str:
    """Why what was decided is not what would be done now, '' when it is."""
    if row is None:
        return "The action was deleted"
    if not row.enabled:
        return "The action was switched off"
    return "" if row.action.to_json() == run.said["action"] and not row.action.dry_run else "The action was changed"
