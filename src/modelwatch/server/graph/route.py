"""POST /graphql: a query in, one read transaction, an answer out; beside the event loop."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import anyio.to_thread
import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError

from modelwatch.errors import InvalidRequest
from modelwatch.server.body import read_object
from modelwatch.server.graph.context import Context
from modelwatch.server.graph.schema import Graph, told
from modelwatch.server.permission import HELD, permission
from modelwatch.server.services import Given, Measured
from modelwatch.server.who import who

OPENAPI = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": {"type": "string"},
                        "variables": {"type": ["object", "null"]},
                        "operationName": {"type": ["string", "null"]},
                    },
                    "example": {"query": "{ models { id level reason } }"},
                }
            }
        },
    },
    "responses": {
        "200": {
            "description": "the answer, or what is wrong with the query",
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "properties": {
                            "data": {"type": ["object", "null"]},
                            "errors": {"type": "array", "items": {"type": "object"}},
                        },
                    }
                }
            },
        }
    },
}
router = APIRouter(tags=["graphql"], dependencies=[permission("read")])


@router.post("/graphql", summary="Ask with GraphQL", openapi_extra=OPENAPI, response_class=Response)
async def graphql(request: Request, services: Given, meters: Measured) -> Response:
    """What the dashboard asks; the schema is in the package as `server/schema.graphql`.

    Mutations need the permission to write. There is no GET and no form, so that no foreign page can send one.
    """
    asked = await read_object(request)
    query, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    if not isinstance(query, str) or not isinstance(variables, dict | None) or not isinstance(name, str | None):
        raise InvalidRequest("a GraphQL request is {query, variables, operationName}", hint="query must be a string")
    schema: Graph = request.app.state.graph
    permissions = request.scope.get(HELD, frozenset())
    name_of_user = who(request.headers)

    def run() -> bytes:
        with ExitStack() as stack:
            context = Context(services, meters, permissions, name_of_user, stack)
            try:
                answer = schema.execute_sync(
                    query, variable_values=variables, context_value=context, operation_name=name
                )
            except (CannotGetOperationTypeError, InvalidOperationTypeError) as error:
                raise InvalidRequest(
                    "the request names no query and no mutation", hint="with several, operationName says which"
                ) from error
        shown: dict[str, Any] = {"data": answer.data}
        if answer.errors:
            shown["errors"] = [told(error) for error in answer.errors]
        return orjson.dumps(shown)

    body = await anyio.to_thread.run_sync(run, limiter=request.app.state.askers)
    return Response(body, media_type="application/json")
