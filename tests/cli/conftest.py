"""The year of flights, read once for all tests that look at it."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

import numpy as np
import pytest

from modelwatch.cli.demo import flights
from modelwatch.cli.demo.delays import Scored, judged
from modelwatch.cli.demo.flights import Flights


@pytest.fixture(scope="session")
def year() -> Flights:
    """All flights of 2013."""
    return flights.load()


@pytest.fixture(scope="session")
def raw() -> dict[str, dict[str, str]]:
    """Every 97th flight as the package's file has it, by prediction id, read without pandas."""
    return {
        f"{row['year']}-{int(row['month']):02}-{int(row['day']):02}"
        f"-{row['carrier']}{row['flight']}-{row['origin']}-{row['dest']}": row
        for number, row in enumerate(rows())
        if number % 97 == 0
    }


def rows() -> Iterator[dict[str, str]]:
    """The lines of the flights file."""
    with zipfile.ZipFile(flights.folder() / "flights.csv.zip") as archive:
        name = next(name for name in archive.namelist() if name.endswith("flights.csv"))
        with archive.open(name) as file:
            yield from csv.DictReader(io.TextIOWrapper(file, "utf-8"))


@pytest.fixture(scope="session")
def few(year: Flights) -> Scored:
    """Every 40th flight of some days around the change of clocks, with made-up scores."""
    frame = year.frame
    random = np.random.default_rng(7)
    first = frame[frame["day"] < "2013-01-15"].iloc[::40]
    later = frame[(frame["day"] >= "2013-10-31") & (frame["day"] < "2013-11-06")].iloc[::40]
    auc = dict.fromkeys((0, *range(4, 13)), 0.7)
    return Scored(
        judged(first, random.random(len(first)), 0.8), judged(later, random.random(len(later)), 0.8), 0.8, auc
    )
