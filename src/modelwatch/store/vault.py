"""Secrets at rest: sealed with Fernet (AES-128-CBC and HMAC-SHA-256), under a key that is not in the database.

The key is the setting `secret_key`, or else the file `secret.key` in the data folder, made when the first secret is
kept. Several keys are separated by commas (in the file by lines): the first seals, all open. So a key is changed by
putting the new one in front; what was sealed before is sealed anew when the worker starts.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import uuid4

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from modelwatch.errors import CorruptData, InvalidSettings

FILE: Final = "secret.key"
NO_KEY: Final = "secret_key must be 32 random bytes in Base64"
HINT: Final = "`openssl rand -base64 32` makes one; the file secret.key in the data folder is used when none is set"
LOCKED: Final = "its secrets cannot be decrypted: the key is not the one that they were kept with"
LOCKED_HINT: Final = "set MODELWATCH_SECRET_KEY or restore secret.key in the data folder, or enter the secrets anew"


class Vault:
    """Seals and opens secrets; it says nothing of them in its `repr` or its errors. Raises `InvalidSettings` for a
    setting that is no key."""

    __slots__ = ("file", "given")

    def __init__(self, folder: Path, secret_key: str = "") -> None:
        self.file = folder / FILE
        self.given = keys_of(secret_key.replace(",", "\n"))

    def __repr__(self) -> str:
        return f"Vault({str(self.file)!r})"

    def seal(self, secrets: Mapping[str, str]) -> bytes:
        """Secrets as they are stored; b"" when there are none, which needs no key."""
        if not secrets:
            return b""
        if not self.keys():
            make_key(self.file)
        return MultiFernet(self.keys()).encrypt(json.dumps(dict(secrets)).encode())

    def unseal(self, sealed: bytes) -> dict[str, str]:
        """What was sealed; raises `CorruptData` when no key opens it."""
        if not sealed:
            return {}
        keys = self.keys()
        try:
            text = MultiFernet(keys).decrypt(sealed) if keys else None
        except InvalidToken:
            text = None
        if text is None:
            raise CorruptData(LOCKED, hint=LOCKED_HINT)
        said: dict[str, str] = json.loads(text)
        return said

    def outdated(self, sealed: bytes) -> bool:
        """True when another key than the first sealed it."""
        keys = self.keys()
        try:
            return bool(sealed) and bool(keys) and not keys[0].decrypt(sealed)
        except InvalidToken:
            return True

    def keys(self) -> list[Fernet]:
        """The keys of the setting, then those of the file, which another process may have made meanwhile."""
        try:
            found = keys_of(self.file.read_text("ascii"))
        except FileNotFoundError:
            return self.given
        except (OSError, UnicodeDecodeError, InvalidSettings):
            found = []
        if not found:
            raise CorruptData(f"{self.file} holds no key that can be read", hint=LOCKED_HINT)
        return [*self.given, *found]


def keys_of(text: str) -> list[Fernet]:
    """The keys of a text, one a line, in either alphabet of Base64; raises `InvalidSettings`, which names none."""
    found = []
    for line in text.split():
        try:
            raw = base64.b64decode(line.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != 32:
            raise InvalidSettings(NO_KEY, hint=HINT)
        found.append(Fernet(base64.urlsafe_b64encode(raw)))
    return found


def make_key(file: Path) -> None:
    """Write a new key that only its owner can read, durably, before anything is sealed with it.

    It appears whole or not at all, and of two processes that make one at the same time the first wins.
    """
    fresh = file.with_name(f"{file.name}.{uuid4().hex}")
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        os.write(handle, Fernet.generate_key() + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
