"""The columns that an expression may read, and which of them a name means."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from modelwatch.core.column import Column, ColumnType
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidRequest
from modelwatch.monitors.custom.lexer import KEYWORDS
from modelwatch.monitors.custom.syntax import Name
from modelwatch.monitors.custom.values import Kind

OWN: Final = ""
FEATURE: Final = "feature"
TAG: Final = "tag"
SCOPES: Final = {
    Role.FEATURE: FEATURE,
    Role.TAG: TAG,
    Role.PREDICTION_SCORES: "score",
    Role.EXPLANATION: "explanation",
}
"""Columns with a name of the user's. `score.fraud` is the score of the class `fraud`."""
KINDS: Final = {ColumnType.NUMERIC: Kind.NUMBER, ColumnType.BOOLEAN: Kind.BOOLEAN, ColumnType.CATEGORY: Kind.TEXT}
BARE: Final = (OWN, FEATURE, TAG)
"""Scopes that may be left out; of two columns of one name, the scope that comes first here wins."""
MAX_SHOWN: Final = 64
"""Characters of a name in a list of names."""
SHORT: Final = frozenset({"prediction", "actual", "score"})
"""Names that mean another column, see `short_names`."""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """A column that may be read: `name` within `scope`, which is empty for those that modelwatch names itself."""

    scope: str
    name: str
    kind: Kind

    @property
    def written(self) -> str:
        """How it is written in an expression, whatever else is there.

        >>> ColumnInfo("feature", "Customer's age", Kind.NUMBER).written
        'feature."Customer\\'s age"'
        """
        plain = self.name.isidentifier() and self.name.lower() not in KEYWORDS
        quoted = self.name if plain else '"' + self.name.replace('"', '""') + '"'
        return f"{self.scope}.{quoted}" if self.scope else quoted


ALWAYS: Final = (
    ColumnInfo(OWN, "prediction_id", Kind.TEXT),
    ColumnInfo(OWN, "timestamp", Kind.TIME),
    ColumnInfo(OWN, "version", Kind.TEXT),
    ColumnInfo(OWN, "environment", Kind.TEXT),
    ColumnInfo(OWN, "weight", Kind.NUMBER),
)
"""Columns that every model has."""
JOINED: Final = (
    ColumnInfo(OWN, Role.ACTUAL_LABEL.value, Kind.TEXT),
    ColumnInfo(OWN, Role.ACTUAL_VALUE.value, Kind.NUMBER),
    ColumnInfo(OWN, "first_labelled_at", Kind.TIME),
)
"""Columns that every prediction has once its label came; null until then."""


def short_names(own: Container[str]) -> dict[str, str]:
    """What `prediction`, `actual` and `score` mean where there are these own columns.

    They are labels, and numbers for a model that predicts numbers and no labels.

    >>> short_names({"prediction_value", "actual_label", "actual_value"})
    {'prediction': 'prediction_value', 'actual': 'actual_value'}
    """
    labels = [Role.PREDICTION_LABEL.value, Role.ACTUAL_LABEL.value]
    values = [Role.PREDICTION_VALUE.value, Role.ACTUAL_VALUE.value]
    if labels[0] not in own and values[0] in own:
        labels, values = values, labels
    wanted = {"prediction": (labels[0], values[0]), "actual": (labels[1], values[1])}
    found = {short: next((one for one in choice if one in own), "") for short, choice in wanted.items()}
    found["score"] = Role.PREDICTION_SCORE.value if Role.PREDICTION_SCORE.value in own else ""
    return {short: name for short, name in found.items() if name}


def column_info(column: Column) -> ColumnInfo | None:
    """The column as an expression sees it, None for a vector."""
    role, name = column.key
    if role is Role.TIMESTAMP:
        return ColumnInfo(OWN, role.value, Kind.TIME)
    kind = KINDS.get(column.type)
    if kind is None or role in (Role.EMBEDDING, Role.TEXT):
        return None
    return ColumnInfo(SCOPES[role], name, kind) if role in SCOPES else ColumnInfo(OWN, role.value, kind)


def visible_columns(columns: Iterable[Column]) -> list[ColumnInfo]:
    """The columns of a model's schemas (all its versions) as an expression sees them, each once, and the joined labels.

    A name that two schemas give two kinds has the kind that comes first.
    """
    found = {(info.scope, info.name): info for info in (*ALWAYS, *JOINED)}
    for column in columns:
        info = column_info(column)
        if info is not None:
            found.setdefault((info.scope, info.name), info)
    return list(found.values())


class Names:
    """Says which column a name means."""

    def __init__(self, columns: Sequence[ColumnInfo]) -> None:
        self._exact: dict[tuple[str, str], ColumnInfo] = {}
        self._folded: dict[tuple[str, str], list[ColumnInfo]] = {}
        for info in columns:
            self._add(info.name, info)
        for short, name in short_names({name for scope, name in self._exact if scope == OWN}).items():
            self._add(short, self._exact[OWN, name])

    def _add(self, name: str, info: ColumnInfo) -> None:
        if (info.scope, name) not in self._exact:
            self._exact[info.scope, name] = info
            self._folded.setdefault((info.scope, name.lower()), []).append(info)

    def find(self, name: Name) -> ColumnInfo:
        """The column; letter by letter first, then in any case if only one fits. Raises InvalidRequest."""
        scopes = (name.scope.lower(),) if name.scope else BARE
        for scope in scopes:
            if (scope, name.name) in self._exact:
                return self._exact[scope, name.name]
        folded = () if name.quoted else (self._folded.get((scope, name.name.lower())) for scope in scopes)
        fitting = next(filter(None, folded), [])
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            written = " or ".join(f'"{info.name}"' for info in fitting)
            raise _unknown(name, f"write {written}, in double quotes")
        raise _unknown(name, self._hint(name, scopes))

    def _hint(self, name: Name, scopes: Sequence[str]) -> str:
        known = [(scope, one) for scope, one in self._exact if not name.scope or scope in scopes]
        if name.scope and not known:
            if (FEATURE, f"{name.scope}.{name.name}") in self._exact:
                return f'write "{name.scope}.{name.name}", in double quotes'
            return "scopes are feature, tag, score and explanation"
        if not name.scope:
            classes = [info.written for (scope, _), info in self._exact.items() if scope == name.name.lower()]
            if classes:
                return f"did you mean {classes[0]}?"
        near = get_close_matches(name.name, [one for _, one in known], 1)
        if near:
            scope = next(scope for scope, one in known if one == near[0])
            return f"did you mean {_short(name.scope or scope, near[0], bool(name.scope))}?"
        shown = [_short(scope, one, bool(name.scope)) for scope, one in known if len(one) <= MAX_SHOWN]
        return f"there are {', '.join(shown[:12])}{' ...' if len(shown) > 12 else ''}" if shown else ""


def _short(scope: str, name: str, scoped: bool) -> str:
    """How a column may be written, without a scope that may be left out."""
    return ColumnInfo(scope if scoped or scope not in BARE else OWN, name, Kind.NULL).written


def _unknown(name: Name, hint: str) -> InvalidRequest:
    written = f"{name.scope}.{name.name}" if name.scope else name.name
    return InvalidRequest(f"no column is called {written[:64]!r} (character {name.at + 1})", hint=hint)
