"""What the fold has collected since its last commit, and the one transaction that writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from modelwatch.core.column import Schema, SchemaChange
from modelwatch.core.window import BUCKET_US, DAY_US
from modelwatch.jobs import id_sketches
from modelwatch.jobs.catalog import Deployment, Model
from modelwatch.jobs.counted import Block, Counted
from modelwatch.jobs.critical import Critical
from modelwatch.jobs.segment_blocks import save_blocks
from modelwatch.jobs.windows import realign
from modelwatch.log import Rejection
from modelwatch.log.entry import Dropped
from modelwatch.profiles import Binning, Profile, decode, encode, merge
from modelwatch.profiles.id_sketch import IdSketch, merge_ids
from modelwatch.profiles.outcomes import Outcomes
from modelwatch.profiles.outcomes import merge as merge_outcomes
from modelwatch.store import drops, held, labels, ledger, models, outcomes, references, segments
from modelwatch.store.binnings import load_binning
from modelwatch.store.engine import writing
from modelwatch.store.outcomes import ReferenceLosses
from modelwatch.store.profiles import Series, Stretch, load_stretches, mark_dirty, save_stretches, spans


@dataclass(frozen=True, slots=True)
class Adopted:
    """A binning and the reference that came with it, stored with the profiles on it, the task they tell, what the
    watched segments look like in the reference, what came true of its rows, and where a regression errs in it."""

    model_id: int
    binning: references.BinningRow
    reference: dict[str, Any]
    task: tuple[str, str | None]
    segments: dict[str, segments.SegmentReference] = field(default_factory=dict)
    outcomes: Outcomes | None = None
    days: Sequence[Outcomes] = ()
    losses: ReferenceLosses | None = None


@dataclass(slots=True)
class Pending:
    """Additions by their keys; everything here is lost in a crash and folded again from the log."""

    records: int = 0
    rows: int = 0
    bytes: int = 0
    profiles: dict[int, dict[int, Profile]] = field(default_factory=dict)
    blocks: dict[int, list[Block]] = field(default_factory=dict)
    models: dict[int, Model] = field(default_factory=dict)
    sketches: dict[int, dict[int, IdSketch]] = field(default_factory=dict)
    outcomes: dict[int, dict[int, list[Outcomes]]] = field(default_factory=dict)
    labels: list[labels.LabelBatch] = field(default_factory=list)
    deployments: dict[int, Deployment] = field(default_factory=dict)
    schemas: dict[int, Schema] = field(default_factory=dict)
    changes: list[tuple[int, int, set[SchemaChange]]] = field(default_factory=list)
    traffic: dict[tuple[int, int], int] = field(default_factory=dict)
    tallies: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    quarantine: list[dict[str, Any]] = field(default_factory=list)
    dropped: dict[tuple[str, str, str], int] = field(default_factory=dict)
    held: list[tuple[int, held.HeldRows]] = field(default_factory=list)
    adopted: list[Adopted] = field(default_factory=list)

    def add(self, model: Model, owner: Deployment, counted: Counted) -> None:
        """Add what rows of a deployment count."""
        for start, profile in counted.whole.items():
            self.add_profile(owner.id, start, profile)
        if counted.segments:
            self.blocks.setdefault(owner.id, []).extend(counted.segments)
            self.bytes += sum(len(block.body) for block in counted.segments)
        if model.watched.columns:
            self.models[model.id] = model

    def add_profile(self, deployment_id: int, start: int, profile: Profile) -> None:
        """Merge a profile into its bucket."""
        buckets = self.profiles.setdefault(deployment_id, {})
        old = buckets.get(start)
        if old is None:
            self.bytes += profile.counts.nbytes
            buckets[start] = profile
        else:
            buckets[start] = merge(old, profile)

    def add_outcomes(self, model: Model, owner: Deployment, found: Mapping[int, Outcomes]) -> None:
        """Add what predictions say to their buckets."""
        buckets = self.outcomes.setdefault(owner.id, {})
        for start, part in found.items():
            buckets.setdefault(start, []).append(part)
        self.models[model.id] = model

    def add_sketches(self, deployment_id: int, found: Mapping[int, IdSketch]) -> None:
        """Merge sketches of prediction ids into their buckets."""
        buckets = self.sketches.setdefault(deployment_id, {})
        for start, sketch in found.items():
            buckets[start] = merge_ids([buckets[start], sketch]) if start in buckets else sketch

    def accept(self, project: str, model: str, kind: str, rows: int) -> None:
        """Count accepted rows."""
        self.tallies.setdefault((project, model, kind), [0, 0])[0] += rows

    def reject(
        self, project: str, received_us: int, rejected: Iterable[Rejection], rows: int | None = None, kind: str = "rows"
    ) -> None:
        """Keep rejected rows and count them; `rows` where one entry stands for many."""
        for each in rejected:
            self.quarantine.append(
                {
                    "project": project,
                    "model": each.model,
                    "received_us": received_us,
                    "row": each.row,
                    "reason": each.reason,
                    "detail": each.detail,
                    "record": each.record,
                }
            )
            self.tallies.setdefault((project, each.model, kind), [0, 0])[1] += 1 if rows is None else rows

    def drop(self, project: str, said: Dropped) -> None:
        """Note what a producer says that it dropped so far; of two batches the later count is the larger."""
        key = (project, said.model, said.producer)
        self.dropped[key] = max(self.dropped.get(key, 0), said.rows)

    def count_days(self, deployment_id: int, timestamps: np.ndarray[Any, np.dtype[np.int64]]) -> None:
        """Count predictions by the UTC day of their event time."""
        days, counts = np.unique(timestamps // DAY_US, return_counts=True)
        for day, count in zip(days.tolist(), counts.tolist(), strict=True):
            key = (deployment_id, day * DAY_US)
            self.traffic[key] = self.traffic.get(key, 0) + count


def commit_pending(
    engine: Engine, pending: Pending, consumer: str, position: int, now_us: int, critical: Critical | None = None
) -> None:
    """Everything pending and the offset behind it, or nothing."""
    with writing(engine) as connection:
        for deployment_id, schema in pending.schemas.items():
            models.set_schema(connection, deployment_id, schema)
        for deployment_id, at_us, changes in pending.changes:
            held.add_changes(connection, deployment_id, at_us, changes)
        for model_id, batch in pending.held:
            held.add_held(connection, model_id, [batch])
        for adopted in pending.adopted:
            save_adopted(connection, adopted, position, now_us)
        for deployment_id, buckets in pending.profiles.items():
            save_profiles(connection, pending.deployments[deployment_id], buckets, position, now_us)
        for deployment_id, blocks in pending.blocks.items():
            model_id = models.get_deployment(connection, deployment_id).model_id
            name = models.get_model(connection, model_id).binning_hash
            assert name is not None, "rows are held back until a binning stands"
            save_blocks(connection, deployment_id, load_binning(connection, model_id, name), blocks, position, now_us)
        for deployment_id, sketches in pending.sketches.items():
            if sketches:
                id_sketches.save_buckets(connection, deployment_id, sketches)
        for deployment_id, parts in pending.outcomes.items():
            merged = {start: merge_outcomes(each) for start, each in parts.items()}
            outcomes.add_outcomes(connection, deployment_id, outcomes.Side.SEEN, BUCKET_US, merged)
        labels.add_inbox(connection, pending.labels)
        models.update_deployments(connection, [seen(each) for each in pending.deployments.values()])
        ledger.add_traffic(
            connection,
            [
                {"deployment_id": key[0], "day_us": key[1], "predictions": count}
                for key, count in pending.traffic.items()
            ],
        )
        ledger.add_tallies(
            connection,
            [
                {"project": key[0], "model": key[1], "kind": key[2], "accepted": counts[0], "rejected": counts[1]}
                for key, counts in pending.tallies.items()
            ],
        )
        for model in pending.models.values():
            save_places(connection, model)
            save_judging(connection, model)
        ledger.add_quarantine(connection, pending.quarantine)
        drops.save_drops(connection, pending.dropped, now_us)
        if critical is not None:
            critical.save(connection, now_us)
        ledger.save_offset(connection, consumer, position, now_us)


def save_adopted(connection: Connection, adopted: Adopted, position: int, now_us: int) -> None:
    """Store a reference and everything that came with it."""
    references.save_binning(connection, adopted.model_id, adopted.binning)
    models.set_binning(connection, adopted.model_id, adopted.binning.hash)
    reference_id = references.save_reference(connection, adopted.reference)
    segments.save_references(connection, reference_id, adopted.segments)
    if adopted.outcomes is not None:
        outcomes.save_reference_outcomes(connection, reference_id, adopted.outcomes, adopted.losses, adopted.days)
    learn_task(connection, adopted)
    held.drop_held(connection, adopted.model_id)
    mark_all_dirty(connection, adopted, position, now_us)


def learn_task(connection: Connection, adopted: Adopted) -> None:
    """Note the task that the rows tell, unless the model has one already."""
    model = models.get_model(connection, adopted.model_id)
    task, positive = adopted.task
    if task and not model.task:
        said = {"positive_label": positive} if positive is not None else {}
        models.set_settings(connection, model.id, task, {**said, **model.settings})


def mark_all_dirty(connection: Connection, adopted: Adopted, position: int, now_us: int) -> None:
    """Have every window of a version checked again: what it is compared with has changed."""
    said = adopted.reference
    for deployment in models.list_deployments(connection, adopted.model_id):
        if (deployment.environment, deployment.version) == (said["environment"], said["version"]):
            for series in segments.series_of(connection, adopted.model_id, deployment.id):
                starts = [start for start, _, _ in spans(connection, series, -(2**62), 2**62)]
                mark_dirty(connection, series, starts, now_us, position)


def seen(deployment: Deployment) -> dict[str, Any]:
    """What is stored of a deployment's traffic."""
    return {
        "id": deployment.id,
        "first_event_us": deployment.first_event_us,
        "last_event_us": deployment.last_event_us,
        "last_arrival_us": deployment.last_arrival_us,
        "live_us": deployment.live_us,
        "rows": deployment.rows,
    }


def save_profiles(
    connection: Connection, deployment: Deployment, buckets: dict[int, Profile], position: int, now_us: int
) -> None:
    """Merge profiles into the stored ones of their buckets and mark these dirty."""
    row = models.get_deployment(connection, deployment.id)
    model_id, deployment.length_us = row.model_id, row.length_us
    series = Series(deployment.id)

    def binning_of(name: str) -> Binning:
        return load_binning(connection, model_id, name)

    stored = {
        stretch.start_us: stretch
        for stretch in load_stretches(connection, series, min(buckets), max(buckets) + 1)
        if stretch.span_us == BUCKET_US and stretch.start_us in buckets
    }
    written = []
    for start, profile in buckets.items():
        old = stored.get(start)
        binning = binning_of(profile.binning)
        if old is not None:
            own = binning_of(old.binning)
            profile = merge(realign(decode(old.body, own), own, binning), profile)
        written.append(Stretch(start, BUCKET_US, profile.rows, binning.id, encode(profile, binning)))
    save_stretches(connection, series, written)
    mark_dirty(connection, series, buckets, now_us, position)


def save_judging(connection: Connection, model: Model) -> None:
    """Store the groups that came anew, and by which rules the outcomes are counted when none are stored yet."""
    outcomes.add_groups(connection, model.id, model.groups.fresh)
    joined = labels.load_joined(connection, model.id)
    if not joined.judging:
        labels.save_joined(connection, replace(joined, judging=model.judging.to_json()))


def save_places(connection: Connection, model: Model) -> None:
    """Store the segments that took a place and the values that found none. Where rows had been counted before the model
    was cut, past days may hold a segment that is new now: they are counted for it."""
    watched = model.watched
    if watched.fresh:
        places = {segment.key: watched.places[segment] for segment in watched.fresh}
        segments.add_watched(connection, model.id, places, watched.late)
        if watched.late:
            for deployment in models.list_deployments(connection, model.id):
                segments.add_days(connection, deployment.id, ledger.traffic_days(connection, deployment.id))
    segments.add_others(connection, model.id, watched.left_out)
