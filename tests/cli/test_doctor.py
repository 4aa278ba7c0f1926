"""What `modelwatch doctor` says of channels."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelwatch.assembly import database, prepare
from modelwatch.cli.doctor import examine
from modelwatch.settings import Settings
from modelwatch.store import channels
from modelwatch.store.channels import Channel
from modelwatch.store.engine import writing
from modelwatch.store.messages import get_message, record_dead
from modelwatch.store.vault import Vault
from tests.jobs.sending import NOW_US, queue

SECRET = "xoxb-of-the-team"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(data=str(tmp_path))
    prepare(found)
    engine = database(found)
    with writing(engine) as connection:
        sealed = Vault(tmp_path).seal({"token": SECRET})
        channels.add_channel(connection, Channel(-1, "default", "#ml-oncall", "slack_bot", {}, sealed))
    queue(engine, "k1", "#ml-oncall")
    engine.dispose()
    return found


def test_channels_that_are_well_are_counted(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert examine(settings) == 0
    assert "channels     1" in capsys.readouterr().out


def test_secrets_that_no_key_opens_and_dead_letters_need_a_person(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (settings.folder / "secret.key").unlink()
    engine = database(settings)
    with writing(engine) as connection:
        record_dead(connection, get_message(connection, "default", 1), "HTTP 410", "slack_bot", NOW_US)
    engine.dispose()
    assert examine(settings) == 1
    out = capsys.readouterr().out
    assert "! the secrets of #ml-oncall cannot be decrypted" in out
    assert "! messages that were never delivered: 1" in out
    assert SECRET not in out
