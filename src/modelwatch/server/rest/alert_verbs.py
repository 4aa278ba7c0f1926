"""/api/v1/alerts/{id}/VERB and /api/v1/alerts/VERB: what people decide about one alert, or about many at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import anyio.to_thread
from fastapi import APIRouter, Request

from modelwatch.alerts.life import Verb
from modelwatch.server import fields
from modelwatch.server.body import read_object
from modelwatch.server.permission import permission
from modelwatch.server.queries.alerts import Alert
from modelwatch.server.queries.decide import (
    MAX_HOURS,
    MAX_IDS,
    MAX_NAME,
    MAX_TEXT,
    DecidedAlerts,
    Decision,
    decide,
    decide_many,
    signed,
)
from modelwatch.server.rest import shapes
from modelwatch.server.rest.alerts import LARGEST, AlertId
from modelwatch.server.services import Given
from modelwatch.server.who import who

router = APIRouter(prefix="/api/v1", tags=["alerts"])
NAME: Final = {"type": "string", "maxLength": MAX_NAME}
SAID: Final = {"by": NAME, "comment": {"type": "string", "maxLength": MAX_TEXT}}
OWN: Final[Mapping[Verb, Mapping[str, Any]]] = {
    Verb.SILENCE: {"hours": {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_HOURS}},
    Verb.ASSIGN: {"to": {**NAME, "description": "empty: nobody"}},
}
"""What the body of a verb holds besides who says it, and why."""
IDS: Final = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_IDS,
    "items": {"type": "integer", "minimum": 0, "maximum": LARGEST},
}
WORDS: Final[Mapping[Verb, tuple[str, str]]] = {
    Verb.ACKNOWLEDGE: ("Acknowledge", "A person has seen it. A silenced alert stays silenced, and is seen after that."),
    Verb.UNACKNOWLEDGE: ("Take back that it was seen", "It fires again, and is repeated."),
    Verb.SILENCE: ("Silence", "Nothing is sent about it for some hours."),
    Verb.UNSILENCE: ("End the silence", "It is again what it was before the silence."),
    Verb.RESOLVE: (
        "Resolve",
        "A person says that it is over; the same columns open nothing until they were clear once.",
    ),
    Verb.REOPEN: ("Reopen", "Takes back that a person resolved it."),
    Verb.ASSIGN: ("Assign", "Whose it is."),
    Verb.COMMENT: ("Comment", "A line in its history."),
}


def body(required: list[str], properties: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenAPI of a small body."""
    schema = {"type": "object", "additionalProperties": False, "required": required, "properties": properties}
    return {"requestBody": {"required": bool(required), "content": {"application/json": {"schema": schema}}}}


def deciding_one(verb: Verb) -> Callable[..., Awaitable[Alert]]:
    """The route's function for a verb and one alert."""

    async def one(alert_id: AlertId, request: Request, services: Given) -> Alert:
        said = await taken(request, (*SAID, *OWN.get(verb, ())))
        decision = signed(decided(verb, said), who(request.headers))
        return await anyio.to_thread.run_sync(decide, services.engine, alert_id, decision, services.clock())

    return one


def deciding_many(verb: Verb) -> Callable[..., Awaitable[DecidedAlerts]]:
    """The route's function for a verb and many alerts."""

    async def many(request: Request, services: Given) -> DecidedAlerts:
        said = await taken(request, ("ids", *SAID, *OWN.get(verb, ())))
        decision = signed(decided(verb, said), who(request.headers))
        ids = whole_numbers(said.get("ids"))
        return await anyio.to_thread.run_sync(decide_many, services.engine, ids, decision, services.clock())

    return many


async def taken(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """The body, which may be absent, with known fields only."""
    said = await read_object(request)
    fields.only(said, known)
    return said


def decided(verb: Verb, said: Mapping[str, Any]) -> Decision:
    """The decision that a body says."""
    hours = fields.number(said, "hours", 0.0, MAX_HOURS) if verb is Verb.SILENCE else 0.0
    if verb is Verb.ASSIGN and "to" not in said:
        raise fields.refused("to", "is missing", "'' assigns it to nobody")
    return Decision(verb, fields.text(said, "by"), fields.text(said, "comment"), hours, fields.text(said, "to"))


def whole_numbers(value: object) -> list[int]:
    """The ids of a body; raises `Refused` for anything else."""
    if not isinstance(value, list) or not all(type(each) is int and 0 <= each <= LARGEST for each in value):
        raise fields.refused("ids", "must be a list of whole numbers")
    return value


for each, (summary, meaning) in WORDS.items():
    own = OWN.get(each, {})
    needed = [*own, *(["comment"] if each is Verb.COMMENT else [])]
    router.post(
        f"/alerts/{each}",
        name=f"{each}_many",
        summary=f"{summary}: many alerts",
        description=f"{meaning} Alerts that it does not fit are told apart.",
        response_model=shapes.DecidedAlerts,
        dependencies=[permission("write")],
        openapi_extra=body(["ids", *needed], {"ids": IDS, **SAID, **own}),
    )(deciding_many(each))
    router.post(
        f"/alerts/{{alert_id}}/{each}",
        name=f"{each}",
        summary=f"{summary}: one alert",
        description=meaning,
        response_model=shapes.Alert,
        dependencies=[permission("write")],
        openapi_extra=body(needed, {**SAID, **own}),
    )(deciding_one(each))
