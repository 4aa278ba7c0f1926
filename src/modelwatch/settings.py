"""What the server can be told: flags first, then `MODELWATCH_*` variables, then one TOML file, then these defaults."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

from modelwatch.errors import InvalidSettings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
ROLES = frozenset({"api", "worker"})
GROUPS = ("fleet", "model", "kind")
"""What `group_by` may say."""


def setting(default: Any, text: str, *, secret: bool = False) -> Any:
    """A field of `Settings` with the sentence that documents it; a secret is not in its `repr`."""
    return field(default=default, metadata={"text": text}, repr=not secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, with its default. `docs/reference/settings.md` lists the same sentences; a test compares them."""

    data: str = setting("modelwatch-data", "the folder that holds everything")
    host: str = setting("127.0.0.1", "the address to listen on; anything but loopback needs an API key")
    port: int = setting(8470, "the port to listen on")
    roles: str = setting("api,worker", "which roles this process runs: api, worker or both")
    api_key: str = setting(
        "", "the key that clients send as `Authorization: Bearer`; none is needed on loopback", secret=True
    )
    insecure: bool = setting(False, "listen beyond loopback without a key")
    allowed_hosts: str = setting("", "more names that the Host header may carry, separated by commas")
    log_url: str = setting("", "where the log is; empty is the folder `log` in the data folder")
    database_url: str = setting("", "where the database is; empty is SQLite in the data folder")
    lake_url: str = setting("", "where the lake is; empty is the folder `lake` in the data folder")
    jobs_url: str = setting("", "who runs the jobs; empty is the worker process itself")
    webhook_url: str = setting(
        "", "an address that is sent what matters of all models; it is the channel `webhook`", secret=True
    )
    secret_key: str = setting(
        "",
        "the key that seals the secrets of channels: 32 bytes in Base64, more after commas open older secrets; "
        "empty is the file `secret.key` in the data folder",
        secret=True,
    )
    outgoing_allow: str = setting(
        "", "hosts, addresses and networks that channels may reach although they are not public, separated by commas"
    )
    outgoing_ca_file: str = setting(
        "", "a PEM file of authorities that outgoing calls trust besides those of the system"
    )
    public_url: str = setting(
        "", "the dashboard's address in messages, for people elsewhere; empty is made of host and port"
    )
    group_wait_seconds: float = setting(30.0, "how long a group of alerts without a critical one waits for more")
    group_interval_seconds: float = setting(
        300.0, "the shortest time between two messages of a group; it doubles while there is more to say, up to an hour"
    )
    repeat_interval_seconds: float = setting(14400.0, "how often what still fires and nobody took on is said again")
    group_by: str = setting("fleet", "which alerts are told together: all (fleet), those of a model, or of a kind")
    digest_hour: int = setting(9, "the hour of the day at which digests are sent")
    digest_timezone: str = setting("UTC", "the clock of that hour, such as Europe/Berlin")
    heartbeat_url: str = setting(
        "", "an address that is called while rows, checks and messages go on: a watcher outside misses it", secret=True
    )
    heartbeat_seconds: float = setting(60.0, "how often that address is called")
    lake_buffer_mb: int = setting(512, "memory for rows that wait for the lake, all models together")
    lake_flush_seconds: float = setting(60.0, "the longest that a row waits for the lake")
    check_interval_seconds: float = setting(240.0, "how long changes are collected before a window is checked")
    hold_rows: int = setting(1000, "rows of a model without a reference that become its reference")
    max_reference_mb: int = setting(2048, "the largest reference file that is taken")

    def __post_init__(self) -> None:
        unknown = set(self.role_names) - ROLES
        if unknown or not self.role_names:
            raise InvalidSettings(
                f"unknown role {', '.join(sorted(unknown)) or '(none)'}", hint="use api, worker or both"
            )
        if not 0 <= self.port < 65536:
            raise InvalidSettings(f"port {self.port} is no port", hint="use 1 to 65535, or 0 for any free one")
        for name in ("log_url", "database_url", "lake_url", "jobs_url"):
            if getattr(self, name):
                raise InvalidSettings(
                    f"{name} = {getattr(self, name)!r} names a server that this version cannot use yet",
                    hint="leave it empty: everything then lives in the data folder",
                )
        self.check_telling()
        if self.host not in LOOPBACK and not self.api_key and not self.insecure:
            raise InvalidSettings(
                f"{self.host} is reachable by others and no API key is set",
                hint="set MODELWATCH_API_KEY, or pass --insecure to go without",
            )

    def check_telling(self) -> None:
        """Raises `InvalidSettings` for waits, groups or digests that make no sense."""
        for name in ("group_wait_seconds", "group_interval_seconds", "repeat_interval_seconds"):
            if not 1.0 <= getattr(self, name) <= 7 * 86_400.0:
                raise InvalidSettings(f"{name} = {getattr(self, name)}", hint="between a second and a week")
        if self.heartbeat_seconds < 30.0:
            raise InvalidSettings(f"heartbeat_seconds = {self.heartbeat_seconds}", hint="30 or more")
        if self.group_by not in GROUPS:
            raise InvalidSettings(f"group_by = {self.group_by!r}", hint=f"one of {', '.join(GROUPS)}")
        if not 0 <= self.digest_hour <= 23:
            raise InvalidSettings(f"digest_hour = {self.digest_hour}", hint="an hour from 0 to 23")
        try:
            ZoneInfo(self.digest_timezone)
        except (ValueError, OSError, LookupError) as error:
            message = f"digest_timezone = {self.digest_timezone!r} is not known"
            raise InvalidSettings(message, hint="a name such as Europe/Berlin") from error

    @property
    def role_names(self) -> tuple[str, ...]:
        """The roles as a tuple, in the order given."""
        return tuple(role.strip() for role in self.roles.split(",") if role.strip())

    @property
    def folder(self) -> Path:
        """The data folder as an absolute path."""
        return Path(self.data).expanduser().absolute()


def load(flags: Mapping[str, object], environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Settings from flags, then `MODELWATCH_*` variables, then the TOML file; `InvalidSettings` names the culprit."""
    types = get_type_hints(Settings)
    names = {item.name for item in fields(Settings)}
    chosen: dict[str, object] = {}
    if file is not None:
        try:
            chosen.update(tomllib.loads(file.read_text("utf-8")))
        except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InvalidSettings(f"{file}: {error}", hint="the file must be TOML with one setting a line") from error
    unknown = set(chosen) - names
    if unknown:
        raise InvalidSettings(
            f"{file}: unknown setting {', '.join(sorted(unknown))}", hint=f"known: {', '.join(sorted(names))}"
        )
    for name in names:
        value = environ.get(f"MODELWATCH_{name.upper()}")
        if value is not None:
            chosen[name] = value
    chosen.update({name: value for name, value in flags.items() if value is not None})
    return replace(Settings(), **{name: parse(name, value, types[name]) for name, value in chosen.items()})  # type: ignore[arg-type]


def parse(name: str, value: object, kind: type) -> object:
    """One value as its setting's type."""
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    text = str(value).strip()
    try:
        if kind is bool:
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[
                text.lower()
            ]
        return kind(text)
    except (ValueError, KeyError) as error:
        raise InvalidSettings(
            f"{name} = {text!r} is not a {kind.__name__}", hint=f"see {name} in the settings reference"
        ) from error
