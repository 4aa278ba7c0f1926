"""The contract of the jobs seam, over every runner; only the local one exists so far."""

from collections.abc import Callable, Iterator

import pytest

from modelwatch.jobs.runner import Check, Failed, LocalRunner, Runner
from modelwatch.store.profiles import Series

Make = Callable[[Check, Failed], Runner]


class Forgetful(LocalRunner):
    """Deliberately broken: drops every second submission. The suite must notice."""

    count = 0

    def submit(self, series: Series) -> None:
        self.count += 1
        if self.count % 2:
            super().submit(series)


@pytest.fixture(params=[LocalRunner, pytest.param(Forgetful, marks=pytest.mark.xfail(strict=True))])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    made: list[Runner] = []

    def build(check: Check, failed: Failed) -> Runner:
        made.append(request.param(check, failed))
        return made[-1]

    yield build
    for runner in made:
        runner.close()


def test_everything_submitted_runs_at_least_once_though_others_fail(make: Make) -> None:
    seen: list[int] = []
    failures: list[int] = []

    def check(series: Series) -> None:
        seen.append(series.deployment_id)
        if series.deployment_id % 3 == 0:
            raise RuntimeError("broken check")

    runner = make(check, lambda series, _error: failures.append(series.deployment_id))
    for i in range(50):
        runner.submit(Series(i))
    runner.drain()
    assert set(seen) == set(range(50))
    assert set(failures) == set(range(0, 50, 3))
