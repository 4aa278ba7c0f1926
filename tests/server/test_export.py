"""What others build against is committed, and is what the code says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from fastapi.openapi.models import OpenAPI
from graphql import build_schema as parse_schema
from graphql import validate_schema

from modelwatch.server.app import all_routes, bare_app
from modelwatch.server.export import documents

ROOT = Path(__file__).parents[2]


def test_the_committed_documents_are_what_the_code_says() -> None:
    for name, text in documents().items():
        assert (ROOT / name).read_text("utf-8") == text, f"{name}: run `python -m modelwatch.server.export`"


def test_the_graphql_schema_is_one() -> None:
    assert validate_schema(parse_schema(documents()["src/modelwatch/server/schema.graphql"])) == []


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, op) for path, item in document["paths"].items() for method, op in item.items()]


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        found = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return found + [each for inner in value.values() for each in references(inner)]
    return [each for inner in value for each in references(inner)] if isinstance(value, list) else []


def test_the_openapi_is_whole() -> None:
    document = json.loads(documents()["docs/reference/openapi.json"])
    OpenAPI.model_validate(document)
    schemas = document["components"]["schemas"]
    assert {each.removeprefix("#/components/schemas/") for each in references(document)} == set(schemas)
    ids = [op["operationId"] for _, _, op in operations(document)]
    assert len(ids) == len(set(ids))
    for path, method, op in operations(document):
        named = {each["name"] for each in op.get("parameters", []) if each["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path
        assert op["summary"], path
        assert list(op["responses"]["default"]["content"]) == ["application/problem+json"]
        assert ("requestBody" in op) is (method in ("post", "put", "patch")), path


def test_every_route_below_api_is_described() -> None:
    document = bare_app().openapi()
    described = {(path, method) for path, method, _ in operations(document)}
    routes = {(route.path, method.lower()) for route in all_routes() for method in route.methods}
    assert described == {each for each in routes if not each[0].startswith(("/docs", "/openapi"))}


async def test_the_docs_need_no_script_and_nobody_else(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    assert "<script" not in page
    assert "style=" not in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    for path in bare_app().openapi()["paths"]:
        assert path in page
    assert (await client.get("/docs/style.css")).headers["content-type"].startswith("text/css")
    assert (await client.get("/openapi.json")).json() == bare_app().openapi()
