"""Rules as code: the file, the diff, the exit status."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from modelwatch.alerts.rule import Written
from modelwatch.alerts.rule_json import rule_from_json, rule_to_json
from modelwatch.cli.main import main
from modelwatch.cli.rules import read_rules, written
from modelwatch.errors import InvalidRequest
from modelwatch.server.app import create_app
from modelwatch.server.services import Services
from modelwatch.settings import Settings
from modelwatch.store import models
from modelwatch.store.engine import open_database, writing
from modelwatch.store.migrate import migrate

FILE = """\
rules:
- rule_name: High PSI
  model_id: fraud
  condition: {metric: psi, feature: amount, threshold: 0.25}
  severity: critical
- rule_name: default.data_drift
  model_id: __any__
  severity: info
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    found = open_database(tmp_path / "modelwatch.db")
    migrate(found)
    with writing(found) as connection:
        models.ensure_model(connection, "default", "fraud", 0)
    yield found
    found.dispose()


@pytest.fixture
def url(engine: Engine, tmp_path: Path) -> Iterator[str]:
    """A server with one model."""
    services = Services(Settings(data=str(tmp_path)), engine, None, lambda: 1, tmp_path, lambda: None)  # type: ignore[arg-type,return-value]
    config = uvicorn.Config(create_app(services), port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    socket.listen()  # who asks before the server has begun waits for it
    thread = threading.Thread(target=server.run, args=([socket],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    socket.close()


def apply(url: str, file: Path, *more: str) -> int:
    return main(["rules", "apply", str(file), "--url", url, *more])


def test_a_file_is_shown_applied_and_applied_again(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(FILE)
    assert apply(url, file, "--dry-run") == 1
    assert capsys.readouterr().out.splitlines() == [
        "+ fraud: High PSI",
        "+ __any__: default.data_drift",
        "dry run: 2 added, 0 changed, 0 removed, 0 unchanged",
    ]
    assert apply(url, file) == 0
    assert apply(url, file, "--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "dry run: 0 added, 0 changed, 0 removed, 2 unchanged"
    file.write_text(FILE.replace("0.25", "0.3").replace("severity: info", "enabled: false"))
    assert apply(url, file) == 0
    assert capsys.readouterr().out.splitlines() == [
        "~ fraud: High PSI",
        "    condition.threshold: 0.25 -> 0.3",
        "~ __any__: default.data_drift",
        "    severity: info -> (none)",
        "    enabled: true -> false",
        "0 added, 2 changed, 0 removed, 0 unchanged",
    ]
    file.write_text("rules: []")
    assert apply(url, file, "--dry-run") == 0
    assert apply(url, file, "--prune") == 0
    assert capsys.readouterr().out.splitlines()[-3:-1] == ["- __any__: default.data_drift", "- fraud: High PSI"]


def test_what_is_exported_changes_nothing(url: str, tmp_path: Path) -> None:
    file, out = tmp_path / "rules.yaml", tmp_path / "out.yaml"
    file.write_text(FILE)
    assert apply(url, file) == 0
    assert main(["rules", "export", "--url", url, "--output", str(out)]) == 0
    assert apply(url, out, "--dry-run", "--prune") == 0


def test_a_model_that_nobody_has_seen_is_a_note(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(FILE.replace("model_id: fraud", "model_id: frod"))
    assert apply(url, file) == 0
    assert "! model 'frod' has sent nothing yet; did you mean fraud?" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("severity: critical", "severity: critcal", "rules.yaml:2: rule 'High PSI': severity 'critcal'"),
        ("metric: psi", "metric: psy", "rule 'High PSI': there is no metric 'psy'"),
        ("severity: info", "colour: red", "rules.yaml:6: rule 'default.data_drift': the key 'colour'"),
        ("  severity: info", "  model_id: x", "rules.yaml:8: 'model_id' is there twice"),
        ("rules:", "rule:", "it must hold one key, rules"),
        ("rules:", "rules: {", "rules.yaml:"),
        ("rule_name: High PSI", "rule_name: !!python/name:os.system ''", "could not determine a constructor"),
    ],
)
def test_a_mistake_names_its_place(
    before: str, after: str, told: str, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(FILE.replace(before, after))
    assert apply(url, file) == 2
    assert told in capsys.readouterr().err


def test_a_server_that_is_not_there_is_another_status(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(FILE)
    assert apply("http://127.0.0.1:9", file) == 3


names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
numbers = st.floats(-1e6, 1e6)
plain = st.one_of(
    st.builds(
        lambda metric, feature, threshold: {"metric": metric, "feature": feature, "threshold": threshold},
        st.sampled_from(["psi", "nulls", "roc_auc", "estimated.f1", "revenue lost"]),
        names,
        numbers,
    ),
    st.builds(
        lambda ago, threshold: {"metric": "f1", "threshold": threshold, "change": "percent", "windows_ago": ago},
        st.integers(1, 400),
        numbers,
    ),
    st.just({"subject": "data_drift", "level": "critical", "segment": "*"}),
    st.just({"metric": "ks", "operator": "outside_chance", "class": "x"}),
)
some = st.lists(plain, min_size=1, max_size=3)
inner = st.one_of(plain, some.map(lambda each: {"all": each}))
combined = st.one_of(
    plain.map(lambda each: {"condition": each}),
    some.map(lambda each: {"all": each}),
    st.lists(inner, min_size=1, max_size=3).map(lambda each: {"any": each}),
)


@st.composite
def some_rules(draw: st.DrawFn) -> Written:
    said: dict[str, Any] = {"rule_name": draw(names.filter(lambda name: not name.startswith("default.")))}
    said |= {"model_id": draw(names), **draw(combined)}
    n = draw(st.integers(1, 9))
    optional: dict[str, Any] = {
        "for": {"k": draw(st.integers(1, n)), "n": n},
        "min_rows": draw(st.integers(0, 10_000)),
        "severity": draw(st.sampled_from(["info", "warning", "critical", "by_level"])),
        "channels": draw(st.lists(names, max_size=3)),
        "schedule": {"days": ["mon", "sun"], "from": "09:00", "to": "17:30", "zone": "Europe/Berlin"},
        "enabled": draw(st.booleans()),
        "description": draw(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=50)),
        "version": draw(names),
        "environment": draw(names),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(optional))))
    return rule_from_json(said | {key: optional[key] for key in chosen})


@settings(max_examples=150, deadline=None)
@given(st.lists(some_rules(), max_size=4))
def test_rules_survive_json_and_yaml(found: list[Written]) -> None:
    bodies = [rule_to_json(each) for each in found]
    assert [rule_from_json(each) for each in bodies] == found
    assert [rule_from_json(each) for each in read_rules(written(bodies), "f")] == found


def test_a_list_that_holds_itself_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="it holds itself"):
        read_rules("rules: &a [*a]", "f")
