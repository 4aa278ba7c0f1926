"""How a PATCH says what a model is cut into segments by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.server.fields import refused

MAX_COLUMNS: Final = 20
KINDS: Final = ("tag", "feature")
HINT: Final = 'for example ["region", {"tag": "channel"}, {"feature": "carrier"}]'
NAME: Final[Mapping[str, Any]] = {"type": "string", "minLength": 1}
SEGMENTS: Final[Mapping[str, Any]] = {
    "type": ["array", "null"],
    "maxItems": MAX_COLUMNS,
    "description": "tags or features whose values are watched apart; a name that is both means the tag",
    "items": {
        "oneOf": [
            NAME,
            *(
                {"type": "object", "additionalProperties": False, "required": [kind], "properties": {kind: NAME}}
                for kind in KINDS
            ),
        ]
    },
}


def segments(body: Mapping[str, Any]) -> tuple[str, Any]:
    """The columns as they were named: plain names, or one of `tag` and `feature` with a name."""
    said = body["segments"]
    if not isinstance(said, list) or len(said) > MAX_COLUMNS:
        raise refused("segments", f"must be a list of at most {MAX_COLUMNS} tags or features", HINT)
    return "segments", [named(each) for each in said] or None


def named(said: object) -> str | dict[str, str]:
    """One entry of the list."""
    if isinstance(said, str):
        return name(said)
    if isinstance(said, dict) and len(said) == 1:
        (kind, value), *_ = said.items()
        if kind in KINDS and isinstance(value, str):
            return {kind: name(value)}
    raise refused("segments", "must name tags or features", HINT)


def name(said: str) -> str:
    """The name of a column."""
    if not said or "\0" in said or len(said.encode("utf-8", "surrogatepass")) > MAX_NAME_BYTES:
        raise refused("segments", f"names have 1 to {MAX_NAME_BYTES} bytes", HINT)
    return said
