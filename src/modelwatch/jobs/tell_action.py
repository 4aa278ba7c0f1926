"""Tells the channels of an action that it was done, by the way of every other message."""

from __future__ import annotations

from sqlalchemy import Connection

from modelwatch.alerts.notification import Line, Notification, Told
from modelwatch.alerts.remediation.action import Action
from modelwatch.alerts.remediation.request import Trigger, facts, sentence
from modelwatch.core.level import Level
from modelwatch.store.action_runs import RunRow
from modelwatch.store.alerts import get_alert
from modelwatch.store.messages import queue_message


def tell_action(connection: Connection, run: RunRow, action: Action, now_us: int) -> None:
    """Queue one message per channel, in the transaction that records that the action was done."""
    trigger = Trigger(**run.said["trigger"])
    status = get_alert(connection, run.alert_id).status
    for channel in action.tell:
        queue_message(connection, notification(run, action, trigger, status, channel, now_us), None, now_us)


def notification(run: RunRow, action: Action, trigger: Trigger, status: str, channel: str, now_us: int) -> Notification:
    """What a channel is told."""
    default = f"“{action.name}” was done for {trigger.model_id}"
    line = Line(
        alert_id=trigger.alert_id,
        model=trigger.model_id,
        version=trigger.model_version,
        environment=trigger.environment,
        kind=trigger.kind,
        level=Level(trigger.level),
        status=status,
        title=trigger.title,
        since=trigger.since,
        sure="",
        bad="",
        url=trigger.url,
        silence_url="",
    )
    return Notification(
        key=f"{run.key}-{channel}",
        group=run.key,
        project=run.project,
        channel=channel,
        told=Told.ACTED,
        level=Level(trigger.level),
        title=sentence(action.message, facts(action, trigger, run.key)) if action.message else default,
        at=now_us / 1e6,
        url=trigger.url,
        lines=(line,),
        models=1,
        notes=(f"Why: {trigger.why}",),
    )
