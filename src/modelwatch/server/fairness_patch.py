"""How a PATCH says which groups of people a model is looked at by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.fairness import FairnessSettings
from modelwatch.monitors.fairness.settings import EXAMPLE, KNOWN
from modelwatch.server.fields import only, refused

FAIRNESS: Final[Mapping[str, Any]] = {
    "type": ["object", "null"],
    "description": f"protected attributes (tags or features, never needed as inputs) and by which rules: {EXAMPLE}",
    "additionalProperties": False,
    "properties": {
        "attributes": {"type": "array", "items": {"type": ["string", "object"]}},
        **{name: {} for name in KNOWN if name != "attributes"},
    },
}


def fairness(body: Mapping[str, Any]) -> tuple[str, Any]:
    """The setting as it was said; raises `Refused`. Names become columns where the model is known."""
    said = body["fairness"]
    if not isinstance(said, dict):
        raise refused("fairness", "must be an object", EXAMPLE)
    only(said, KNOWN)
    try:
        FairnessSettings.from_json(said)
    except InvalidRequest as error:
        raise refused("fairness", error.message.removeprefix("fairness "), error.hint) from error
    return "fairness", said
