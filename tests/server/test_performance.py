"""Performance over REST and GraphQL: what scikit-learn says of the same rows, and why there is nothing to say."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import httpx
import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, recall_score, roc_auc_score

from modelwatch.core.judging import Judging
from modelwatch.core.level import Level
from modelwatch.core.window import DAY_US, HOUR_US
from modelwatch.monitors.performance import HEADLINES
from modelwatch.profiles.outcomes import EMPTY, Outcomes, Rows, count_labelled
from modelwatch.server.queries.performance_window import MOST_CLASSES, THE_OTHERS, close_up, shown_confusion
from modelwatch.server.services import Services
from modelwatch.server.times import iso
from modelwatch.store import models
from modelwatch.store.engine import reading, writing
from modelwatch.store.outcome_checks import (
    OutcomeCheck,
    drop_outcome_checks,
    load_outcome_checks,
    ripe_windows,
    save_outcome_checks,
)
from tests.server.coming_true import FIRST_US, GROUPS, NAME, ROWS, SEGMENT_KEYS, Story, fallen
from tests.server.running import NOW_US
from tests.server.test_graphql import ask

MODEL = f"/api/v1/models/{quote(NAME, safe='')}"


def day_end(number: int) -> str:
    """When the window of a whole day ends."""
    return iso(FIRST_US + (number + 1) * DAY_US)


async def test_every_window_says_what_the_rows_say(client: httpx.AsyncClient, services: Services) -> None:
    story = fallen(services)
    body = (await client.get(f"{MODEL}/performance", params={"metric": "auc"})).json()
    assert body["model_id"] == NAME
    (version,) = body["versions"]
    assert (version["state"], version["reason"], version["baseline"]["kind"]) == ("ready", "", "first_weeks")
    (series,) = version["series"]
    assert (series["metric"], series["label"], series["title"]) == ("roc_auc", "", "ROC AUC")
    at = {point["timestamp"]: point for point in series["data_points"]}
    for number in (3, 12):
        day = story.days[number]
        point = at[day_end(number)]
        assert point["value"] == pytest.approx(roc_auc_score(day.truth, day.score), abs=1e-3)
        assert point["low"] < point["value"] < point["high"]
        assert point["mature"] is True
    assert at[day_end(9)]["estimated"] == pytest.approx(at[day_end(9)]["value"], abs=0.05)
    assert at[day_end(9)]["estimated_low"] < at[day_end(9)]["estimated"] < at[day_end(9)]["estimated_high"]
    assert at[day_end(13)]["level"] == at[day_end(13)]["single_level"] == "critical"
    assert at[day_end(9)]["level"] == "ok"
    assert "worse than the baseline" in at[day_end(13)]["text"]
    assert body["performance_trend"] == "degrading"
    assert body["concept_drift_detected"] is False
    assert series["threshold_critical"] == pytest.approx(series["baseline"] - 0.05)


async def test_the_shape_of_the_requirements_is_kept(client: httpx.AsyncClient, services: Services) -> None:
    story = fallen(services, days=8, bad=0)
    body = (await client.get(f"{MODEL}/performance")).json()
    point = next(each for each in body["metrics"] if each["timestamp"] == day_end(7))
    day = story.days[7]
    assert point["accuracy"] == pytest.approx(accuracy_score(day.truth, day.score > 0.5))
    assert {"precision", "recall", "f1", "auc", "log_loss", "brier"} <= set(point)
    assert point["sample_count"] == ROWS
    assert body["performance_trend"] in ("stable", "improving")
    metrics = [series["metric"] for series in body["versions"][0]["series"]]
    assert set(metrics) == set(HEADLINES["binary"])
    labels = body["labels"]
    assert (labels["matched"], labels["corrected"], labels["expired"], labels["horizon_days"]) == (7, 2, 1, 3.0)


async def test_a_window_close_up_is_that_of_its_rows(client: httpx.AsyncClient, services: Services) -> None:
    story = fallen(services)
    body = (await client.get(f"{MODEL}/performance/window", params={"end_time": day_end(4)})).json()
    day = story.days[4]
    said, true = np.where(day.score > 0.5, "yes", "no"), np.where(day.truth, "yes", "no")
    labels = body["confusion"]["labels"]
    assert body["confusion"]["counts"] == confusion_matrix(true, said, labels=labels).tolist()
    area = np.trapezoid([point["y"] for point in body["roc"]], [point["x"] for point in body["roc"]])
    assert area == pytest.approx(roc_auc_score(day.truth, day.score), abs=1e-3)
    assert (body["pr"][-1]["x"], body["pr"][-1]["y"]) == (1.0, pytest.approx(day.truth.mean()))
    assert sum(bar["hits"] for bar in body["scores"]) == day.truth.sum()
    assert sum(bar["predicted"] for bar in body["scores"]) == ROWS
    assert sum(point["rows"] for point in body["calibration"]) == ROWS
    assert body["errors"] == []
    assert body["delays"]["p50"] == pytest.approx(3600, rel=0.19)
    assert (body["scored"], body["task"], body["window"]["end"]) == ("yes", "binary", day_end(4))
    parts = {each["key"]: each for each in body["segments"]}
    for i, key in enumerate(SEGMENT_KEYS):
        mine = day.group == i
        assert parts[key]["rows"] == mine.sum()
        assert parts[key]["value"] == pytest.approx(roc_auc_score(day.truth[mine], day.score[mine]), abs=2e-3)
        assert parts[key]["baseline"] is not None


async def test_a_segment_is_counted_from_its_own_rows(client: httpx.AsyncClient, services: Services) -> None:
    story = fallen(services)
    params = {"segment": f"sex={GROUPS[0]}", "metric": "roc_auc"}
    body = (await client.get(f"{MODEL}/performance", params=params)).json()
    (series,) = body["versions"][0]["series"]
    at = {point["timestamp"]: point for point in series["data_points"]}
    for number in (5, 13):
        day = story.days[number]
        mine = day.group == 0
        expected = roc_auc_score(day.truth[mine], day.score[mine])
        assert at[day_end(number)]["value"] == pytest.approx(expected, abs=2e-3)
        assert at[day_end(number)]["rows"] == mine.sum()
    assert at[day_end(13)]["single_level"] in ("warning", "critical")
    assert at[day_end(13)]["level"] == "notice"
    assert body["segment"] == f"sex={GROUPS[0]}"


async def test_immature_windows_say_so(client: httpx.AsyncClient, services: Services) -> None:
    story = Story(services)
    for number in range(12):
        story.day(2.0, labelled=1.0 if number < 11 else 0.05)
    story.check()
    window = (await client.get(f"{MODEL}/performance")).json()["versions"][0]["windows"][-1]
    assert window["mature"] is False
    assert "labelled" in window["reason"]
    assert window["coverage"] < 0.2
    assert window["mature_at"] is not None
    newest = (await client.get(f"{MODEL}/performance/window")).json()["window"]
    assert newest["mature"] is True


async def test_without_labels_it_is_said_how_to_send_them(client: httpx.AsyncClient, services: Services) -> None:
    story = Story(services)
    story.day(2.0, labelled=0.0)
    with writing(services.engine) as connection:
        models.set_settings(connection, story.model_id, "binary", story.settings)
    story.check()
    body = (await client.get(f"{MODEL}/performance")).json()
    (version,) = body["versions"]
    assert version["state"] in ("no_labels", "waiting")
    assert body["metrics"] == version["series"] == []
    assert body["performance_trend"] == "unknown"


async def test_an_empty_model_has_an_empty_answer(client: httpx.AsyncClient, services: Services) -> None:
    with writing(services.engine) as connection:
        model = models.ensure_model(connection, "default", NAME, NOW_US)
        models.ensure_deployment(connection, model.id, "production", "1", NOW_US)
    body = (await client.get(f"{MODEL}/performance")).json()
    assert body["metrics"] == []
    assert body["versions"][0]["state"] == "off"
    answer = await client.get(f"{MODEL}/performance/window")
    assert answer.status_code == 404
    query = "query Q($id: String!) { model(id: $id) { performance { state lines { metric } window { task } } } }"
    found = (await ask(client, query, id=NAME))["data"]["model"]["performance"]
    assert found == {"state": "off", "lines": [], "window": None}


async def test_each_version_has_its_own_series(client: httpx.AsyncClient, services: Services) -> None:
    fallen(services, "1", days=8, bad=0)
    fallen(services, "2.0", days=8, bad=1)
    both = (await client.get(f"{MODEL}/performance")).json()
    assert {each["version"] for each in both["versions"]} == {"1", "2.0"}
    assert {point["version"] for point in both["metrics"]} == {"1", "2.0"}
    one = (await client.get(f"{MODEL}/performance", params={"version": "2.0"})).json()
    assert [each["version"] for each in one["versions"]] == ["2.0"]


@pytest.mark.parametrize(
    ("asked", "hint"), [("acuracy", "did you mean accuracy?"), ("mae", "known"), ("'; drop table", "known")]
)
async def test_an_unknown_metric_is_refused_with_a_hint(
    client: httpx.AsyncClient, services: Services, asked: str, hint: str
) -> None:
    Story(services)
    answer = await client.get(f"{MODEL}/performance", params={"metric": asked})
    assert answer.status_code == 400
    assert hint in answer.json()["hint"]


async def test_no_window_ends_then(client: httpx.AsyncClient, services: Services) -> None:
    fallen(services, days=2, bad=0)
    answer = await client.get(f"{MODEL}/performance/window", params={"end_time": "2001-01-01T00:00:00Z"})
    assert answer.status_code == 404


async def test_graphql_says_the_same_as_rest(client: httpx.AsyncClient, services: Services) -> None:
    fallen(services)
    query = """query Q($id: String!) { model(id: $id) { performance(metric: "accuracy") { newest trend
        windows { end mature } lines { metric values levels estimated texts } window { window { end } } } } }"""
    found = (await ask(client, query, id=NAME))["data"]["model"]["performance"]
    rest = (await client.get(f"{MODEL}/performance", params={"metric": "accuracy"})).json()
    points = rest["versions"][0]["series"][0]["data_points"]
    (line,) = found["lines"]
    assert line["values"] == [point["value"] for point in points]
    assert line["estimated"] == [point["estimated"] for point in points]
    assert [level and level.lower() for level in line["levels"]] == [point["level"] for point in points]
    assert found["windows"][found["newest"]]["end"] == found["window"]["window"]["end"]
    assert found["trend"] == "degrading"


async def test_a_model_of_numbers_shows_its_errors(client: httpx.AsyncClient, services: Services) -> None:
    story = Story(services, task="regression", settings={"window_seconds": 86_400, "label_horizon_days": 3})
    for _ in range(9):
        story.day(1.0)
    story.check()
    body = (await client.get(f"{MODEL}/performance/window", params={"end_time": day_end(8)})).json()
    assert sum(bar["rows"] for bar in body["errors"]) == ROWS
    assert body["confusion"] is None
    assert body["scores"] == body["roc"] == []
    mae = next(each for each in body["figures"] if each["metric"] == "mae")
    assert mae["value"] == pytest.approx(5 * np.sqrt(2 / np.pi), rel=0.2)


async def test_the_alert_says_what_it_is_about(client: httpx.AsyncClient, services: Services) -> None:
    fallen(services)
    alerts = (await client.get("/api/v1/alerts", params={"model_id": NAME})).json()["alerts"]
    mine = next(each for each in alerts if each["kind"] == "performance")
    figure = mine["items"][0]["figure"]
    assert figure["subject"] == "performance"
    assert figure["metric"] == mine["items"][0]["metric"]
    assert figure["group"] is figure["against"] is figure["class_label"] is None
    assert mine["items"][0]["text"].startswith("Performance fell: ")


async def test_the_list_of_models_shows_the_figure_to_look_at(client: httpx.AsyncClient, services: Services) -> None:
    story = fallen(services)
    (model,) = (await client.get("/api/v1/models")).json()["models"]
    headline = model["headline"]
    window = (await client.get(f"{MODEL}/performance/window")).json()
    figures = {each["metric"]: each for each in window["figures"] if not each["label"]}
    assert headline["metric"] in HEADLINES["binary"]
    assert headline["level"] == figures[headline["metric"]]["level"] == "critical"
    assert headline["value"] == figures[headline["metric"]]["value"]
    assert headline["end"] == window["window"]["end"]
    with writing(services.engine) as connection:
        drop_outcome_checks(connection, story.deployment_id)
    assert (await client.get("/api/v1/models")).json()["models"][0]["headline"] is None


async def test_a_long_range_keeps_its_worst_windows(client: httpx.AsyncClient, services: Services) -> None:
    story = fallen(services)
    with reading(services.engine) as connection:
        rows = load_outcome_checks(connection, story.deployment_id, -(2**62), 2**62)
    good = next(row for row in rows if row.level is Level.OK and row.mature)
    bad = next(row for row in rows if row.level is Level.CRITICAL)
    start = FIRST_US + 100 * DAY_US
    many = [replace(bad if i == 1234 else good, end_us=start + i * HOUR_US) for i in range(3_000)]
    with writing(services.engine) as connection:
        save_outcome_checks(connection, story.deployment_id, many)
    params = {"start_time": iso(start), "end_time": iso(start + 3_000 * HOUR_US), "metric": "roc_auc"}
    (version,) = (await client.get(f"{MODEL}/performance", params=params)).json()["versions"]
    ends = [window["end"] for window in version["windows"]]
    assert len(ends) <= 502
    assert ends == sorted(ends)
    assert ends[-1] == iso(many[-1].end_us)
    critical = [window["end"] for window in version["windows"] if window["level"] == "critical"]
    assert critical == [iso(many[1234].end_us)]


def many_classes() -> tuple[Outcomes, list[str], list[str]]:
    """Labels of 40 classes, the later the rarer, predicted right in four of five cases."""
    random = np.random.default_rng(3)
    names = [f"class <{i}>" for i in range(40)]
    weights = 1 / np.arange(1, 41)
    actual = random.choice(40, 4_000, p=weights / weights.sum())
    predicted = np.where(random.random(4_000) < 0.8, actual, random.integers(0, 40, 4_000))
    rows = Rows(labels=tuple(names), predicted=predicted, actual=actual)
    (found,) = count_labelled(rows, np.zeros(4_000, np.int64), 1)
    return found, [names[i] for i in actual], [names[i] for i in predicted]


def test_rare_classes_are_shown_together() -> None:
    found, actual, predicted = many_classes()
    shown = shown_confusion(found, "")
    assert shown is not None
    assert (len(shown.labels), shown.labels[-1]) == (MOST_CLASSES, THE_OTHERS)
    assert sum(map(sum, shown.counts)) == 4_000
    first = shown.labels[:-1]
    whole = confusion_matrix(actual, predicted, labels=[*first, *sorted({*actual} - {*first})])
    assert [row[:-1] for row in shown.counts[:-1]] == whole[: len(first), : len(first)].tolist()
    assert shown.counts[-1][-1] == whole[len(first) :, len(first) :].sum()


def test_each_class_has_its_own_figures() -> None:
    found, actual, predicted = many_classes()
    check = OutcomeCheck(DAY_US, 0, 0, Level.OK, 4_000, 4_000, True, (), {}, {})
    window = close_up("", check, Judging("multiclass"), found, EMPTY)
    recall = {each.label: each.value for each in window.figures if each.metric == "recall"}
    expected = recall_score(actual, predicted, labels=list(recall), average=None, zero_division=0)
    assert list(recall.values()) == pytest.approx(expected.tolist())
    assert not window.scores
    assert not window.roc


async def test_another_horizon_has_waiting_windows_looked_at_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    story = Story(services)
    for number in range(10):
        story.day(2.0, labelled=1.0 if number < 9 else 0.05)
    story.check()
    with reading(services.engine) as connection:
        known = {(row.end_us, row.length_us): row for row in load_outcome_checks(connection, 1, -(2**62), 2**62)}
        before = ripe_windows(connection, story.deployment_id, 0)
    waiting = [key for key, row in known.items() if not row.mature]
    assert waiting
    assert before == []
    answer = await client.patch(MODEL, json={"label_horizon_days": 2})
    assert answer.json()["label_horizon_days"] == 2.0
    with reading(services.engine) as connection:
        assert sorted(ripe_windows(connection, story.deployment_id, 0)) == sorted(waiting)
