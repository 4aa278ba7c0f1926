"""Fairness over REST and GraphQL: the same numbers as fairlearn's, the worst first, and how it is set up."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pytest
from fairlearn.metrics import demographic_parity_difference, demographic_parity_ratio

from modelwatch.server.services import Services
from modelwatch.store.engine import reading
from modelwatch.store.labels import ANEW, Joined, load_joined, save_joined
from modelwatch.store.models import find_model
from tests.server.coming_true import GROUPS, NAME, SEGMENT_KEYS, Story
from tests.server.test_graphql import ask
from tests.server.test_performance import MODEL, day_end

HISTORY = "/api/v1/models/fraud%2Feu"


def unfair(services: Services, labelled: float = 1.0) -> Story:
    """Ten days in which women are selected less."""
    story = Story(services)
    for number in range(12):
        story.day(2.0, labelled if number == 11 else 1.0, unfair=number > 6)
    story.check()
    return story


async def test_the_groups_are_those_of_the_rows(client: httpx.AsyncClient, services: Services) -> None:
    story = unfair(services)
    body = (await client.get(f"{MODEL}/fairness", params={"end_time": day_end(11)})).json()
    (attribute,) = body["attributes"]
    assert (attribute["name"], attribute["key"], attribute["crossed"]) == ("sex", "tag:sex", False)
    day = story.days[11]
    for group in attribute["groups"]:
        mine = day.group == SEGMENT_KEYS.index(group["key"])
        rate = next(each for each in group["figures"] if each["figure"] == "selection_rate")
        assert rate["value"] == pytest.approx((day.score[mine] > 0.5).mean())
        assert rate["rows"] == group["rows"] == mine.sum()
        assert rate["low"] < rate["value"] < rate["high"]
        hits = next(each for each in group["figures"] if each["figure"] == "true_positive_rate")
        assert hits["value"] == pytest.approx((day.score[mine & day.truth] > 0.5).mean())
    assert attribute["groups"][0]["is_reference"]
    spreads = {each["metric"]: each["value"] for each in attribute["spreads"]}
    asked: dict[str, Any] = {"y_true": day.truth, "y_pred": day.score > 0.5, "sensitive_features": day.group}
    assert spreads["demographic_parity_difference"] == pytest.approx(demographic_parity_difference(**asked))
    assert spreads["demographic_parity_ratio"] == pytest.approx(demographic_parity_ratio(**asked))


async def test_the_worst_is_told_first_and_in_words(client: httpx.AsyncClient, services: Services) -> None:
    unfair(services)
    body = (await client.get(f"{MODEL}/fairness", params={"figure": "selection_rate"})).json()
    (attribute,) = body["attributes"]
    worst = attribute["disparities"][0]
    assert (attribute["level"], worst["level"]) == ("critical", "critical")
    assert worst["against"] == attribute["against"]
    assert {worst["group"], worst["against"]} == {f"sex={value}" for value in GROUPS}
    assert worst["text"]
    assert len(attribute["series"]) == 2
    assert len(attribute["series"][0]["data_points"]) == len(body["windows"])
    assert (body["state"], body["favourable"]) == ("ready", "yes")


async def test_what_needs_no_labels_is_of_the_newest_window(client: httpx.AsyncClient, services: Services) -> None:
    unfair(services, labelled=0.02)
    body = (await client.get(f"{MODEL}/fairness")).json()
    newest = body["windows"][-1]
    assert newest["mature"] is False
    figures = {each["figure"]: each for each in body["attributes"][0]["groups"][0]["figures"]}
    assert figures["selection_rate"]["end"] == newest["end"]
    assert figures["true_positive_rate"]["end"] < newest["end"]


async def test_an_attribute_that_is_not_watched_is_not_found(client: httpx.AsyncClient, services: Services) -> None:
    unfair(services)
    answer = await client.get(f"{MODEL}/fairness", params={"attribute": "sexx"})
    assert answer.status_code == 404
    assert answer.json()["hint"] == "did you mean sex?"
    answer = await client.get(f"{MODEL}/fairness", params={"figure": "selection"})
    assert answer.status_code == 400


async def test_without_attributes_it_is_said_how_to_name_them(watched: httpx.AsyncClient) -> None:
    body = (await watched.get(f"{HISTORY}/fairness")).json()
    assert (body["state"], body["attributes"]) == ("off", [])
    assert "PATCH" in body["reason"]


async def test_graphql_says_the_same_as_rest(client: httpx.AsyncClient, services: Services) -> None:
    unfair(services)
    query = """query Q($id: String!) { model(id: $id) { fairness { state attributes { name level
        groups { label figures { figure value } } lines(name: "demographic_parity_ratio") { group values } } }
        alerts { kind title items { text figure { subject metric group against } } } } }"""
    model = (await ask(client, query, id=NAME))["data"]["model"]
    rest = (await client.get(f"{MODEL}/fairness")).json()["attributes"][0]
    (mine,) = model["fairness"]["attributes"]
    assert [group["label"] for group in mine["groups"]] == [group["label"] for group in rest["groups"]]
    for here, there in zip(mine["groups"], rest["groups"], strict=True):
        assert {e["figure"]: e["value"] for e in here["figures"]} == {e["figure"]: e["value"] for e in there["figures"]}
    (line,) = mine["lines"]
    assert np.nanmin([value for value in line["values"] if value is not None]) < 0.8
    alert = next(each for each in model["alerts"] if each["kind"] == "fairness")
    figure = alert["items"][0]["figure"]
    assert "[" not in alert["title"] + alert["items"][0]["text"]
    assert {figure["group"], figure["against"]} == {f"sex={value}" for value in GROUPS}


async def test_attributes_are_settled_by_what_the_model_sends(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    said = {"attributes": ["shop", {"feature": "age", "quantiles": 4}, {"tag": "region"}], "intersections": 1}
    body = (await watched.patch(HISTORY, json={"fairness": said})).json()
    shop, age, region = body["fairness"]["attributes"]
    assert shop == {"name": "shop", "role": "feature"}
    assert (age["role"], age["quantiles"], len(age["bands"])) == ("feature", 4, 3)
    assert age["bands"] == sorted(age["bands"])
    assert 25 < age["bands"][0] < 45 < age["bands"][1] < 65
    assert region == {"name": "region", "role": "tag"}
    assert (await watched.get(HISTORY)).json()["settings"] == body
    again = (await watched.patch(HISTORY, json={"fairness": None})).json()
    assert again["fairness"] is None


async def test_other_attributes_have_the_outcomes_counted_anew(
    watched: httpx.AsyncClient, watched_services: Services
) -> None:
    with watched_services.engine.begin() as connection:
        model = find_model(connection, "default", "fraud/eu")
        assert model is not None
        save_joined(connection, Joined(model.id, judging="{}"))
    await watched.patch(HISTORY, json={"psi_warning": 0.2})
    with reading(watched_services.engine) as connection:
        assert load_joined(connection, model.id).judging == "{}"
    await watched.patch(HISTORY, json={"fairness": {"attributes": ["shop"]}})
    with reading(watched_services.engine) as connection:
        assert load_joined(connection, model.id).judging == ANEW


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ({"attributes": ["shopp"]}, "no version has a tag or feature 'shopp'", "did you mean shop?"),
        ({"attributes": [{"feature": "shop"}, "shop"]}, "twice", "once"),
        ({"attributs": ["shop"]}, "attributs is not known here", "did you mean attributes?"),
        ({"attributes": [{"feature": "age"}]}, "holds numbers, which need bands", '"bands": [25, 45, 65]'),
        ("shop", "object", "attributes"),
        ({"attributes": ["shop"], "metrics": ["luck"]}, "no metric 'luck'", "demographic_parity_ratio"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    watched: httpx.AsyncClient, said: object, message: str, hint: str
) -> None:
    answer = await watched.patch(HISTORY, json={"fairness": said})
    assert answer.status_code in (400, 422)
    body = answer.json()
    assert message in str(body)
    assert hint in body["hint"]


@pytest.mark.parametrize("days", [0.001, 366, "30", True])
async def test_the_horizon_has_bounds(watched: httpx.AsyncClient, days: object) -> None:
    assert (await watched.patch(HISTORY, json={"label_horizon_days": days})).status_code == 422
