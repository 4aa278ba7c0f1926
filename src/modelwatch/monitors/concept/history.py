"""The labels since the last beginning in blocks, fine for the newest and coarse for the oldest.

An exponential histogram (Datar, Gionis, Indyk and Motwani, Maintaining stream statistics over sliding windows, SIAM J.
Computing 31, 2002): at most `PER_SIZE` blocks of each size, 32 labels, 64, 128 and so on; n labels take some
16 log2(n / 512) blocks. ADWIN keeps such a window, too, but does not show it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

BLOCK: Final = 32
"""Labels that are consumed together; river's ADWIN looks for a change once in so many."""
PER_SIZE: Final = 16


class Block(NamedTuple):
    """`labels` labels from number `first` on: sums of what the detectors were fed, of its squares and of the errors
    themselves; log position of the first label, and the median event time of its 32."""

    labels: int
    first: int
    order: int
    at_us: int
    fed: float
    squares: float
    errors: float


def add(blocks: list[Block], new: Block) -> None:
    """Append a block of `BLOCK` labels; the two oldest of a size become one where there are too many."""
    blocks.append(new)
    end, size = len(blocks), new.labels
    while True:
        start = end
        while start > 0 and blocks[start - 1].labels == size:
            start -= 1
        if end - start <= PER_SIZE:
            return
        blocks[start : start + 2] = [joined(blocks[start], blocks[start + 1])]
        end, size = start + 1, 2 * size


def joined(a: Block, b: Block) -> Block:
    """Two neighbours as one."""
    return a._replace(
        labels=a.labels + b.labels,
        fed=a.fed + b.fed,
        squares=a.squares + b.squares,
        errors=a.errors + b.errors,
    )
