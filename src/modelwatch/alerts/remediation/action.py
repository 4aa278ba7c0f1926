"""What an action is: which alerts it is for, when they count as sustained, what is done, and what holds it back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Final

from modelwatch.core.level import CODE, Level

GROUP: Final = "modelwatch.actions"
"""The entry points under which installed packages register functions that an action may name."""
MARK: Final = "•••"
"""What is shown in the place of a secret."""
LEAST_HIDDEN: Final = 6
"""Characters of the part of a header's value that is hidden by itself."""
HEADER: Final = "header "
"""Begins the name of a header among sealed secrets."""


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many alerts of the model opened within some hours before the newest window of the one in question; of the
    kinds that the action is for, or of `any_kind`."""

    alerts: int
    within_hours: float
    any_kind: bool = False


@dataclass(frozen=True, slots=True)
class Webhook:
    """A request to one address. `fields` go into the body beside what is said of the alert; a `body` of one's own, with
    {placeholders}, replaces it. `secret_headers` names headers whose values are kept with the secrets, and `signed`
    says that a signing secret is among them."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: tuple[str, ...] = ()
    signed: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True, slots=True)
class Python:
    """A function of an installed package, by the name under which it is registered. It is handed what a webhook would
    be sent."""

    entry: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is encrypted at rest and never shown again."""

    signing: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def flat(self) -> dict[str, str]:
        """The form in which they are sealed."""
        signing = {"signing": self.signing} if self.signing else {}
        return signing | {f"{HEADER}{name}": value for name, value in self.headers.items()}

    def readable(self) -> set[str]:
        """Every form in which an answer may repeat one: as it is, as in JSON, without the word before it (`Bearer`)."""
        held = {text for text in (self.signing, *self.headers.values()) if text}
        held |= {text.split(" ", 1)[1] for text in held if len(text.partition(" ")[2]) >= LEAST_HIDDEN}
        return held | {json.dumps(text, ensure_ascii=ascii_only)[1:-1] for text in held for ascii_only in (True, False)}


def secrets_of(flat: Mapping[str, str]) -> Secrets:
    """The way back from `flat`."""
    headers = {name.removeprefix(HEADER): value for name, value in flat.items() if name.startswith(HEADER)}
    return Secrets(flat.get("signing", ""), headers)


@dataclass(frozen=True, slots=True)
class Action:
    """One action.

    `on` are kinds of alerts (`rule:*` those of written rules), `models` shell patterns, `min_level` warning or
    critical. An alert is sustained when `at_least` or `lasting_hours` says so: where both are set, either suffices;
    where none is, every alert is.
    `tell` are channels that are told `message` when it was done. The guard rails: `dry_run` records what would be done,
    `approval` waits for a person for at most `expires_hours`, `cooldown_hours` and `max_per_week` hold for each model,
    `max_per_week_all` for all models together, `timeout_seconds` for one try.
    """

    name: str
    on: tuple[str, ...]
    do: Webhook | Python
    models: tuple[str, ...] = ("*",)
    min_level: Level = Level.WARNING
    at_least: AtLeast | None = None
    lasting_hours: float | None = None
    tell: tuple[str, ...] = ()
    message: str = ""
    dry_run: bool = True
    approval: bool = True
    expires_hours: float = 72.0
    cooldown_hours: float = 24.0
    max_per_week: int = 2
    max_per_week_all: int = 20
    timeout_seconds: float = 30.0

    def is_of(self, kind: str) -> bool:
        """Whether it is for alerts of that kind."""
        return any(fnmatchcase(kind, pattern) for pattern in self.on)

    def is_for(self, kind: str, model: str, level: Level) -> bool:
        """Whether it is for alerts of that kind, model and level at all."""
        return (
            self.is_of(kind)
            and any(fnmatchcase(model, pattern) for pattern in self.models)
            and CODE[level] <= CODE[self.min_level]
        )

    def to_json(self) -> dict[str, Any]:
        """The form that `reading.action_from` takes, without secrets."""
        counted = self.at_least
        return {
            "name": self.name,
            "on": list(self.on),
            "models": list(self.models),
            "min_level": self.min_level.value,
            "at_least": None
            if counted is None
            else {"alerts": counted.alerts, "within_hours": counted.within_hours, "any_kind": counted.any_kind},
            "lasting_hours": self.lasting_hours,
            **done_to_json(self.do),
            "tell": list(self.tell),
            "message": self.message,
            "dry_run": self.dry_run,
            "approval": self.approval,
            "expires_hours": self.expires_hours,
            "cooldown_hours": self.cooldown_hours,
            "max_per_week": self.max_per_week,
            "max_per_week_all": self.max_per_week_all,
            "timeout_seconds": self.timeout_seconds,
        }


def done_to_json(do: Webhook | Python) -> dict[str, Any]:
    """What is done, as JSON says it."""
    if isinstance(do, Python):
        return {"webhook": None, "python": {"entry": do.entry, "fields": dict(do.fields)}}
    return {
        "webhook": {
            "url": do.url,
            "method": do.method,
            "headers": dict(do.headers),
            "secret_headers": list(do.secret_headers),
            "signed": do.signed,
            "fields": dict(do.fields),
            "body": do.body,
        },
        "python": None,
    }
