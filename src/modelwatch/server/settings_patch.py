"""What may be said in a PATCH of a model: one check per setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from modelwatch.core.segment import MOST_SEGMENTS
from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.server.fairness_patch import FAIRNESS, fairness
from modelwatch.server.fields import number, only, refused, text, whole
from modelwatch.server.metrics_patch import METRICS, metrics
from modelwatch.server.queries.settings import AUTO, WINDOWS
from modelwatch.server.reference_rule import SCHEMA, reference
from modelwatch.server.segments_patch import SEGMENTS, segments

TASKS: Final = ("binary", "multiclass", "regression", "ranking")
MAX_WINDOWS: Final = 12
DAY_SECONDS: Final = 86_400.0
PSI_RANGE: Final = (0.001, 100.0)
SHARE_RANGE: Final = (0.0001, 1.0)
BUDGET_RANGE: Final = (0.001, 1000.0)
HORIZON_RANGE: Final = (0.01, 365.0)
Change = tuple[str, Any]
"""The name under which a setting is stored, and its value; None removes it."""


def task(body: Mapping[str, Any]) -> Change:
    """What kind of model it is."""
    value = text(body, "task")
    if value not in TASKS:
        raise refused("task", f"is {value[:40]!r}", f"one of {', '.join(TASKS)}")
    return "task", value


def positive_label(body: Mapping[str, Any]) -> Change:
    """The label that counts as positive."""
    value = text(body, "positive_label")
    if not value or len(value.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES or "\0" in value:
        raise refused("positive_label", f"must have 1 to {MAX_NAME_BYTES} bytes")
    return "positive_label", value


def window(body: Mapping[str, Any]) -> Change:
    """The length of a window by its name."""
    value = text(body, "window")
    if value != AUTO and value not in WINDOWS:
        raise refused("window", f"is {value[:40]!r}", f"one of {', '.join(WINDOWS)} or {AUTO}")
    return "window_seconds", WINDOWS.get(value)


def check_interval_seconds(body: Mapping[str, Any]) -> Change:
    """How long changes are collected before a window is checked."""
    return "check_interval_seconds", number(body, "check_interval_seconds", 0.0, DAY_SECONDS)


def critical(body: Mapping[str, Any]) -> Change:
    """Whether the model is checked as soon as something came."""
    if not isinstance(body["critical"], bool):
        raise refused("critical", "must be true or false")
    return "critical", body["critical"]


CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], Change]]] = {
    "task": task,
    "positive_label": positive_label,
    "window": window,
    "check_interval_seconds": check_interval_seconds,
    "critical": critical,
    "k": lambda body: ("k", whole(body, "k", 1, MAX_WINDOWS)),
    "n": lambda body: ("n", whole(body, "n", 1, MAX_WINDOWS)),
    "psi_warning": lambda body: ("psi_warning", number(body, "psi_warning", *PSI_RANGE)),
    "psi_critical": lambda body: ("psi_critical", number(body, "psi_critical", *PSI_RANGE)),
    "missing_warning": lambda body: ("missing_warning", number(body, "missing_warning", *SHARE_RANGE)),
    "missing_critical": lambda body: ("missing_critical", number(body, "missing_critical", *SHARE_RANGE)),
    "alerts_per_1000_days": lambda body: ("alerts_per_1000_days", number(body, "alerts_per_1000_days", *BUDGET_RANGE)),
    "reference": reference,
    "metrics": metrics,
    "segments": segments,
    "max_segments": lambda body: ("max_segments", whole(body, "max_segments", 1, MOST_SEGMENTS)),
    "fairness": fairness,
    "label_horizon_days": lambda body: ("label_horizon_days", number(body, "label_horizon_days", *HORIZON_RANGE)),
}


def changes(body: Mapping[str, Any]) -> dict[str, Any]:
    """The changes as they are stored; raises `Refused` at the first field that makes no sense."""
    only(body, CHECKS)
    stored = {"window": "window_seconds"}
    return dict((stored.get(name, name), None) if body[name] is None else CHECKS[name](body) for name in body)


def nullable(kind: str, **more: Any) -> dict[str, Any]:
    """A JSON schema that takes null too."""
    return {"type": [kind, "null"], **more}


def bounded(limits: tuple[float, float]) -> dict[str, Any]:
    """A JSON schema of a number between limits, or null."""
    return nullable("number", minimum=limits[0], maximum=limits[1])


OPENAPI: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "task": nullable("string", enum=[*TASKS, None]),
                        "positive_label": nullable("string"),
                        "window": nullable("string", enum=[*WINDOWS, AUTO, None]),
                        "check_interval_seconds": nullable("number", minimum=0, maximum=DAY_SECONDS),
                        "critical": nullable("boolean"),
                        "k": nullable("integer", minimum=1, maximum=MAX_WINDOWS),
                        "n": nullable("integer", minimum=1, maximum=MAX_WINDOWS),
                        "psi_warning": bounded(PSI_RANGE),
                        "psi_critical": bounded(PSI_RANGE),
                        "missing_warning": bounded(SHARE_RANGE),
                        "missing_critical": bounded(SHARE_RANGE),
                        "alerts_per_1000_days": bounded(BUDGET_RANGE),
                        "reference": nullable("object", **SCHEMA),
                        "metrics": METRICS,
                        "segments": SEGMENTS,
                        "max_segments": nullable("integer", minimum=1, maximum=MOST_SEGMENTS),
                        "fairness": FAIRNESS,
                        "label_horizon_days": bounded(HORIZON_RANGE),
                    },
                }
            }
        },
    }
}
