"""An action from the JSON that a person wrote; each error names the field and says what to write."""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Collection, Mapping
from typing import Any, Final

from modelwatch.alerts.default_rules import DEFAULT_RULES
from modelwatch.alerts.remediation.action import Action, AtLeast, Python, Webhook
from modelwatch.alerts.remediation.request import HOLE, NAMES, RESERVED, SAMPLE, facts, filled
from modelwatch.core.level import Level
from modelwatch.errors import InvalidRequest

KINDS: Final = ("*", *DEFAULT_RULES)
"""The kinds of alerts that an action can be for; `*` is any, beside `rule:*` and `rule:` with the id of a rule."""
RULE: Final = "rule:"
MOST_NAME: Final = 100
MOST_TEXT: Final = 2_000
MOST_BODY: Final = 32_768
MOST_LISTED: Final = 50
YEAR_HOURS: Final = 8_784.0
ADDRESS: Final = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[^\s/?#@\\:\[\]]+)(:\d{1,5})?([/?][^\s#\\]*)?")
"""An address without a user, a password or a fragment."""
TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
OURS: Final = frozenset(
    {
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "idempotency-key",
        "modelwatch-signature",
        "modelwatch-timestamp",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that a request has already."""
KNOWN: Final = tuple(Action.__dataclass_fields__)
FIELDS: Final = (*(name for name in KNOWN if name != "do"), "webhook", "python")


def action_from(said: Mapping[str, Any]) -> Action:
    """The action; raises `InvalidRequest`."""
    only(said, FIELDS, "an action")
    action = Action(
        name=name_of(said),
        on=kinds_of(said),
        do=done_of(said),
        models=texts(said, "models", ("*",)),
        min_level=level_of(said),
        at_least=at_least_of(said),
        lasting_hours=maybe(said, "lasting_hours", 0.0, YEAR_HOURS),
        tell=texts(said, "tell", ()),
        message=text(said, "message", "", MOST_TEXT),
        dry_run=flag(said, "dry_run", True),
        approval=flag(said, "approval", True),
        expires_hours=number(said, "expires_hours", 72.0, 0.1, YEAR_HOURS),
        cooldown_hours=number(said, "cooldown_hours", 24.0, 0.0, YEAR_HOURS),
        max_per_week=whole(said, "max_per_week", 2, 1, 1_000),
        max_per_week_all=whole(said, "max_per_week_all", 20, 1, 10_000),
        timeout_seconds=number(said, "timeout_seconds", 30.0, 1.0, 600.0),
    )
    holes(action.message, "message")
    if isinstance(action.do, Webhook) and action.do.body:
        body_holds(action)
    return action


def wrong(name: str, what: str, hint: str = "") -> InvalidRequest:
    """The error for one field."""
    return InvalidRequest(f"{name[:100]} {what}", hint=hint)


def only(said: Mapping[str, Any], known: Collection[str], of: str) -> None:
    """Raises for a field that is not known, and says which one was probably meant."""
    for name in said:
        if name not in known:
            near = difflib.get_close_matches(str(name), known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            raise wrong(repr(str(name)[:60]), f"is no field of {of}", hint)


def text(said: Mapping[str, Any], name: str, default: str, most: int) -> str:
    """A text that prints."""
    value = default if said.get(name) is None else said[name]
    if not isinstance(value, str):
        raise wrong(name, "must be a text")
    if len(value) > most or any(ord(c) < 32 and c not in "\r\n\t" for c in value) or not encodes(value):
        raise wrong(name, f"must have at most {most:,} characters, all of which print")
    return value


def encodes(value: str) -> bool:
    """Whether the text is whole Unicode: a lone surrogate is not."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def flag(said: Mapping[str, Any], name: str, default: bool) -> bool:
    """True or false."""
    value = default if said.get(name) is None else said[name]
    if not isinstance(value, bool):
        raise wrong(name, "must be true or false")
    return value


def number(said: Mapping[str, Any], name: str, default: float, low: float, high: float) -> float:
    """A number within bounds."""
    value = default if said.get(name) is None else said[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong(name, "must be a number")
    if not low <= value <= high:
        raise wrong(name, f"must lie between {low:g} and {high:g}")
    return float(value)


def maybe(said: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    """A number within bounds, or None."""
    return None if said.get(name) is None else number(said, name, low, low, high)


def whole(said: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    """A whole number within bounds."""
    value = number(said, name, default, low, high)
    if value != int(value):
        raise wrong(name, "must be a whole number")
    return int(value)


def texts(said: Mapping[str, Any], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """A list of texts, each once."""
    value = list(default) if said.get(name) is None else said[name]
    if not isinstance(value, list) or len(value) > MOST_LISTED or not all(isinstance(each, str) for each in value):
        raise wrong(name, f"must be a list of at most {MOST_LISTED} texts")
    kept = tuple(dict.fromkeys(text({name: each}, name, "", 500) for each in value))
    if "" in kept or (default and not kept):
        raise wrong(name, "must name something", 'for example ["*"]' if default else "")
    return kept


def inner(said: Mapping[str, Any], name: str, known: Collection[str]) -> Mapping[str, Any] | None:
    """An object inside, or None."""
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, dict):
        raise wrong(name, "must be an object")
    only(value, known, name)
    return value


def name_of(said: Mapping[str, Any]) -> str:
    """What the action is called."""
    name = text(said, "name", "", MOST_NAME)
    if not name.strip() or not name.isprintable():
        raise wrong("name", f"must have 1 to {MOST_NAME} characters on one line", 'for example "retrain"')
    return name


def kinds_of(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of alerts that it is for."""
    kinds = texts(said, "on", ())
    if not kinds:
        raise wrong("on", "must name the kinds of alerts that the action is for", f"{', '.join(KINDS)}, rule:*")
    for kind in kinds:
        if kind not in KINDS and not (kind.startswith(RULE) and len(kind) > len(RULE)):
            near = difflib.get_close_matches(kind, KINDS, n=1)
            raise wrong(
                "on", f"names {kind[:60]!r}", f"did you mean {near[0]}?" if near else f"{', '.join(KINDS)}, rule:*"
            )
    return kinds


def level_of(said: Mapping[str, Any]) -> Level:
    """The level from which on it is for an alert."""
    value = said.get("min_level") or Level.WARNING.value
    if value not in (Level.WARNING.value, Level.CRITICAL.value):
        raise wrong("min_level", f"is {str(value)[:40]!r}", "warning or critical")
    return Level(value)


def at_least_of(said: Mapping[str, Any]) -> AtLeast | None:
    """How many alerts make one that counts."""
    value = inner(said, "at_least", tuple(AtLeast.__dataclass_fields__))
    if value is None:
        return None
    if "alerts" not in value or "within_hours" not in value:
        raise wrong("at_least", "needs alerts and within_hours", '{"alerts": 3, "within_hours": 24}')
    return AtLeast(
        whole(value, "alerts", 1, 1, 1_000),
        number(value, "within_hours", 24.0, 0.01, YEAR_HOURS),
        flag(value, "any_kind", False),
    )


def done_of(said: Mapping[str, Any]) -> Webhook | Python:
    """What is done: one of both."""
    hook = inner(said, "webhook", tuple(Webhook.__dataclass_fields__))
    python = inner(said, "python", tuple(Python.__dataclass_fields__))
    if (hook is None) == (python is None):
        raise wrong("webhook", "or python says what is done: one of both", '{"webhook": {"url": "https://..."}}')
    if python is not None:
        entry = text(python, "entry", "", MOST_NAME)
        if not entry.strip():
            raise wrong("entry", "must be the name under which a package registers the function")
        return Python(entry, static(python))
    assert hook is not None
    url, method = text(hook, "url", "", MOST_TEXT), text(hook, "method", "POST", 10)
    if not ADDRESS.fullmatch(url):
        raise wrong("url", f"is {url[:60]!r}", "https://host/path, without user and password: headers carry secrets")
    if method not in ("POST", "PUT", "PATCH"):
        raise wrong("method", f"is {method!r}", "POST, PUT or PATCH")
    hidden = tuple(header_name(name, "secret_headers") for name in texts(hook, "secret_headers", ()))
    plain = headers_of(hook.get("headers"), "headers")
    twice = {name.lower() for name in plain} & {name.lower() for name in hidden}
    if twice:
        raise wrong("headers", f"and secret_headers both hold {min(twice)}", "one of both")
    signed, own = flag(hook, "signed", False), text(hook, "body", "", MOST_BODY)
    return Webhook(url, method, plain, hidden, signed, static(hook), own)


def static(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that go into the body as they are."""
    value = {} if said.get("fields") is None else said["fields"]
    if not isinstance(value, dict) or len(value) > MOST_LISTED:
        raise wrong("fields", f"must be an object of at most {MOST_LISTED} fields")
    taken = RESERVED & set(value)
    if taken:
        raise wrong("fields", f"holds {min(taken)!r}, which is said of the alert", "another name")
    try:
        size = len(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except (ValueError, TypeError, RecursionError) as error:
        raise wrong("fields", "must be plain JSON") from error
    if size > MOST_BODY:
        raise wrong("fields", f"has more than {MOST_BODY:,} bytes")
    return value


def headers_of(value: object, name: str) -> dict[str, str]:
    """Headers by their names, each of which a request may carry."""
    said = {} if value is None else value
    if not isinstance(said, dict) or len(said) > MOST_LISTED:
        raise wrong(name, "must be an object of header names and texts")
    found: dict[str, str] = {}
    for header, held in said.items():
        if not isinstance(held, str) or not held.isascii() or not held.isprintable() or not 0 < len(held) <= 8_000:
            raise wrong(name, f"holds no plain text as {str(header)[:60]!r}", "ASCII on one line")
        found[header_name(header, name)] = held
    if len({each.lower() for each in found}) < len(found):
        raise wrong(name, "names a header twice")
    return found


def header_name(value: object, of: str) -> str:
    """A name that a header may have."""
    if not isinstance(value, str) or not TOKEN.fullmatch(value):
        raise wrong(of, f"has {str(value)[:60]!r}, which is no name of a header")
    if value.lower() in OURS:
        raise wrong(of, f"has {value}, which modelwatch sets itself")
    return value


def holes(template: str, name: str) -> None:
    """Raises for a placeholder that is not known."""
    for hole in HOLE.findall(template):
        if hole not in NAMES:
            near = difflib.get_close_matches(hole, NAMES, n=1)
            raise wrong(
                name, f"has {{{hole}}}", f"did you mean {{{near[0]}}}?" if near else f"known: {', '.join(NAMES)}"
            )


def body_holds(action: Action) -> None:
    """Raises unless the body is JSON once its placeholders are filled."""
    assert isinstance(action.do, Webhook)
    holes(action.do.body, "body")
    try:
        json.loads(filled(action.do.body, facts(action, SAMPLE, "key")))
    except (ValueError, RecursionError) as error:
        raise wrong(
            "body", f"is no JSON once it is filled: {error}", 'placeholders go in quotes: "{model_id}"'
        ) from error
