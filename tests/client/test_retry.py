"""Which answers settle a batch, which ask for another try, and how long to wait."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwatch.client.buffer import Outcome
from modelwatch.client.retry import MAX_ATTEMPTS, Action, backoff, judge, retry_after
from modelwatch.client.transport import Response

PROBLEM = json.dumps({"title": "Refused", "detail": "column x is odd", "hint": "drop it"}).encode()


def counts(accepted: int, rejected: int, duplicate: int) -> bytes:
    errors = [{"row": 0, "reason": "future", "detail": "2099 has not come"}] if rejected else []
    body = {"accepted": accepted, "rejected": rejected, "duplicate": duplicate, "errors": errors}
    return json.dumps(body).encode()


@given(st.integers(0, 599), st.binary(max_size=50), st.integers(1, 2_000), st.integers(1, 20))
def test_an_answer_settles_all_rows_or_none(status: int, body: bytes, rows: int, attempt: int) -> None:
    verdict = judge(Response(status, body), rows, attempt)
    assert verdict.outcome.rows == (rows if verdict.action is Action.SETTLE else 0)


@given(st.integers(0, 100), st.integers(0, 100), st.integers(0, 100))
def test_the_server_says_what_became_of_each_row(accepted: int, rejected: int, duplicate: int) -> None:
    rows = accepted + rejected + duplicate
    outcome = judge(Response(200, counts(accepted, rejected, duplicate)), rows, 1).outcome
    assert (outcome.sent, outcome.rejected, outcome.duplicate, outcome.failed) == (accepted, rejected, duplicate, 0)
    assert ("2099 has not come" in outcome.error) == (rejected > 0)


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503, 504, 507])
def test_a_server_that_is_away_is_waited_for_without_end(status: int) -> None:
    assert judge(Response(status, b""), 5, 1_000_000).action is Action.RETRY


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 409, 415, 301])
def test_what_can_never_succeed_fails_at_once_and_says_why(status: int) -> None:
    verdict = judge(Response(status, PROBLEM), 5, 1)
    assert verdict.action is Action.SETTLE
    assert verdict.outcome == Outcome(failed=5, error=f"{status}: Refused column x is odd drop it")


@pytest.mark.parametrize("response", [Response(500, b""), Response(200, b"<html>welcome</html>"), Response(204, b"")])
def test_what_may_be_a_bug_is_tried_a_few_times(response: Response) -> None:
    assert judge(response, 5, 1).action is Action.RETRY
    assert judge(response, 5, MAX_ATTEMPTS).outcome.failed == 5


def test_too_large_is_split_and_one_row_fails() -> None:
    assert judge(Response(413, b""), 2, 1).action is Action.SPLIT
    assert judge(Response(413, b""), 1, 1).outcome.failed == 1


def test_all_rejected_counts_as_rejected_with_or_without_numbers() -> None:
    assert judge(Response(422, counts(0, 5, 0)), 5, 1).outcome.rejected == 5
    assert judge(Response(422, b"?"), 5, MAX_ATTEMPTS).outcome.rejected == 5


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_backoff_is_jitter_under_a_bound_that_doubles(attempt: int, drawn: float) -> None:
    assert 0 <= backoff(attempt, lambda: drawn) <= min(30.0, 0.1 * 2 ** min(attempt - 1, 20))
    assert backoff(attempt + 1, lambda: 1.0) >= backoff(attempt, lambda: 1.0)


@given(st.text(max_size=20))
def test_any_retry_after_header_is_a_bounded_delay_or_none(header: str) -> None:
    delay = retry_after(header, 0.0)
    assert delay is None or 0 <= delay <= 300
