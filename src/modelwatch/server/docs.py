"""/docs: the OpenAPI description as one plain page, made here. No script and nothing from elsewhere is needed."""

from __future__ import annotations

from html import escape
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from modelwatch.server.permission import permission

STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; text-transform: capitalize; }
h3 code { font-size: 1rem; }
.method { font-weight: 700; margin-right: .5rem; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: .2rem 1rem .2rem 0; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
"""
router = APIRouter(include_in_schema=False, dependencies=[permission("read")])


@router.get("/openapi.json")
async def openapi_json(request: Request) -> Response:
    """The description for programs."""
    return JSONResponse(request.app.openapi())


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The description for people."""
    return HTMLResponse(page(request.app.openapi()))


@router.get("/docs/style.css")
async def style() -> Response:
    """How the page looks: a file of its own, because nothing inline is allowed."""
    return Response(STYLE, media_type="text/css")


def page(document: dict[str, Any]) -> str:
    """The whole page; every text in it is escaped."""
    groups: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            groups.setdefault(operation.get("tags", ["other"])[0], []).append(section(path, method, operation))
    body = "".join(f"<h2>{escape(tag)}</h2>{''.join(sections)}" for tag, sections in groups.items())
    title = f"{document['info']['title']} {document['info']['version']}"
    schemas = document["components"]["schemas"]
    shapes = "".join(
        f'<h3 id="{escape(name)}">{escape(name)}</h3>{code(schema)}' for name, schema in sorted(schemas.items())
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/docs/style.css"></head>'
        f"<body><h1>{escape(title)}</h1><p>{escape(document['info']['description'])}</p>"
        f'<p><a href="/openapi.json">openapi.json</a></p>{body}<h2>Shapes</h2>{shapes}</body></html>'
    )


def section(path: str, method: str, operation: dict[str, Any]) -> str:
    """One operation."""
    parts = [
        f'<h3><span class="method">{escape(method.upper())}</span><code>{escape(path)}</code></h3>',
        f"<p><b>{escape(operation.get('summary', ''))}.</b> {escape(operation.get('description', ''))}</p>",
    ]
    if parameters := operation.get("parameters"):
        rows = "".join(parameter(each) for each in parameters)
        parts.append(f"<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>{rows}</table>")
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        parts.append(f"<p>Body: <code>{escape(kind)}</code></p>{shape(content.get('schema', {}))}")
    for status, response in operation["responses"].items():
        if status == "default":
            continue
        parts.append(f"<p>{escape(status)}: {escape(response.get('description', ''))}</p>")
        parts.extend(shape(content.get("schema", {})) for content in response.get("content", {}).values())
    return "".join(parts)


def parameter(each: dict[str, Any]) -> str:
    """One parameter as a row."""
    name = escape(each["name"]) + (" (required)" if each.get("required") else "")
    kind = escape(orjson.dumps(each.get("schema", {})).decode())
    said = escape(each.get("description", ""))
    return (
        f"<tr><td><code>{name}</code></td><td>{escape(each['in'])}</td><td><code>{kind}</code></td><td>{said}</td></tr>"
    )


def shape(schema: dict[str, Any]) -> str:
    """A schema: a link where it has a name, else itself."""
    if reference := schema.get("$ref"):
        name = escape(reference.rsplit("/", 1)[-1])
        return f'<p><a href="#{name}">{name}</a></p>'
    return code(schema) if schema else ""


def code(value: object) -> str:
    """A value as indented JSON."""
    return f"<pre>{escape(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())}</pre>"
