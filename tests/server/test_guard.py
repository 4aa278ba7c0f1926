"""Who may ask: the Host header, the Origin of browsers, the key; and the headers that every answer carries."""

from __future__ import annotations

import dataclasses
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.server.app import ROUTERS, all_routes
from modelwatch.server.guard import host_name
from modelwatch.server.headers import SECURITY_HEADERS
from modelwatch.server.permission import declared
from modelwatch.server.services import Services
from modelwatch.settings import Settings
from tests.server.running import PREDICTION, asking

ASKING = (
    "/graphql",
    "/api/v1/models/{model_id}/metrics/preview",
    "/api/v1/silences/preview",
    "/api/v1/alert-rules/backtest",
    "/api/v1/models/{model_id}/alert-rules/backtest",
    "/api/v1/actions/{name}/try",
)
"""What is asked in a body: nothing is changed."""
OPEN = {"/healthz", "/readyz"}


def with_settings(services: Services, **changes: object) -> Services:
    return dataclasses.replace(services, settings=dataclasses.replace(services.settings, **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8470", "LocalHost.", "[::1]", "[::1]:8470", "127.0.0.1:1"])
async def test_loopback_names_are_answered(host: str, client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz", headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", "", "a:b", "[::1", "*"]
)
async def test_other_names_are_refused_everywhere(host: str, client: httpx.AsyncClient) -> None:
    for path in ("/", "/healthz", "/api/v1/models"):
        answer = await client.get(path, headers={"host": host})
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:modelwatch:problem:foreign-host")
        assert "hint" in answer.json()


@pytest.mark.parametrize(
    ("settings", "host", "status"),
    [
        ({"host": "10.0.0.7", "insecure": True}, "10.0.0.7:8470", 200),
        ({"host": "10.0.0.7", "insecure": True}, "10.0.0.8:8470", 403),
        ({"host": "0.0.0.0", "insecure": True}, "192.168.1.5", 200),
        ({"host": "0.0.0.0", "insecure": True}, "[fe80::1]:8470", 200),
        ({"host": "0.0.0.0", "insecure": True}, "0.0.0.0.evil.example", 403),
        ({"allowed_hosts": "watch.example, [2001:db8::1]"}, "Watch.Example:443", 200),
        ({"allowed_hosts": "watch.example, [2001:db8::1]"}, "[2001:db8::1]", 200),
        ({"allowed_hosts": "watch.example"}, "watch.example.evil", 403),
        ({"allowed_hosts": "*"}, "anything.example", 200),
    ],
)
async def test_names_that_were_set_are_answered(
    settings: dict[str, object], host: str, status: int, services: Services
) -> None:
    async with asking(with_settings(services, **settings)) as client:
        assert (await client.get("/healthz", headers={"host": host})).status_code == status


@given(st.from_regex(r"[a-zA-Z0-9.-]{1,20}", fullmatch=True), st.integers(0, 65_535))
def test_port_case_and_last_dot_make_no_other_name(name: str, port: int) -> None:
    assert host_name(f"{name.upper()}:{port}") == host_name(name) == name.lower().removesuffix(".")


@given(st.text(max_size=40))
def test_any_host_header_has_a_name_or_none(text: str) -> None:
    name = host_name(text)
    assert name == "" or name in text.lower()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8470"}, 200),
        ({"origin": "http://127.0.0.1:8470", "sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://127.0.0.1:3000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://127.0.0.1:8470", "sec-fetch-site": "cross-site"}, 403),
    ],
)
async def test_a_foreign_page_changes_nothing(headers: dict[str, str], status: int, client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/v1/predictions", json=PREDICTION, headers=headers)).status_code == status
    query = {"query": "{ system { version } }"}
    assert (await client.post("/graphql", json=query, headers=headers)).status_code == status
    assert (await client.get("/api/v1/models", headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, False),
        ("", False),
        ("Bearer", False),
        ("Bearer wrong", False),
        ("Bearer secret2", False),
        ("Basic secret", False),
        ("secret", False),
        ("Bearer sécret", False),
        ("Bearer secret", True),
        ("bearer  secret ", True),
    ],
)
async def test_with_a_key_set_everything_needs_it_but_health(
    header: str | None, known: bool, services: Services
) -> None:
    headers = {} if header is None else {"authorization": header.encode("latin-1")}
    async with asking(with_settings(services, api_key="secret")) as client:
        for route in all_routes():
            path = re.sub(r"\{\w+\}", "1", route.path)
            for method in route.methods:
                answer = await client.request(method, path, headers=headers)
                refused = answer.status_code == 401
                assert refused is (not known and route.path not in OPEN), (method, path, answer.status_code)
                if refused:
                    assert answer.headers["www-authenticate"] == "Bearer"
        page = await client.get("/models/m", headers={**headers, "accept": "text/html"})
        assert page.status_code == 200, "the dashboard's own files hold no data"


def test_every_route_declares_what_it_needs() -> None:
    assert len(all_routes()) > 20
    assert sum(len(router.routes) for router in ROUTERS) == len(all_routes())
    for route in all_routes():
        if route.path not in OPEN:
            found = {declared(each.call) for each in route.dependant.dependencies} - {None}
            assert len(found) == 1, f"{route.path} declares {found or 'no permission'}"
            if route.methods - {"GET", "HEAD"} and route.path not in ASKING:
                assert found <= {"ingest", "write"}, f"{route.path} changes something and needs {found}"


async def test_every_answer_carries_the_security_headers(services: Services) -> None:
    async with asking(services) as client:
        answers = [
            await client.get("/", headers={"accept": "text/html"}),
            await client.get("/nothing"),
            await client.get("/api/v1/models"),
            await client.get("/docs"),
            await client.get("/healthz", headers={"host": "evil.example"}),
            await client.post("/api/v1/predictions", content=b"{"),
            await client.delete("/api/v1/models"),
        ]
    services.engine.dispose()
    broken = dataclasses.replace(services, clock=lambda: 1 // 0)
    async with asking(broken) as client:
        answers.append(await client.get("/api/v1/models"))
    assert [answer.status_code for answer in answers] == [200, 404, 200, 200, 403, 415, 405, 500]
    for answer in answers:
        for name, value in SECURITY_HEADERS.items():
            assert answer.headers[name] == value
    policy = SECURITY_HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_key_is_asked_for_beyond_loopback() -> None:
    from modelwatch.errors import InvalidSettings

    with pytest.raises(InvalidSettings):
        Settings(host="0.0.0.0")
