"""What a model's fairness is judged by: the record that is stored in its settings under `fairness`."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any, Final

from modelwatch.core.column import ColumnKey
from modelwatch.core.segment import SEGMENT_ROLES
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.fairness.metrics import DEFAULT_METRICS, Metric, Rules
from modelwatch.profiles.bands import Floats, quantile_edges

MAX_ATTRIBUTES: Final = 10
MAX_BANDS: Final = 20
MAX_CROSSED: Final = 3
MAX_GROUPS: Final = 200
MIN_ROWS: Final = 30
MIN_EVENTS: Final = 5
KNOWN: Final = (
    "attributes",
    "intersections",
    "max_groups",
    "metrics",
    "rules",
    "min_rows",
    "min_events",
    "favourable",
)
EXAMPLE: Final = 'for example {"attributes": ["sex", {"feature": "age", "bands": [25, 45, 65]}]}'


@dataclass(frozen=True, slots=True)
class Attribute:
    """A tag or feature whose values are the groups; a name without a role means the tag where there are both.

    `edges` cut a number into bands; `quantiles` ask for edges that part the reference's rows equally, to be settled
    once. `reference` is the value that the others are held against; None is the largest group.
    """

    name: str
    role: Role | None = None
    edges: tuple[float, ...] = ()
    quantiles: int = 0
    reference: str | None = None

    def column(self, known: Iterable[ColumnKey]) -> ColumnKey | None:
        """Which of the known columns is meant; None when there is no such tag or feature.

        >>> Attribute("sex").column([ColumnKey(Role.FEATURE, "sex"), ColumnKey(Role.TAG, "sex")])
        ColumnKey(role=<Role.TAG: 'tag'>, name='sex')
        """
        held = set(known)
        wanted = [ColumnKey(role, self.name) for role in SEGMENT_ROLES if self.role in (None, role)]
        return next((key for key in wanted if key in held), None)

    def settled(self, known: Collection[ColumnKey], numbers: Mapping[ColumnKey, Floats]) -> Attribute:
        """With its role, and with the edges of its quantiles where the reference has `numbers` of it."""
        column = self.column(known)
        if column is None:
            return self
        edges = quantile_edges(numbers[column], self.quantiles) if self.quantiles and column in numbers else self.edges
        return replace(self, role=column.role, edges=edges)


@dataclass(frozen=True, slots=True)
class FairnessSettings:
    """`intersections` is the most attributes that are crossed, 1 for none. `favourable` is the label that people want,
    '' for the model's positive one. `metrics` are those that are judged; all are shown. A group is judged from
    `min_rows` rows that a rate is of and `min_events` events on."""

    attributes: tuple[Attribute, ...] = ()
    intersections: int = 2
    max_groups: int = 60
    metrics: tuple[Metric, ...] = DEFAULT_METRICS
    rules: Rules = field(default=Rules())
    min_rows: float = MIN_ROWS
    min_events: float = MIN_EVENTS
    favourable: str = ""

    def to_json(self) -> dict[str, Any]:
        """The stored form, plain values only: `from_json` is the way back."""
        return {
            "attributes": [attribute_said(each) for each in self.attributes],
            "intersections": self.intersections,
            "max_groups": self.max_groups,
            "metrics": [metric.value for metric in self.metrics],
            "rules": {each.name: getattr(self.rules, each.name) for each in fields(Rules)},
            "min_rows": self.min_rows,
            "min_events": self.min_events,
            "favourable": self.favourable,
        }

    def settled(
        self, known: Collection[ColumnKey], numbers: Mapping[ColumnKey, Floats] | None = None
    ) -> FairnessSettings:
        """With each attribute's role among the known columns, and bands by quantiles of the reference's `numbers`."""
        return replace(self, attributes=tuple(each.settled(known, numbers or {}) for each in self.attributes))

    @staticmethod
    def from_json(said: object) -> FairnessSettings:
        """The settings that somebody wrote; what is left out has its default. Raises `InvalidRequest`.

        >>> FairnessSettings.from_json({"attributes": ["sex"]}).attributes
        (Attribute(name='sex', role=None, edges=(), quantiles=0, reference=None),)
        """
        if not isinstance(said, Mapping):
            raise refused("must be an object", EXAMPLE)
        for name in said:
            if name not in KNOWN:
                raise refused(f"has no setting {name!r}", f"it has {', '.join(KNOWN)}")
        default = FairnessSettings()
        return FairnessSettings(
            attributes_of(said.get("attributes", [])),
            intersections_of(said.get("intersections", default.intersections)),
            int(number(said, "max_groups", default.max_groups, 2, MAX_GROUPS, whole=True)),
            metrics_of(said.get("metrics")),
            rules_of(said.get("rules", {})),
            number(said, "min_rows", default.min_rows, 1, 1e9),
            number(said, "min_events", default.min_events, 0, 1e9),
            text(said.get("favourable", ""), "favourable"),
        )


def refused(what: str, hint: str) -> InvalidRequest:
    """The error of a setting that cannot be taken."""
    return InvalidRequest(f"fairness {what}", hint=hint)


def attribute_said(each: Attribute) -> dict[str, Any]:
    """An attribute as it is written."""
    said: dict[str, Any] = {"name": each.name}
    if each.role:
        said["role"] = each.role.value
    if each.edges:
        said["bands"] = list(each.edges)
    if each.quantiles:
        said["quantiles"] = each.quantiles
    if each.reference is not None:
        said["reference"] = each.reference
    return said


def attributes_of(said: object) -> tuple[Attribute, ...]:
    """The protected attributes."""
    if not isinstance(said, (list, tuple)) or len(said) > MAX_ATTRIBUTES:
        raise refused(f"attributes must be a list of at most {MAX_ATTRIBUTES} tags or features", EXAMPLE)
    found = tuple(attribute_of(each) for each in said)
    names = [(each.name, each.role) for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise refused(f"attributes name {twice[0]!r} twice", "name each tag or feature once")
    return found


def attribute_of(said: object) -> Attribute:
    """One protected attribute: a name, or an object with `tag`, `feature` or `name` and `role`, and the rest."""
    if isinstance(said, str):
        return Attribute(text(said, "attributes", least=1))
    if not isinstance(said, Mapping):
        raise refused("attributes must be names or objects", EXAMPLE)
    roles = [role.value for role in SEGMENT_ROLES]
    kinds = [kind for kind in ("name", *roles) if kind in said]
    strange = [name for name in said if name not in (*kinds, "role", "bands", "quantiles", "reference")]
    role = said.get("role") if kinds == ["name"] else kinds[0] if "role" not in said and kinds else "none"
    if len(kinds) != 1 or strange or role not in (None, *roles):
        raise refused("attributes must name one tag or feature each", EXAMPLE)
    reference = said.get("reference")
    return Attribute(
        text(said[kinds[0]], "attributes", least=1),
        None if role is None else Role(role),
        edges_of(said.get("bands")),
        int(number(said, "quantiles", 0, 2, MAX_BANDS, whole=True)) if said.get("quantiles") is not None else 0,
        None if reference is None else text(reference, "reference"),
    )


def edges_of(said: object) -> tuple[float, ...]:
    """The inner edges of an attribute's bands."""
    if said is None:
        return ()
    if not isinstance(said, (list, tuple)) or not 0 < len(said) < MAX_BANDS or not all(is_number(x) for x in said):
        raise refused(f"bands must be 1 to {MAX_BANDS - 1} edges", 'write [25, 45, 65], or "quantiles": 4')
    edges = tuple(float(each) for each in said)
    if not all(map(math.isfinite, edges)) or any(low >= high for low, high in pairwise(edges)):
        raise refused(f"bands must ascend, not {list(edges)}", "write [25, 45, 65]")
    return edges


def intersections_of(said: object) -> int:
    """The most attributes that are crossed; true is two, false none."""
    if isinstance(said, bool):
        return 2 if said else 1
    if not isinstance(said, int) or not 1 <= said <= MAX_CROSSED:
        raise refused(f"intersections must be true, false or 1 to {MAX_CROSSED}", "2 crosses attributes in pairs")
    return said


def metrics_of(said: object) -> tuple[Metric, ...]:
    """The metrics that are judged, each once."""
    if said is None:
        return DEFAULT_METRICS
    known = [metric.value for metric in Metric]
    if not isinstance(said, (list, tuple)):
        raise refused("metrics must be a list", f"of {', '.join(known)}")
    for each in said:
        if each not in known:
            raise refused(f"has no metric {each!r}", f"it has {', '.join(known)}")
    return tuple(dict.fromkeys(Metric(each) for each in said))


def rules_of(said: object) -> Rules:
    """From where on differences are large; critical is no milder than warning."""
    names = [each.name for each in fields(Rules)]
    if not isinstance(said, Mapping) or not set(said) <= set(names):
        raise refused("rules must be an object", f"with any of {', '.join(names)}")
    rules = Rules(
        **{name: number(said, name, getattr(Rules(), name), 0, 10 if "means" in name else 1) for name in names}
    )
    if rules.ratio_critical > rules.ratio_warning:
        raise refused("rules: ratio_critical is above ratio_warning", "a smaller ratio is worse")
    for kind in ("difference", "means"):
        if getattr(rules, f"{kind}_critical") < getattr(rules, f"{kind}_warning"):
            raise refused(f"rules: {kind}_critical is under {kind}_warning", "a larger difference is worse")
    return rules


def is_number(said: object) -> bool:
    """Whether it is a number of JSON."""
    return isinstance(said, (int, float)) and not isinstance(said, bool)


def number(said: Mapping[str, Any], name: str, default: float, low: float, high: float, whole: bool = False) -> float:
    """A number between two others."""
    value = said.get(name, default)
    if not is_number(value) or not low <= value <= high or (whole and value != int(value)):
        raise refused(
            f"{name} must be {'a whole number' if whole else 'a number'} from {low:g} to {high:g}", f"not {value!r}"
        )
    return float(value)


def text(said: object, name: str, least: int = 0) -> str:
    """A text without the character that no name holds."""
    if not isinstance(said, str) or "\0" in said or len(said) < least:
        raise refused(f"{name} must be a text", EXAMPLE)
    return said
