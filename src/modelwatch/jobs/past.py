"""References out of a model's own past: for each window the counts of the stretches that its rule names.

Windows that share a reference (all of a day, for one of whole days) share its sum, and each stored block is read once
per run of neighbouring windows and week looked back: checking a season again costs what its windows cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from modelwatch.core.reference import Past, Seasonal, Span, spans
from modelwatch.core.window import DAY_US, HOUR_US, grid
from modelwatch.jobs.windows import cells_at_once, runs, timeline_of
from modelwatch.profiles import Binning, Profile
from modelwatch.profiles.timeline import Tally
from modelwatch.store.profiles import Series, load_all


@dataclass(frozen=True, slots=True)
class Found:
    """The counts of a reference and how many of its parts (weeks, or days) had rows."""

    profile: Profile
    parts: int


def past_references(
    connection: Connection,
    sources: Sequence[Series],
    rule: Past,
    ends: Sequence[int],
    length: int,
    binning: Binning,
    binning_of: Callable[[str], Binning],
) -> Iterator[Found]:
    """The reference of each window, of the rows of all sources together; ends ascending."""
    step = min(grid(length), HOUR_US) if isinstance(rule, Seasonal) else DAY_US
    for run in runs(ends, length, step, cells_at_once(binning)):
        wanted = [spans(rule, end, length) for end in run]
        tallies = {each: Tally(binning) for each in wanted}
        parts = dict.fromkeys(tallies, 0)
        for place in range(len(wanted[0])):
            stretch = Span(min(each[place].start for each in tallies), max(each[place].end for each in tallies))
            seen = dict.fromkeys(tallies, 0)
            for chunk in chunks(stretch, step * cells_at_once(binning)):
                timeline = timeline_of(load_all(connection, sources, *chunk), step, binning, binning_of)
                for each, tally in tallies.items():
                    inside = Span(max(each[place].start, chunk.start), min(each[place].end, chunk.end))
                    seen[each] += timeline.add_to(tally, *inside)
            for each, pieces in seen.items():
                parts[each] += min(pieces, 1) if isinstance(rule, Seasonal) else pieces
        for each in wanted:
            yield Found(tallies[each].profile(), parts[each])


def chunks(whole: Span, most: int) -> Iterator[Span]:
    """The stretch cut at midnights, so that no stored block is cut, into pieces of at most about `most`."""
    width = max(most - most % DAY_US, DAY_US)
    start = whole.start
    while start < whole.end:
        end = min(start - start % DAY_US + width, whole.end)
        yield Span(start, end)
        start = end
