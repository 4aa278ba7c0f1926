"""Run as a program: mutates an Arrow body, decodes each mutant and uses every value of what is taken."""

from __future__ import annotations

import random
import resource
import struct
import sys

import pyarrow as pa

from modelwatch.core.wire import Kind
from modelwatch.errors import InvalidRequest
from modelwatch.ingest.conform import conform
from modelwatch.ingest.part import open_part
from tests.ingest.bodies import IDENTITY, META, batch_of, body_of, column, take, usual

MEMORY = 4 << 30
EDGES = (0, 1, -1, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 2**40, 7, 64)


def body() -> bytes:
    """Every form of column, small, so that most bytes mean something."""
    vectors = pa.array([[1.0, 2.0], None, [3.0, 4.0]] * 8, pa.list_(pa.float32()))
    tags, counts = ["a", None, "b"] * 8, [1, None, 3] * 8
    more = [column("tag", tags, "region"), column("feature", counts, "count"), column("embedding", vectors, "e")]
    return body_of(batch_of([*usual(24), *more], META | IDENTITY))


def mutated(body: bytes, chance: random.Random) -> bytes:
    """One to three changes: a bit, a byte, a number at an edge, a stretch moved, cut out or doubled."""
    data = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.randrange(len(data))
        match chance.randrange(6):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                data[at] = chance.randrange(256)
            case 2:
                at -= at % 8
                data[at : at + 8] = struct.pack("<q", chance.choice(EDGES))
            case 3:
                at -= at % 4
                data[at : at + 4] = struct.pack("<q", chance.choice(EDGES))[:4]
            case 4:
                source, size = chance.randrange(len(data)), chance.randint(1, 64)
                data[at : at + size] = data[source : source + size]
            case _:
                del data[at : at + chance.randint(1, 16)]
    return bytes(data)


def survives(mutant: bytes) -> bool:
    """True when the mutant was taken; its rows are then read as the fold and a reader of the lake would."""
    try:
        decoded = take(mutant, Kind.PREDICTIONS)
    except InvalidRequest:
        return False
    assert decoded.received == decoded.accepted + len(decoded.rejected)
    for part in decoded.parts:
        rows = conform(open_part(part.body), Kind.PREDICTIONS, None)
        assert rows.rows == part.rows
        for fitted in rows.columns.values():
            fitted.values.to_pylist()
        rows.prediction_id.to_pylist()
    return True


def main() -> None:
    """Prints how many mutants were taken and how many were refused."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pa.set_cpu_count(1)
    chance, original = random.Random(20_261_124), body()
    count = int(sys.argv[1])
    taken = sum(survives(mutated(original, chance)) for _ in range(count))
    print(taken, count - taken)


if __name__ == "__main__":
    main()
