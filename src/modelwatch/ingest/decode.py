"""The door: one request body -> parts for the log and rejections for the quarantine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from modelwatch.core.wire import ARROW_STREAM, MAX_BODY_BYTES, Kind
from modelwatch.errors import InvalidRequest, ModelwatchError, TooLarge, UnsupportedWire
from modelwatch.ingest.decode_arrow import decode_arrow
from modelwatch.ingest.decode_json import decode_json
from modelwatch.ingest.decoded import Decoded as Decoded

JSON: Final = "application/json"
NDJSON: Final = frozenset({"application/x-ndjson", "application/ndjson", "application/jsonl"})


def decode(body: bytes, content_type: str, kind: Kind, received_us: int, new_id: Callable[[], str]) -> Decoded:
    """Decode and check a body; `received_us` is when it came, `new_id` makes ids for predictions that have none.

    Raises `TooLarge` (bytes, rows or columns), `UnsupportedWire` (content type or wire version) or `InvalidRequest`,
    and nothing else whatever the bytes are: this is the boundary to what strangers send.
    """
    if len(body) > MAX_BODY_BYTES:
        raise TooLarge(f"the body has {len(body)} bytes", hint=f"send {MAX_BODY_BYTES} at most")
    media = content_type.partition(";")[0].strip().lower()
    try:
        if media == ARROW_STREAM:
            return decode_arrow(body, kind, received_us, new_id)
        if media == JSON or media in NDJSON:
            parts, rejected, received, single_id = decode_json(body, media in NDJSON, kind, received_us, new_id)
            return Decoded(received, parts, rejected, None, single_id)
    except ModelwatchError:
        raise
    except Exception as error:
        raise InvalidRequest(f"the body cannot be read: {error}", hint="is it what its type says?") from error
    raise UnsupportedWire(
        f"content type {media[:64]!r} is not taken", hint=f"send {JSON}, application/x-ndjson or {ARROW_STREAM}"
    )
