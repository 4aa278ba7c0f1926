"""What a request says of an action: a change of what is set, and secrets, which are taken out of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from modelwatch.alerts.remediation.action import Action, Secrets, Webhook
from modelwatch.alerts.remediation.reading import FIELDS, MOST_LISTED, MOST_TEXT, action_from, header_name, headers_of
from modelwatch.server.fields import only, refused

ORIGIN: Final = re.compile(r"[a-z]+://[^/?]*")
TEXT: Final[Mapping[str, Any]] = {"type": "string", "maxLength": MOST_TEXT}
TEXTS: Final[Mapping[str, Any]] = {"type": "array", "maxItems": MOST_LISTED, "items": TEXT}
NUMBER: Final[Mapping[str, Any]] = {"type": "number"}
HEADERS: Final[Mapping[str, Any]] = {"type": "object", "additionalProperties": {"type": ["string", "null"]}}
EXAMPLE: Final[Mapping[str, Any]] = {
    "name": "retrain",
    "on": ["concept_drift"],
    "models": ["fraud-*"],
    "at_least": {"alerts": 3, "within_hours": 24, "any_kind": True},
    "webhook": {"url": "https://hooks.example.com/retrain", "secret": "...", "fields": {"priority": "high"}},
    "tell": ["slack"],
    "message": "Retraining of {model_id} was triggered",
}
PROPERTIES: Final[Mapping[str, Any]] = {
    "on": {**TEXTS, "description": "kinds of alerts, or *"},
    "models": {**TEXTS, "description": "shell patterns"},
    "min_level": {"enum": ["warning", "critical"]},
    "at_least": {
        "type": ["object", "null"],
        "additionalProperties": False,
        "required": ["alerts", "within_hours"],
        "properties": {"alerts": {"type": "integer"}, "within_hours": NUMBER, "any_kind": {"type": "boolean"}},
    },
    "lasting_hours": {"type": ["number", "null"]},
    "webhook": {
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {
            "url": TEXT,
            "method": {"enum": ["POST", "PUT", "PATCH"]},
            "headers": HEADERS,
            "secret_headers": {**HEADERS, "description": "encrypted, never shown again; null forgets one"},
            "secret": {"type": ["string", "null"], "description": "signs the body; encrypted, never shown again"},
            "fields": {"type": "object"},
            "body": {"type": "string", "description": "JSON with {placeholders} in its strings"},
        },
    },
    "python": {
        "type": ["object", "null"],
        "additionalProperties": False,
        "required": ["entry"],
        "properties": {"entry": TEXT, "fields": {"type": "object"}},
    },
    "tell": {**TEXTS, "description": "channels that are told when it was done"},
    "message": TEXT,
    "dry_run": {"type": "boolean", "default": True},
    "approval": {"type": "boolean", "default": True},
    **dict.fromkeys(("expires_hours", "cooldown_hours", "timeout_seconds"), NUMBER),
    **{name: {"type": "integer"} for name in ("max_per_week", "max_per_week_all")},
    "enabled": {"type": "boolean", "default": True},
}
KNOWN: Final = (*FIELDS, "enabled")


def changed(said: Mapping[str, Any], before: Action | None, held: Secrets) -> tuple[Action, Secrets]:
    """The action after a change, and its secrets; raises `InvalidRequest` or `Refused`."""
    only(said, KNOWN)
    merged = {**({} if before is None else before.to_json()), **{k: v for k, v in said.items() if k != "enabled"}}
    for one, other in (("webhook", "python"), ("python", "webhook")):
        if said.get(one) is not None and other not in said:
            merged[other] = None
    hook = merged.get("webhook")
    if not isinstance(hook, Mapping):
        return action_from(merged), Secrets()
    old = before.do if before is not None and isinstance(before.do, Webhook) else None
    given = said.get("webhook") or {}
    if old is not None and before is not None:
        hook = {**before.to_json()["webhook"], **given}
    secrets = secrets_after(given, held if old is not None else Secrets())
    plain = {name: value for name, value in hook.items() if name != "secret"}
    plain |= {"secret_headers": list(secrets.headers), "signed": bool(secrets.signing)}
    action = action_from({**merged, "webhook": plain})
    if old is not None and isinstance(action.do, Webhook):
        stays_home(old.url, action.do.url, given, secrets)
    return action, secrets


def secrets_after(given: Mapping[str, Any], held: Secrets) -> Secrets:
    """The secrets after a change of the webhook: what is not named stays, null goes."""
    signing = given.get("secret", held.signing) or ""
    if not isinstance(signing, str) or not signing.isprintable() or len(signing) > MOST_TEXT:
        raise refused("secret", f"must be a text of at most {MOST_TEXT:,} characters, all of which print")
    named = given.get("secret_headers", {})
    if isinstance(named, list):  # as an action is shown
        missing = [name for name in named if name not in held.headers]
        if missing:
            raise refused(
                "secret_headers", f"names {str(missing[0])[:60]!r}, whose value is not held", '{"name": "..."}'
            )
        return Secrets(signing, {name: held.headers[name] for name in named})
    if not isinstance(named, dict):
        raise refused("secret_headers", "must be an object of names and values")
    gone = {header_name(name, "secret_headers") for name, value in named.items() if value is None}
    kept = {name: value for name, value in held.headers.items() if name not in gone}
    return Secrets(signing, kept | headers_of({k: v for k, v in named.items() if v is not None}, "secret_headers"))


def stays_home(before: str, after: str, given: Mapping[str, Any], secrets: Secrets) -> None:
    """Raises when secrets that were entered for one host would go to another: who enters them says where they go."""
    if origin(before) == origin(after):
        return
    named = given.get("secret_headers")
    fresh = set(named) if isinstance(named, dict) else set()
    if ("secret" not in given and secrets.signing) or set(secrets.headers) - fresh:
        raise refused("url", "names another host: enter the secrets anew, too", "secret and secret_headers, or null")


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    found = ORIGIN.match(url.lower())
    return found[0] if found else ""
