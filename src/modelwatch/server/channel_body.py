"""What may be said of a channel: its name, its kind's fields, whom it tells of what."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from modelwatch.alerts.notifiers import NOTIFIERS
from modelwatch.alerts.notifiers.contract import Notifier
from modelwatch.core.level import SEVERITIES, Level
from modelwatch.server.fields import only, refused, text

MOST_NAME: Final = 100
MOST_VALUE: Final = 8_000
MOST_GLOBS: Final = 100
MOST_GLOB: Final = 512
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
VALUE: Final = {"type": ["string", "number", "boolean", "null"], "maxLength": MOST_VALUE}
CHANGES: Final[Mapping[str, Any]] = {
    "fields": {
        "type": "object",
        "additionalProperties": VALUE,
        "description": "by the names of the kind (GET /api/v1/channel-kinds), secrets among them; what is left out "
        "stays, null takes it away",
    },
    "min_level": {"enum": list(SEVERITIES), "description": "the least that is told; info is told once a day"},
    "models": {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_GLOBS,
        "items": {"type": "string", "minLength": 1, "maxLength": MOST_GLOB},
        "description": "globs of model ids, such as fraud*",
    },
    "enabled": {"type": "boolean", "description": "what waits for a channel that is switched off is dropped"},
}
CHANNEL: Final[Mapping[str, Any]] = {
    "name": {"type": "string", "minLength": 1, "maxLength": MOST_NAME},
    "kind": {"type": "string"},
    **CHANGES,
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What was said of a channel; None was not said. In `fields` None takes a value away."""

    fields: Mapping[str, str | None]
    min_level: Level | None = None
    models: tuple[str, ...] | None = None
    enabled: bool | None = None


def name_of(said: str) -> str:
    """A channel's name; raises `Refused`."""
    if not said.strip() or said != said.strip() or len(said) > MOST_NAME or not said.isprintable():
        raise refused("name", f"must have 1 to {MOST_NAME} characters that print, no space at its ends")
    return said


def kind_of(said: Mapping[str, Any]) -> Notifier:
    """The kind of a new channel; raises `Refused`."""
    name = text(said, "kind")
    if name not in NOTIFIERS:
        near = difflib.get_close_matches(name, NOTIFIERS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(sorted(NOTIFIERS))}"
        raise refused("kind", f"{name[:40]!r} is not known here", hint)
    return NOTIFIERS[name]


def changes(said: Mapping[str, Any], kind: Notifier) -> Changes:
    """What is to change; raises `Refused`, whose words repeat no value."""
    only(said, CHANGES)
    return Changes(
        fields_of(said.get("fields", {}), kind),
        level_of(said) if "min_level" in said else None,
        models_of(said["models"]) if "models" in said else None,
        enabled_of(said["enabled"]) if "enabled" in said else None,
    )


def fields_of(said: object, kind: Notifier) -> dict[str, str | None]:
    """The values of the kind's fields."""
    if not isinstance(said, dict):
        raise refused("fields", "must be an object", f"with {', '.join(each.name for each in kind.fields)}")
    only(said, [each.name for each in kind.fields])
    return {name: value_of(name, value) for name, value in said.items()}


def value_of(name: str, value: object) -> str | None:
    """One value as a text; one that is empty is none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    found = str(value) if isinstance(value, int | float) else value
    if found is None or found == "":
        return None
    if not isinstance(found, str):
        raise refused(name, "must be a text")
    found = found.strip()
    if len(found) > MOST_VALUE or CONTROL.search(found):
        raise refused(name, f"must have at most {MOST_VALUE:,} characters, and none that control")
    return found or None


def level_of(said: Mapping[str, Any]) -> Level:
    """The least that is told."""
    name = text(said, "min_level")
    if name not in SEVERITIES:
        raise refused("min_level", f"is {name[:40]!r}", f"one of {', '.join(SEVERITIES)}")
    return SEVERITIES[name]


def models_of(said: object) -> tuple[str, ...]:
    """The globs of models."""
    wrong = not isinstance(said, list) or not 0 < len(said) <= MOST_GLOBS
    if not isinstance(said, list) or wrong:
        raise refused("models", f"must be a list of 1 to {MOST_GLOBS} globs", '["*"] is every model')
    for each in said:
        if not isinstance(each, str) or not 0 < len(each) <= MOST_GLOB or not each.isprintable():
            raise refused("models", f"must be texts of 1 to {MOST_GLOB} characters", "such as fraud*")
    return tuple(dict.fromkeys(said))


def enabled_of(said: object) -> bool:
    """Whether the channel is on."""
    if not isinstance(said, bool):
        raise refused("enabled", "must be true or false")
    return said
