"""Uploads a reference: the frame streamed as one Arrow IPC stream, in chunks, while it is being made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from modelwatch.client.arrow_stream import WireColumn, stream
from modelwatch.client.batch import metadata
from modelwatch.client.frames import Planned, settled, slices, take
from modelwatch.client.retry import explain
from modelwatch.client.row import Key
from modelwatch.client.transport import Request, Response, Transport
from modelwatch.core.wire import ARROW_STREAM
from modelwatch.errors import InvalidRequest, ModelwatchError, NotFound, TooLarge, Unauthorized

if TYPE_CHECKING:
    import narwhals as nw

REFERENCE_ROWS = 20_000
"""Rows of one record batch: a few megabytes, well under the 100,000 that a server takes."""
_ERRORS = {400: InvalidRequest, 401: Unauthorized, 403: Unauthorized, 404: NotFound, 413: TooLarge, 422: InvalidRequest}


def upload(frame: nw.DataFrame[Any], planned: Sequence[Planned], key: Key, transport: Transport) -> Response:
    """Sends the frame as the reference of `key`; raises what the server says, with its detail."""
    if len(frame) == 0:
        raise InvalidRequest("the reference has no rows", hint="give the data that the model was trained on")
    planned = settled(frame, planned, REFERENCE_ROWS)
    model, version, environment = (quote(name, safe="") for name in key[1:])
    path = f"/api/v1/models/{model}/versions/{version}/reference?environment={environment}"
    body = stream(_batches(frame, planned), metadata(key, None))
    try:
        response = transport(Request("PUT", path, {"Content-Type": ARROW_STREAM}, body))
    except OSError as error:
        raise ModelwatchError(f"the reference did not get through: {error}", hint="is the server there?") from error
    if response.status != 200:
        kind = _ERRORS.get(response.status, ModelwatchError)
        raise kind(f"the server refused the reference ({response.status}): {explain(response)}")
    return response


def _batches(frame: nw.DataFrame[Any], planned: Sequence[Planned]) -> Iterator[tuple[WireColumn, ...]]:
    for piece in slices(frame, REFERENCE_ROWS):
        part = take(piece, planned, None, None)
        if part.unreadable:
            raise InvalidRequest(
                f"{part.unreadable} timestamps of the reference cannot be read",
                hint="a timestamp is a datetime, ISO 8601 text or seconds since 1970",
            )
        yield part.columns
