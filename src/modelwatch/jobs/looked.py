"""What windows say beside what they raise: what is pending, whether they could be judged, what late data revised."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from modelwatch.alerts import pending, revision
from modelwatch.alerts.episodes import Episode, Event, Key, ranked, title
from modelwatch.alerts.life import ON, Status
from modelwatch.alerts.persistence import Item, Judged
from modelwatch.alerts.revision import Revision
from modelwatch.alerts.stages.historic import history
from modelwatch.core.column import ColumnKey
from modelwatch.core.level import worst
from modelwatch.store import alerts
from modelwatch.store.alerts import AlertRow, Evaluated
from modelwatch.store.models import DeploymentRow, ModelRow

REVISED = "evaluated_again"


@dataclass(frozen=True, slots=True)
class Looked:
    """`pending` by window end; `revised` by what an alert may name. `evaluated` is None where that is not known."""

    length_us: int = 0
    newest: bool = False
    pending: pending.Waiting = field(default_factory=dict)
    revised: Mapping[Judged, Revision] = field(default_factory=dict)
    evaluated: Evaluated | None = None

    def of(self, kind: str, kind_of: Callable[[ColumnKey], str]) -> Looked:
        """The part that an alert of columns of one kind is about."""
        waits = {
            end: {key: item for key, item in items.items() if kind_of(item.column) == kind}
            for end, items in self.pending.items()
        }
        return replace(self, pending=waits)

    def after_waiting(self, episode: Episode) -> Episode:
        """An alert that opens, with the line about what was pending before."""
        line = pending.began(self.pending, episode.opened_us)
        return episode if line is None else replace(episode, events=(line, *episode.events))


NOTHING = Looked()


def note_looked(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    kind: str,
    waited: AlertRow | None,
    looked: Looked,
    before: AlertRow | None,
    wall_us: int,
) -> None:
    """Bring what is pending of a kind in line, and write into its alert how that was evaluated.

    `waited` is what was pending and did not fire, `before` the alert as it was before these windows.
    """
    if looked.newest:
        open_now = alerts.open_alert(connection, deployment.id, kind)
        follow_pending(connection, model, deployment, kind, waited, looked, open_now, wall_us)
        if looked.evaluated is not None and open_now is not None:
            alerts.note_evaluation(connection, deployment.id, looked.evaluated, (kind,))
    if before is not None and before.state.status in ON and looked.revised:
        note_revision(connection, before, looked.revised, wall_us)


def follow_pending(
    connection: Connection,
    model: ModelRow,
    deployment: DeploymentRow,
    kind: str,
    waited: AlertRow | None,
    looked: Looked,
    open_now: AlertRow | None,
    wall_us: int,
) -> None:
    """Show what the newest window leaves pending; nothing is while an alert of that kind goes on."""
    end = max(looked.pending, default=0)
    items: Mapping[Judged, Item] = looked.pending.get(end, {})
    if waited is not None and (not items or open_now is not None):
        alerts.drop_pending(connection, waited.id)
    if not items or open_now is not None:
        return
    keyed: dict[Key, Item] = dict(items.items())
    shown = ranked(keyed)
    level = worst(item.level for item in shown)
    values: dict[str, object] = {
        "level": level.value,
        "title": title(kind, shown),
        "items": alerts.items_to_json(shown),
        "peak_level": level.value,
        "peak_items": alerts.items_to_json(shown),
        "checked_us": end,
        "historic": history(end, looked.length_us, wall_us),
    }
    if waited is not None:
        alerts.update_alert(connection, waited.id, values)
        return
    fixed = {"model_id": model.id, "deployment_id": deployment.id, "kind": kind, "by_hand": False}
    first = pending.began(looked.pending, end) or pending.line(end, items)
    opened = {"status": Status.PENDING, "opened_us": first.at_us, "resolved_us": None}
    alert_id = alerts.insert_alert(connection, {**values, **fixed, **opened})
    alerts.add_events(connection, alert_id, [first])


def note_revision(connection: Connection, before: AlertRow, revised: Mapping[Judged, Revision], wall_us: int) -> None:
    """Write into an alert's history what late data made of its worst figure that they touch, if one can see it.

    What trickles in makes one line that grows, while nothing else happens to the alert.
    """
    row = alerts.get_alert(connection, before.id)
    if row.state.status not in ON:
        return
    for item in row.items:
        found = None if item.segment is not None else revised.get(item.figure or item.column)
        if found is None or found.end_us < item.since_us:
            continue
        last = alerts.newest_line(connection, row.id)
        over = None
        if last is not None and last[1] == REVISED and revision.follows(revision.from_json(last[2]), found):
            over, found = last[0], revision.joined(revision.from_json(last[2]), found)
        elif not revision.real(found):
            continue
        level = "level unchanged" if row.level is before.level else f"level now {row.level.value}"
        text = revision.in_words(found, level)
        alerts.write_line(connection, row.id, Event(wall_us, REVISED, text), revision.to_json(found), over)
        return
