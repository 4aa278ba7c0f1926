"""Takes predictions and actuals: decode, append to the log, answer when they are durable."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from dataclasses import dataclass
from time import perf_counter
from typing import Final

import anyio.to_thread
import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from modelwatch.core.uuid7 import uuid7
from modelwatch.core.wire import ARROW_STREAM, DEFAULT_PROJECT, MAX_BODY_BYTES, MAX_NAME_BYTES, Identity, Keyed, Kind
from modelwatch.errors import InvalidRequest, StorageFailed, StorageFull
from modelwatch.ingest.decode import Decoded, decode
from modelwatch.log import Appended, Log
from modelwatch.log.entry import Entry, encode
from modelwatch.server.body import media_type, read_body, unpacked
from modelwatch.server.ingest_openapi import ACTUALS, PREDICTIONS
from modelwatch.server.meters import Meters
from modelwatch.server.permission import permission
from modelwatch.server.problems import Refused
from modelwatch.server.services import Given, Measured, Services
from modelwatch.server.single_label import UNKNOWN, Match, answer, single_label
from modelwatch.server.times import iso

MAX_ERRORS: Final = 100
"""Reasons in one answer; all of them are in the quarantine."""
router = APIRouter(prefix="/api/v1", tags=["ingest"], dependencies=[permission("ingest")])


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it came, its body whole."""

    body: bytes
    media_type: str
    encoding: str
    kind: Kind
    key: str
    received_us: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A decoded request on its way to the disk; `future` is None when there was no row in it."""

    decoded: Decoded
    made_ids: bool
    bytes: int
    future: Future[Appended] | None


@router.post("/predictions", summary="Log predictions", openapi_extra=PREDICTIONS, response_class=Response)
async def predictions(request: Request, services: Given, meters: Measured) -> Response:
    """Takes predictions of one or many models; the answer comes when they are durable.

    Accepted + rejected + duplicate = received. Bad rows never sink good ones: they are kept in the quarantine with a
    reason, and only when every row is bad the answer is 422.
    """
    return await take(request, services, meters, Kind.PREDICTIONS)


@router.post("/actuals", summary="Log actuals", openapi_extra=ACTUALS, response_class=Response)
async def actuals(request: Request, services: Given, meters: Measured) -> Response:
    """Takes the ground truth of predictions, which may come later, earlier or again."""
    return await take(request, services, meters, Kind.ACTUALS)


async def take(request: Request, services: Services, meters: Meters, kind: Kind) -> Response:
    """One batch: read with a limit, decode beside the event loop, wait for the disk, answer."""
    body = await read_body(request, MAX_BODY_BYTES)
    sent = Sent(
        body,
        media_type(request),
        request.headers.get("content-encoding", "").strip().lower(),
        kind,
        idempotency_key(request),
        services.clock(),
    )
    taken = await anyio.to_thread.run_sync(hand_over, sent, services.log, limiter=request.app.state.decoders)
    began = perf_counter()
    looking = begin_look(taken, kind, services, sent.received_us)
    duplicate = False
    if taken.future is not None:
        duplicate = await durable(taken.future, taken.bytes, meters)
    return answered(taken, kind, duplicate, sent.received_us, meters, await answer(looking, began))


def begin_look(taken: Taken, kind: Kind, services: Services, received_us: int) -> Future[Match] | None:
    """Look for the prediction of a single label, beside the way to the disk."""
    if kind is not Kind.ACTUALS or taken.decoded.single_id is None or services.matcher is None:
        return None
    return services.matcher.begin(single_label(taken.decoded.parts[0]), received_us)


def idempotency_key(request: Request) -> str:
    """The sender's own name for the batch, '' when there is none."""
    key = request.headers.get("idempotency-key", "")
    if len(key) > MAX_NAME_BYTES:
        raise InvalidRequest(f"an Idempotency-Key has at most {MAX_NAME_BYTES} characters", hint="a UUID is enough")
    return key


def hand_over(sent: Sent, log: Log) -> Taken:
    """Decode and append; what costs time here runs without holding up other requests."""
    if sent.encoding not in ("", "identity") and sent.media_type == ARROW_STREAM:
        raise Refused(415, "unsupported-encoding", "an Arrow stream is taken as it is", hint="send it uncompressed")
    body = unpacked(sent.body, sent.encoding, MAX_BODY_BYTES)

    made: list[str] = []

    def new_id() -> str:
        made.append(uuid7(sent.received_us // 1000))
        return made[-1]

    decoded = decode(body, sent.media_type, sent.kind, sent.received_us, new_id)
    if not decoded.received:
        return Taken(decoded, bool(made), 0, None)
    identity: Identity | None = decoded.identity
    if identity is None and sent.key:
        identity = Keyed(f"{DEFAULT_PROJECT}/{sent.kind.value}/{sent.key}")
    pieces = encode(Entry(sent.received_us, DEFAULT_PROJECT, decoded.parts, decoded.rejected, decoded.dropped))
    size = sum(memoryview(piece).nbytes for piece in pieces)
    return Taken(decoded, bool(made), size, log.append(pieces, identity, sent.received_us))


async def durable(future: Future[Appended], size: int, meters: Meters) -> bool:
    """Waits until the batch is on the disk; true when it had been there before."""
    started = perf_counter()
    meters.waiting_bytes.inc(size)
    try:
        # shielded: a request that is given up must not take back what the log is already writing
        appended = await asyncio.shield(asyncio.wrap_future(future))
        meters.log_state = "writable"
    except StorageFull:
        meters.log_state = "full"
        raise
    except StorageFailed:
        meters.log_state = "failed"
        raise
    finally:
        meters.waiting_bytes.dec(size)
        meters.appends.observe(perf_counter() - started)
    if not appended.duplicate:
        meters.appended_bytes.inc(size)
    return appended.duplicate


def answered(
    taken: Taken, kind: Kind, duplicate: bool, received_us: int, meters: Meters, match: Match = UNKNOWN
) -> Response:
    """The answer with its counts; a batch that was there before is all duplicate, its rejected rows included."""
    decoded = taken.decoded
    rejected = 0 if duplicate else len(decoded.rejected)
    repeated = decoded.received if duplicate else 0
    accepted = decoded.received - rejected - repeated
    meters.count_rows(kind.value, accepted, rejected, repeated)
    if kind is Kind.PREDICTIONS:
        meters.rate.add(accepted, received_us)
    status = "success" if not rejected else "partial" if accepted else "rejected"
    body: dict[str, object] = {
        "status": status,
        "received": decoded.received,
        "accepted": accepted,
        "rejected": rejected,
        "duplicate": repeated,
        "errors": []
        if duplicate
        else [
            {"row": each.row, "reason": each.reason, "detail": each.detail} for each in decoded.rejected[:MAX_ERRORS]
        ],
        "ingested_at": iso(received_us),
    }
    if decoded.single_id is not None:
        # an id that was made for a repeat names nothing: the row has the one of the first time
        body["prediction_id"] = None if duplicate and taken.made_ids else decoded.single_id
        if kind is Kind.ACTUALS:
            body |= {"matched": match.matched, "label_delay_hours": match.delay_hours}
    return Response(orjson.dumps(body), 422 if status == "rejected" else 200, media_type="application/json")
