"""The window of blocks: nothing is lost, and it stays short."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from modelwatch.monitors.concept.history import BLOCK, PER_SIZE, Block, add


def window(count: int) -> list[Block]:
    """`count` blocks of 32 labels, each with its number as its sums."""
    blocks: list[Block] = []
    for i in range(count):
        add(blocks, Block(BLOCK, BLOCK * i + 1, 10 * i, 100 * i, float(i), 2.0 * i, 3.0 * i))
    return blocks


@settings(deadline=None)
@given(st.integers(0, 2_000))
def test_sums_are_kept_and_blocks_follow_each_other(count: int) -> None:
    blocks = window(count)
    assert sum(block.labels for block in blocks) == BLOCK * count
    assert sum(block.fed for block in blocks) == count * (count - 1) / 2
    assert sum(block.squares for block in blocks) == count * (count - 1)
    assert sum(block.errors for block in blocks) == 3 * count * (count - 1) / 2
    first = 1
    for block in blocks:
        assert block.first == first
        assert block.order == 10 * (block.first - 1) // BLOCK
        assert block.at_us == 100 * (block.first - 1) // BLOCK
        first += block.labels


@settings(deadline=None)
@given(st.integers(1, 2_000))
def test_old_blocks_are_coarse_and_few_of_a_size(count: int) -> None:
    sizes = [block.labels for block in window(count)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(sizes.count(size) <= PER_SIZE for size in sizes)
    assert all(size.bit_count() == 1 for size in sizes)
    assert sizes[0] <= 2 * max(BLOCK, BLOCK * count // PER_SIZE)
