"""The dashboard's files: every address of the page is the page, nothing outside of the folder is ever a file."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from modelwatch.server.services import Services

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def built(services: Services) -> Path:
    folder = services.dashboard
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>page</title>")
    (folder / "theme.js").write_text("1")
    (folder / "assets" / "main-abc.js").write_text("console.log(1)")
    (folder / "assets" / "main-abc.js.gz").write_bytes(b"gzip")
    (folder / "assets" / "main-abc.js.br").write_bytes(b"brotli")
    (folder.parent / "secret").write_text("secret")
    (folder / "link").symlink_to(folder.parent / "secret")
    return folder


@pytest.mark.parametrize("path", ["/", "/models/fraud%2Feu", "/models/a/features/b.c", "/apiary", "/index.html"])
@pytest.mark.usefixtures("built")
async def test_every_address_of_the_page_is_the_page(path: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(path, headers=HTML)
    assert (answer.status_code, "<title>page" in answer.text) == (200, True)
    assert answer.headers["cache-control"] == "no-cache"
    assert (await client.head(path, headers=HTML)).status_code == 200


@pytest.mark.usefixtures("built")
async def test_files_with_a_hash_are_kept_and_others_asked_for_again(client: httpx.AsyncClient) -> None:
    asset = await client.get("/assets/main-abc.js", headers={"accept-encoding": "identity"})
    assert (asset.text, asset.headers["content-type"].split(";")[0]) == ("console.log(1)", "text/javascript")
    assert "immutable" in asset.headers["cache-control"]
    assert (await client.get("/theme.js")).headers["cache-control"] == "no-cache"


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize(("accepted", "encoding"), [("br, gzip", "br"), ("gzip;q=1.0", "gzip"), ("", None)])
async def test_packed_files_are_sent_to_who_takes_them(
    accepted: str, encoding: str | None, client: httpx.AsyncClient
) -> None:
    async with client.stream("GET", "/assets/main-abc.js", headers={"accept-encoding": accepted}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert raw == {"br": b"brotli", "gzip": b"gzip", None: b"console.log(1)"}[encoding]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/%2e%2e/secret",
        "/assets/..%2f..%2fsecret",
        "/assets/%00",
        "/..%5csecret",
        "/link",
        "//etc/passwd",
    ],
)
@pytest.mark.usefixtures("built")
async def test_nothing_outside_is_a_file(path: str, client: httpx.AsyncClient) -> None:
    answer = await client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "accept", "status"),
    [
        ("GET", "/assets/gone.js", "text/html", 404),
        ("GET", "/favicon.ico", "image/*", 404),
        ("GET", "/api/v1/nothing", "text/html", 404),
        ("GET", "/api", "text/html", 404),
        ("POST", "/", "text/html", 404),
        ("GET", "/api/v1/predictions", "text/html", 405),
    ],
)
@pytest.mark.usefixtures("built")
async def test_what_is_no_page_is_a_problem(
    method: str, path: str, accept: str, status: int, client: httpx.AsyncClient
) -> None:
    answer = await client.request(method, path, headers={"accept": accept})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")


async def test_without_a_build_the_page_says_how_to_make_one(client: httpx.AsyncClient) -> None:
    answer = await client.get("/", headers=HTML)
    assert (answer.status_code, "npm run build" in answer.text) == (200, True)
    assert "<script" not in answer.text
