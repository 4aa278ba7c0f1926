"""The labelled rows that a change of the loss is told from: those of the reference's file, else of the first weeks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from modelwatch.core.judging import Judging
from modelwatch.server.queries.labelled_rows import NO_ROWS, LabelledRows, check_size, read_reference_rows, read_rows
from modelwatch.server.queries.subject import Subject
from modelwatch.server.services import Services
from modelwatch.store import references
from modelwatch.store.baselines import find_baseline
from modelwatch.store.outcomes import find_reference_outcomes

NO_REFERENCE: Final = 0


@dataclass(frozen=True, slots=True, eq=False)
class BaselineRows:
    """Rows of the `kind` 'reference' or 'first_weeks', '' for none, and from when they are, where that is known."""

    kind: str = ""
    rows: LabelledRows = NO_ROWS
    start: int | None = None
    end: int | None = None

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return "the reference" if self.kind == "reference" else "the first weeks"


def read_baseline_rows(connection: Connection, services: Services, subject: Subject, judging: Judging) -> BaselineRows:
    """The rows that a version is held against; none when no reference has actuals and its first weeks are not over."""
    model, owner = subject.model, subject.deployment
    row = references.find_reference(connection, model.id, owner.environment, owner.version)
    if row is not None and find_reference_outcomes(connection, row.id) is not None:
        rows = read_reference_rows(services.uploads, row, owner.schema, judging)
        if rows.n:
            return BaselineRows("reference", rows, row.start_us, row.end_us)
    first = find_baseline(connection, owner, NO_REFERENCE, subject.now_us)
    if first.start_us is None or first.end_us is None:
        return BaselineRows()
    check_size(connection, subject, first.start_us, first.end_us)
    rows = read_rows(connection, services.lake, subject, judging, first.start_us, first.end_us)
    return BaselineRows("first_weeks", rows, first.start_us, first.end_us) if rows.n else BaselineRows()
