"""A smaller incident than the benchmark's: the same goals hold."""

from __future__ import annotations

from bench.incident import Scale, replay


def test_an_incident_costs_a_handful_of_messages_that_reach_every_model() -> None:
    result = replay(Scale(models=200, features=10, hours=8, critical=0.5), seed=3)
    assert result.affected == 40
    assert result.in_first_hour() <= 5
    assert result.reached_in_hour == result.affected
    assert result.fewer() >= 0.9
    assert result.received == len(result.sent)
    assert result.sent[0] - result.began < 31
