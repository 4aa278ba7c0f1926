"""The fields of small JSON bodies: checked by hand, so that the answer can say what was meant."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Mapping
from typing import Any

from modelwatch.server.problems import Refused


def only(body: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises `Refused` for a field that is not known here, and says which one was probably meant."""
    for name in body:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise refused(
                name, "is not known here", f"did you mean {near[0]}?" if near else f"known: {', '.join(sorted(known))}"
            )


def refused(name: str, what: str, hint: str = "") -> Refused:
    """The error for one field."""
    return Refused(422, "invalid-field", f"{name[:100]} {what}", hint=hint, fields={"field": name[:100]})


def text(body: Mapping[str, Any], name: str, default: str = "") -> str:
    """A text; raises `Refused` for anything else."""
    value = body.get(name, default)
    if not isinstance(value, str):
        raise refused(name, "must be a text")
    return value


def number(body: Mapping[str, Any], name: str, low: float, high: float) -> float:
    """A number within bounds; raises `Refused` for anything else."""
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refused(name, "must be a number")
    if not low <= value <= high:
        raise refused(name, f"must lie between {low:g} and {high:g}")
    return float(value)


def whole(body: Mapping[str, Any], name: str, low: int, high: int) -> int:
    """A whole number within bounds; raises `Refused` for anything else."""
    value = number(body, name, low, high)
    if value != int(value):
        raise refused(name, "must be a whole number")
    return int(value)
