"""The demo from the first file to the last table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from modelwatch.cli.demo import delays, flights, kept
from modelwatch.cli.demo.cut import Change, changer, cut
from modelwatch.cli.demo.delays import Scored
from modelwatch.cli.demo.found import Found, Get, ask, getter, wait_until_checked
from modelwatch.cli.demo.kept import Kept
from modelwatch.cli.demo.replay import Day, replay, set_reference
from modelwatch.cli.demo.report import show
from modelwatch.client import Client
from modelwatch.client.transport import Transport

LAST_EVENT: Final = datetime(2014, 1, 1, 4, 59, tzinfo=UTC)
"""The last scheduled departure of the year, 23:59 in New York."""
LAST_DAY: Final = "2014-01-01"
"""When the last flights of December have landed."""
CATCH_UP_SECONDS: Final = 600.0
STEPS: Final = 10
"""Lines that stand for the progress bar where there is no terminal."""


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What was sent and what the server found in it."""

    kept: Kept
    found: Found


def tell(
    url: str,
    data: Path,
    console: Console,
    *,
    api_key: str = "",
    transport: Transport | None = None,
    get: Get | None = None,
    change: Change | None = None,
    prepare: Callable[[Console], Scored] | None = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> DemoResult:
    """Does what the data folder still lacks of the demo, then asks the server and prints its findings."""
    get = get or getter(url, api_key)
    change = change or changer(url, api_key)
    state = kept.read(data)
    if state.complete:
        console.print(f"The demo is in {data} already; nothing is sent again.")
    else:
        if state.day < LAST_DAY:
            with Client(url, api_key=api_key or None, transport=transport) as client:
                begin = partial(cut, change, clock, sleep)
                state = send(client, data, state, console, prepare or scored, begin, clock)
        with console.status("waiting for the last checks"):
            begun = clock()
            wait_until_checked(get, LAST_EVENT, CATCH_UP_SECONDS, clock, sleep)
        state = replace(state, complete=True, seconds=state.seconds + clock() - begun)
        kept.write(data, state)
    found = ask(get)
    show(console, state, found, url)
    return DemoResult(state, found)


def scored(console: Console) -> Scored:
    """Reads the flights and trains the model."""
    console.print("Reading 336,776 flights that left New York in 2013")
    year = flights.load()
    console.print("Training on January to March: does a flight arrive more than 15 minutes late?")
    return delays.train(year)


def send(
    client: Client,
    data: Path,
    state: Kept,
    console: Console,
    prepare: Callable[[Console], Scored],
    begin: Callable[[], None],
    clock: Callable[[], float],
) -> Kept:
    """Trains, sets the reference, does what belongs to the beginning and replays what is missing; the marker follows
    each acknowledged day."""
    begun, before = clock(), state
    year = prepare(console)
    state = replace(state, auc={str(month): round(auc, 4) for month, auc in year.auc.items()})
    if not state.reference:
        set_reference(client, year)
        state = replace(state, reference=True, seconds=before.seconds + clock() - begun)
        kept.write(data, state)
    begin()
    total = int((year.production["day"].dt.strftime("%Y-%m-%d") > state.day).sum())
    with advancing(console, "Replaying April to December", total) as advance:

        def acknowledged(day: Day) -> None:
            nonlocal state
            state = replace(
                state,
                day=day.date,
                predictions=state.predictions + len(day.departures),
                actuals=state.actuals + len(day.landings),
                rejected=before.rejected + client.stats().rejected,
                seconds=before.seconds + clock() - begun,
            )
            kept.write(data, state)
            advance(len(day.departures))

        replay(client, year, acknowledged, after=state.day)
    return state


@contextmanager
def advancing(console: Console, text: str, total: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, `STEPS` lines anywhere else."""
    if not console.is_terminal:
        yield lines(console, text, total)
        return
    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f} of {task.total:,.0f}")
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(text, total=total)
        yield lambda count: progress.advance(task, count)


def lines(console: Console, text: str, total: int) -> Callable[[int], None]:
    """Prints a line for each tenth of the total."""
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        before, done = done, done + count
        if done * STEPS // max(total, 1) > before * STEPS // max(total, 1):
            console.print(f"{text}: {done:,} of {total:,}")

    return advance
