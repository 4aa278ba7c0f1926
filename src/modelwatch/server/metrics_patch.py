"""What may be said of a model's own metrics in a PATCH; whether one can be computed is looked at where it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.monitors.custom.metric import Direction, Metric, MetricKind
from modelwatch.monitors.custom.watched import MOST_METRICS, Watched
from modelwatch.server.fields import number, only, refused, text, whole

HINT: Final = 'for example [{"name": "revenue lost", "expression": "sum(amount)", "direction": "up_is_bad"}]'
FIELDS: Final = ("name", "expression", "python", "unit", "direction", "warning", "critical", "min_rows")
MOST_ROWS: Final = 1_000_000_000
MOST_UNIT: Final = 64
MOST_TEXT: Final = 4_000
LIMIT: Final = 1e300
TEXT: Final[Mapping[str, Any]] = {"type": "string", "minLength": 1}
METRICS: Final[Mapping[str, Any]] = {
    "type": ["array", "null"],
    "maxItems": MOST_METRICS,
    "description": "metrics of your own over labelled rows; docs/how-to/custom-metrics.md",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "required": ["name"],
        "properties": {
            "name": TEXT,
            "expression": {**TEXT, "maxLength": MOST_TEXT, "description": "SQL, one number of all rows of a window"},
            "python": {**TEXT, "description": "in its place: a function that an installed package registers"},
            "unit": {"type": "string", "maxLength": MOST_UNIT},
            "direction": {"enum": [*(each.value for each in Direction), None]},
            "warning": {"type": ["number", "null"], "description": "the value from which on it is large"},
            "critical": {"type": ["number", "null"]},
            "min_rows": {"type": ["integer", "null"], "minimum": 1, "maximum": MOST_ROWS},
        },
    },
}


def metrics(body: Mapping[str, Any]) -> tuple[str, Any]:
    """The metrics as they are stored; raises `Refused`."""
    said = body["metrics"]
    if not isinstance(said, list) or len(said) > MOST_METRICS or not all(isinstance(each, dict) for each in said):
        raise refused("metrics", f"must be a list of at most {MOST_METRICS} objects", HINT)
    found = [watched(each) for each in said]
    names = [each.metric.name for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise refused("metrics", f"has two of the name {twice[:100]!r}", "give each its own")
    return "metrics", [each.to_json() for each in found] or None


def watched(said: Mapping[str, Any]) -> Watched:
    """One metric."""
    only(said, FIELDS)
    metric = Metric(name_of(said), *computed(said), unit_of(said), direction_of(said))
    warning, critical = (limit(said, name) for name in ("warning", "critical"))
    if (warning is not None or critical is not None) and metric.direction is None:
        raise refused("direction", "is missing", f"{' or '.join(Direction)}: on which side of a threshold it is bad")
    if warning is not None and critical is not None:
        worse = critical - warning if metric.direction is Direction.UP_IS_BAD else warning - critical
        if worse < 0:
            where = "above" if metric.direction is Direction.UP_IS_BAD else "below"
            raise refused("critical", f"of {metric.name[:60]!r} must not be less bad than warning", f"it lies {where}")
    stored = Watched(metric, warning, critical)
    least = stored.min_rows if said.get("min_rows") is None else whole(said, "min_rows", 1, MOST_ROWS)
    return Watched(metric, warning, critical, least)


def name_of(said: Mapping[str, Any]) -> str:
    """What the metric is called."""
    name = text(said, "name")
    if not name.strip() or "\0" in name or len(name.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise refused("name", f"of a metric must have 1 to {MAX_NAME_BYTES} bytes", HINT)
    return name


def computed(said: Mapping[str, Any]) -> tuple[str, MetricKind]:
    """Its expression or function."""
    given = [name for name in ("expression", "python") if said.get(name) is not None]
    if len(given) != 1:
        raise refused("expression", "or python says how a metric is computed: one of both", HINT)
    value = text(said, given[0])
    if not value.strip() or len(value) > MOST_TEXT or "\0" in value:
        raise refused(given[0], f"must have 1 to {MOST_TEXT:,} characters")
    return value, MetricKind.PYTHON if given[0] == "python" else MetricKind.SQL


def unit_of(said: Mapping[str, Any]) -> str:
    """What the value is counted in, '' for nothing."""
    unit = "" if said.get("unit") is None else text(said, "unit")
    if len(unit) > MOST_UNIT or "\0" in unit:
        raise refused("unit", f"must have at most {MOST_UNIT} characters")
    return unit


def direction_of(said: Mapping[str, Any]) -> Direction | None:
    """Which way it gets worse."""
    value = said.get("direction")
    if value is None:
        return None
    if value not in list(Direction):
        raise refused("direction", f"is {str(value)[:40]!r}", f"one of {', '.join(Direction)}, or null")
    return Direction(value)


def limit(said: Mapping[str, Any], name: str) -> float | None:
    """A threshold."""
    return None if said.get(name) is None else number(said, name, -LIMIT, LIMIT)
