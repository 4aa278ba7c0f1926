"""Settings: who wins, and what is refused."""

from pathlib import Path

import pytest

from modelwatch.errors import InvalidSettings
from modelwatch.settings import Settings, load


def test_flags_win_over_variables_and_these_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "modelwatch.toml"
    file.write_text('data = "from-file"\nport = 1\nhold_rows = 7\n')
    settings = load({"data": "from-flag"}, {"MODELWATCH_DATA": "from-variable", "MODELWATCH_PORT": "2"}, file)
    assert (settings.data, settings.port, settings.hold_rows) == ("from-flag", 2, 7)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "example.org"])
def test_beyond_loopback_a_key_is_needed(host: str) -> None:
    with pytest.raises(InvalidSettings, match="API key"):
        Settings(host=host)
    assert Settings(host=host, api_key="secret").host == host
    assert Settings(host=host, insecure=True).host == host


@pytest.mark.parametrize(
    ("flags", "environ"),
    [
        ({"port": "many"}, {}),
        ({"port": "70000"}, {}),
        ({"roles": "boss"}, {}),
        ({"roles": ""}, {}),
        ({}, {"MODELWATCH_INSECURE": "perhaps"}),
        ({"database_url": "postgresql://elsewhere/x"}, {}),
    ],
)
def test_nonsense_is_refused_with_a_hint(flags: dict[str, object], environ: dict[str, str]) -> None:
    with pytest.raises(InvalidSettings) as caught:
        load(flags, environ)
    assert caught.value.hint


@pytest.mark.parametrize("text", ["port = [", "colour = 'blue'", "\udcff"])
def test_a_broken_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidSettings, match=r"settings\.toml"):
        load({}, {}, file)
