"""Stored outcomes: one row per deployment, side and stretch of event time, with all cuts inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_

from modelwatch.core.window import DAY_US, grid
from modelwatch.monitors.estimated import LossModel
from modelwatch.monitors.estimated import decode as decode_loss
from modelwatch.monitors.estimated import encode as encode_loss
from modelwatch.profiles.outcomes import EMPTY, Outcomes, decode, encode, merge
from modelwatch.store.outcome_tables import outcome_groups, outcomes, reference_outcomes
from modelwatch.store.upsert import upsert

KEYS = ["deployment_id", "side", "start_us", "span_us"]


class Side(StrEnum):
    """Who counts: the fold every prediction, the join those whose truth is known. Each writes its own rows."""

    SEEN = "seen"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class OutcomeStretch:
    """What one side counted in one stretch of event time."""

    start_us: int
    span_us: int
    side: Side
    outcomes: Outcomes

    def within(self, start_us: int, end_us: int) -> Outcomes:
        """What lies in `[start_us, end_us)`, as if rows had come evenly."""
        share = (min(self.start_us + self.span_us, end_us) - max(self.start_us, start_us)) / self.span_us
        if share <= 0:
            return EMPTY
        mine = self.outcomes
        return mine if share == 1 else Outcomes(mine.labels, mine.cuts, mine.keys, mine.values * share)


@dataclass(frozen=True, slots=True, eq=False)
class ReferenceLosses:
    """What the rows of a reference teach of a regression's errors, their size and their square, on the bins of the
    binning with that hash."""

    binning: str
    absolute: LossModel
    squared: LossModel


def load_outcomes(
    connection: Connection, deployment_id: int, start_us: int, end_us: int, side: Side | None = None
) -> list[OutcomeStretch]:
    """The stretches that share time with `[start_us, end_us)`, in order of time; of one side or of both."""
    query = select(outcomes).where(
        outcomes.c.deployment_id == deployment_id,
        outcomes.c.start_us < end_us,
        outcomes.c.start_us > start_us - DAY_US,
        outcomes.c.start_us + outcomes.c.span_us > start_us,
    )
    if side is not None:
        query = query.where(outcomes.c.side == side.value)
    rows = connection.execute(query.order_by(outcomes.c.start_us, outcomes.c.side))
    return [OutcomeStretch(row.start_us, row.span_us, Side(row.side), decode(row.body)) for row in rows]


def first_labelled(connection: Connection, deployment_id: int) -> int | None:
    """The start of the first stretch in which anything came true."""
    query = select(func.min(outcomes.c.start_us)).where(
        outcomes.c.deployment_id == deployment_id, outcomes.c.side == Side.LABELLED.value
    )
    first: int | None = connection.execute(query).scalar_one()
    return first


def window_outcomes(
    connection: Connection, deployment_id: int, length: int, ends: Sequence[int]
) -> Iterator[tuple[int, Outcomes]]:
    """(end, outcomes) of each window; ends ascending. Each stored stretch is decoded once.

    A stretch that was rolled up and reaches over the edge of a window counts by the share that lies inside.
    """
    if not ends:
        return
    step = grid(length)
    cells: dict[int, list[OutcomeStretch]] = {}
    longer: list[OutcomeStretch] = []
    for stretch in load_outcomes(connection, deployment_id, ends[0] - length, ends[-1]):
        inside = stretch.start_us % step + stretch.span_us <= step
        (cells.setdefault(stretch.start_us // step, []) if inside else longer).append(stretch)
    summed = {cell: merge(each.outcomes for each in held) for cell, held in cells.items()}
    for end in ends:
        held = [summed[cell] for cell in range((end - length) // step, end // step) if cell in summed]
        yield end, merge([*held, *(each.within(end - length, end) for each in longer)])


def add_outcomes(
    connection: Connection, deployment_id: int, side: Side, span_us: int, parts: Mapping[int, Outcomes]
) -> None:
    """Add what was counted to the stored buckets of `span_us` that begin at the keys of `parts`.

    A bucket that was rolled up since takes it in its longer stretch.
    """
    add_to_all(connection, side, span_us, {deployment_id: parts})


def add_to_all(
    connection: Connection, side: Side, span_us: int, parts_of: Mapping[int, Mapping[int, Outcomes]]
) -> None:
    """The same for several deployments."""
    rows = [
        row
        for deployment_id, parts in parts_of.items()
        if parts
        for row in sums(connection, deployment_id, side, span_us, parts)
    ]
    upsert(connection, outcomes, rows, KEYS)


def sums(
    connection: Connection, deployment_id: int, side: Side, span_us: int, parts: Mapping[int, Outcomes]
) -> list[dict[str, Any]]:
    """The stored stretches with what is added to them."""
    low, high = min(parts), max(parts)
    stored = load_outcomes(connection, deployment_id, low, high + span_us, side)
    held: dict[tuple[int, int], list[Outcomes]] = {}
    starts = {(each.start_us, each.span_us): each.outcomes for each in stored}
    longer = sorted((each.start_us, each.span_us) for each in stored if each.span_us > span_us)
    for start, part in parts.items():
        place = next(((s, span) for s, span in longer if s <= start < s + span), (start, span_us))
        held.setdefault(place, []).append(part)
    return [
        {
            "deployment_id": deployment_id,
            "side": side.value,
            "start_us": start,
            "span_us": span,
            "body": encode(merge([*([starts[start, span]] if (start, span) in starts else []), *more])),
        }
        for (start, span), more in held.items()
    ]


def spans(connection: Connection, deployment_id: int, before_us: int, shorter_us: int) -> list[tuple[int, Side]]:
    """(start, side) of the stretches shorter than `shorter_us` that begin before a time."""
    query = select(outcomes.c.start_us, outcomes.c.side).where(
        outcomes.c.deployment_id == deployment_id,
        outcomes.c.start_us < before_us,
        outcomes.c.span_us < shorter_us,
    )
    return [(row.start_us, Side(row.side)) for row in connection.execute(query.order_by(outcomes.c.start_us))]


def roll_up(connection: Connection, deployment_id: int, side: Side, start_us: int, coarse_us: int) -> int:
    """Replace all stretches inside one coarse one by their sum; returns how many there were."""
    parts = [
        each
        for each in load_outcomes(connection, deployment_id, start_us, start_us + coarse_us, side)
        if each.span_us < coarse_us
    ]
    places = [(side.value, each.start_us, each.span_us) for each in parts]
    connection.execute(
        delete(outcomes).where(
            outcomes.c.deployment_id == deployment_id,
            tuple_(outcomes.c.side, outcomes.c.start_us, outcomes.c.span_us).in_(places),
        )
    )
    add_outcomes(connection, deployment_id, side, coarse_us, {start_us: merge(each.outcomes for each in parts)})
    return len(parts)


def drop_outcomes(connection: Connection, deployment_ids: Sequence[int], sides: Iterable[Side] = tuple(Side)) -> None:
    """Forget what was counted, to count it anew."""
    connection.execute(
        delete(outcomes).where(
            outcomes.c.deployment_id.in_(deployment_ids), outcomes.c.side.in_([side.value for side in sides])
        )
    )


def save_reference_outcomes(
    connection: Connection,
    reference_id: int,
    found: Outcomes,
    losses: ReferenceLosses | None = None,
    days: Sequence[Outcomes] = (),
) -> None:
    """Keep what came true of the rows of a reference, in all and of each of its days, and where a regression errs."""
    values: dict[str, Any] = {"reference_id": reference_id, "body": encode(found)}
    if days:
        blocks = [encode(day) for day in days]
        values["days"] = b"".join(len(block).to_bytes(4, "little") + block for block in blocks)
    if losses is not None:
        values |= {
            "losses_binning": losses.binning,
            "absolute_loss": encode_loss(losses.absolute),
            "squared_loss": encode_loss(losses.squared),
        }
    connection.execute(delete(reference_outcomes).where(reference_outcomes.c.reference_id == reference_id))
    connection.execute(insert(reference_outcomes).values(values))


def find_reference_outcomes(connection: Connection, reference_id: int) -> Outcomes | None:
    """What came true of the rows of a reference, None when it has no actuals."""
    query = select(reference_outcomes.c.body).where(reference_outcomes.c.reference_id == reference_id)
    body = connection.execute(query).scalar_one_or_none()
    return None if body is None else decode(body)


def find_reference_days(connection: Connection, reference_id: int) -> list[Outcomes]:
    """What came true of each day of a reference that says when its rows happened, in order of time."""
    query = select(reference_outcomes.c.days).where(reference_outcomes.c.reference_id == reference_id)
    body = connection.execute(query).scalar_one_or_none() or b""
    found, at = [], 0
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "little")
        found.append(decode(body[at + 4 : at + 4 + length]))
        at += 4 + length
    return found


def find_reference_losses(connection: Connection, reference_id: int) -> ReferenceLosses | None:
    """Where a regression errs in a reference, None when it is none or has no actuals."""
    query = select(reference_outcomes).where(reference_outcomes.c.reference_id == reference_id)
    row = connection.execute(query).one_or_none()
    if row is None or row.losses_binning is None:
        return None
    return ReferenceLosses(row.losses_binning, decode_loss(row.absolute_loss), decode_loss(row.squared_loss))


def load_groups(connection: Connection, model_id: int) -> list[str]:
    """The keys of the groups that a model is told apart by, in order of coming."""
    query = select(outcome_groups.c.key).where(outcome_groups.c.model_id == model_id).order_by(outcome_groups.c.id)
    return list(connection.execute(query).scalars())


def load_all_groups(connection: Connection, model_ids: Sequence[int]) -> dict[int, list[str]]:
    """The same of some models by their ids, a few hundred at most."""
    found: dict[int, list[str]] = {}
    query = select(outcome_groups).where(outcome_groups.c.model_id.in_(model_ids)).order_by(outcome_groups.c.id)
    for row in connection.execute(query):
        found.setdefault(row.model_id, []).append(row.key)
    return found


def add_groups(connection: Connection, model_id: int, keys: Sequence[str]) -> None:
    """Keep the keys of groups that came anew."""
    upsert(connection, outcome_groups, [{"model_id": model_id, "key": key} for key in keys], ["model_id", "key"])


def drop_groups(connection: Connection, model_id: int) -> None:
    """Forget the groups of a model, to tell them apart anew."""
    connection.execute(delete(outcome_groups).where(outcome_groups.c.model_id == model_id))
