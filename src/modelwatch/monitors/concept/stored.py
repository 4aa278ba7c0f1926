"""A state as bytes: what a worker goes on from after a restart. No pickle: numbers, JSON and ADWIN's own bytes."""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import asdict
from typing import Any, Final

import numpy as np

from modelwatch.core.level import Level
from modelwatch.errors import CorruptData
from modelwatch.monitors.concept.detectors import AtRest, release
from modelwatch.monitors.concept.found import Found
from modelwatch.monitors.concept.history import Block
from modelwatch.monitors.concept.rhythm import Scale
from modelwatch.monitors.concept.watch import State

MAGIC: Final = b"MWC\x01"
LENGTH: Final = struct.Struct("<I")
BLOCK: Final = struct.Struct("<qqqqddd")
SCALE: Final = struct.Struct("<qdddddd")
QUICK: Final = 1
"""The compression level: the best one takes five times as long for a tenth less."""
PENDING: Final = struct.Struct("<dqq")


def to_bytes(state: State) -> bytes:
    """The stored form; `from_bytes` gives an equal state back."""
    rest = state.detectors
    parts = (
        rest.adwin,
        floats(rest.ddm),
        floats(rest.page_hinkley),
        floats(state.baseline),
        b"".join(PENDING.pack(*label) for label in state.pending),
        b"".join(BLOCK.pack(*block) for block in state.blocks),
        b"".join(SCALE.pack(*scale[:3], *scale.last, *scale.half) for scale in state.rhythm),
    )
    said = {
        "river": release() if rest.adwin else "",
        "task": state.task,
        "labels": state.labels,
        "first": state.first,
        "alarms": state.alarms,
        "findings": [asdict(found) for found in state.findings],
        "parts": [len(part) for part in parts],
    }
    head = json.dumps(said).encode()
    return MAGIC + zlib.compress(LENGTH.pack(len(head)) + head + b"".join(parts), QUICK)


def from_bytes(data: bytes) -> State:
    """The state that `to_bytes` wrote.

    Raises `CorruptData` for anything else, and for a state of another minor version of river, whose ADWIN lays out its
    bytes as it likes: the labels must then be consumed again, or watched from now on.
    """
    if data[:4] != MAGIC:
        raise CorruptData("these bytes are no concept-drift state of version 1")
    try:
        body = zlib.decompress(data[4:])
        (length,) = LENGTH.unpack_from(body)
        said = json.loads(body[LENGTH.size : LENGTH.size + length])
        at, parts = LENGTH.size + length, []
        for size in said["parts"]:
            parts.append(body[at : at + size])
            at += size
        state = restored(said, parts)
    except (zlib.error, struct.error, ValueError, TypeError, KeyError) as error:
        raise CorruptData("a concept-drift state is damaged") from error
    if said["river"] and said["river"] != release():
        hint = "begin anew, or consume the labels again"
        raise CorruptData(
            f"a concept-drift state was written with river {said['river']}, here is {release()}", hint=hint
        )
    return state


def restored(said: dict[str, Any], parts: list[bytes]) -> State:
    """The state of what was said and of the parts."""
    adwin, ddm, page_hinkley, baseline, pending, blocks, rhythm = parts
    return State(
        said["task"],
        said["labels"],
        said["first"],
        tuple(PENDING.iter_unpack(pending)),
        tuple(np.frombuffer(baseline, "<f8").tolist()),
        AtRest(adwin, tuple(np.frombuffer(ddm, "<f8").tolist()), tuple(np.frombuffer(page_hinkley, "<f8").tolist())),
        tuple(said["alarms"]),
        tuple(Block(*block) for block in BLOCK.iter_unpack(blocks)),
        tuple(Scale(row[0], row[1], row[2], (row[3], row[4]), (row[5], row[6])) for row in SCALE.iter_unpack(rhythm)),
        tuple(found(each) for each in said["findings"]),
    )


def found(said: dict[str, Any]) -> Found:
    """A finding that was written as JSON."""
    lists = {name: tuple(said[name]) for name in ("detectors", "alarms")}
    return Found(**{**said, **lists, "level": Level(said["level"])})


def floats(values: tuple[float, ...]) -> bytes:
    """Numbers as they are."""
    return np.array(values, "<f8").tobytes()
