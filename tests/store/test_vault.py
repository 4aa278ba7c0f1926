"""Secrets at rest: sealed under a key that only its owner can read, opened by every key that once sealed."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine

from modelwatch.errors import CorruptData, InvalidSettings
from modelwatch.store import channels
from modelwatch.store.channels import Channel
from modelwatch.store.engine import reading, writing
from modelwatch.store.vault import Vault

SECRETS = {"token": "xoxb-1", "password": "äöü"}


def key() -> str:
    return base64.b64encode(os.urandom(32)).decode()


def test_what_was_sealed_is_opened_again_and_not_readable(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sealed = vault.seal(SECRETS)
    assert Vault(tmp_path).unseal(sealed) == SECRETS
    assert b"xoxb" not in sealed
    assert vault.seal(SECRETS) != sealed
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]


def test_without_secrets_no_key_is_made(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    assert vault.unseal(vault.seal({})) == {}
    assert list(tmp_path.iterdir()) == []


def test_a_key_of_the_settings_needs_no_file_in_either_alphabet(tmp_path: Path) -> None:
    said = base64.b64encode(b"\xfb" * 32).decode()
    assert "+" in said
    sealed = Vault(tmp_path, said).seal(SECRETS)
    assert Vault(tmp_path, said.replace("+", "-").replace("/", "_")).unseal(sealed) == SECRETS
    assert list(tmp_path.iterdir()) == []


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    sealed = Vault(tmp_path, key()).seal(SECRETS)
    for vault in (Vault(tmp_path), Vault(tmp_path, key())):
        with pytest.raises(CorruptData, match="cannot be decrypted"):
            vault.unseal(sealed)


@pytest.mark.parametrize("damage", [b"", b"\xff", b"no key", base64.b64encode(b"short")])
def test_a_damaged_key_file_is_told_and_never_replaced(damage: bytes, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    sealed = vault.seal(SECRETS)
    (tmp_path / "secret.key").write_bytes(damage)
    with pytest.raises(CorruptData, match="no key that can be read"):
        vault.unseal(sealed)
    with pytest.raises(CorruptData, match="no key that can be read"):
        vault.seal(SECRETS)
    assert (tmp_path / "secret.key").read_bytes() == damage


@pytest.mark.parametrize("said", ["secret", "=", base64.b64encode(b"a" * 31).decode(), f"{'A' * 43}=,short"])
def test_a_setting_that_is_no_key_is_refused_and_not_repeated(said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidSettings) as caught:
        Vault(tmp_path, said)
    assert len(said) < 8 or said not in str(caught.value)


def test_threads_that_make_a_key_at_once_make_one(tmp_path: Path) -> None:
    sealed: list[bytes] = []
    threads = [threading.Thread(target=lambda: sealed.append(Vault(tmp_path).seal(SECRETS))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [Vault(tmp_path).unseal(each) for each in sealed] == [SECRETS] * 8


def test_a_key_is_changed_by_putting_the_new_one_in_front(engine: Engine, tmp_path: Path) -> None:
    old, new = key(), key()
    with writing(engine) as connection:
        sealed = Vault(tmp_path, old).seal(SECRETS)
        channels.add_channel(connection, Channel(-1, "default", "ops", "webhook", {}, sealed))
        channels.add_channel(connection, Channel(-1, "default", "plain", "webhook", {}, b""))
    both = Vault(tmp_path, f"{new},{old}")
    with writing(engine) as connection:
        assert channels.locked_channels(connection, Vault(tmp_path, new)) == ["ops"]
        assert channels.reseal(connection, both) == 1
        assert channels.reseal(connection, both) == 0
    with reading(engine) as connection:
        assert channels.locked_channels(connection, Vault(tmp_path, new)) == []
        assert channels.get_channel(connection, "default", "ops").secrets(Vault(tmp_path, new)) == SECRETS
        assert channels.locked_channels(connection, Vault(tmp_path, old)) == ["ops"]


def test_a_channel_shows_no_secret_in_its_words(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    channel = Channel(1, "default", "ops", "webhook", {}, vault.seal(SECRETS), given={"url": "http://secret"})
    assert "secret" not in repr(channel)
    assert repr(vault.seal(SECRETS)) not in repr(channel)
    assert channel.secrets(vault) == {**SECRETS, "url": "http://secret"}
