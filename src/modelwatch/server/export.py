"""`python -m modelwatch.server.export FOLDER` writes what others build against: the GraphQL schema and the OpenAPI."""

from __future__ import annotations

import sys
from pathlib import Path

import orjson

from modelwatch.server.app import bare_app
from modelwatch.server.graph.schema import build_schema


def documents() -> dict[str, str]:
    """{path from the root of the repository: text}; the same code always gives the same."""
    described = orjson.dumps(bare_app().openapi(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
    return {
        "src/modelwatch/server/schema.graphql": build_schema().as_str().rstrip() + "\n",
        "docs/reference/openapi.json": described + "\n",
    }


def main(root: Path) -> None:
    """Writes the documents below the root of a repository."""
    for name, text in documents().items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
