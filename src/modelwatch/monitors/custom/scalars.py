"""The functions and operators that work row by row. None makes more than it is given, none looks outside.

Null in gives null out, except where a function is about null. What has no value (a division by zero, a logarithm of
nothing, NaN) is null.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from modelwatch.monitors.custom.texts import TEXTS, in_common
from modelwatch.monitors.custom.times import TIMES
from modelwatch.monitors.custom.values import Bools, Floats, Kind, Values, numbers, truths

JUST_UNDER_HALF: Final = 0.49999999999999994
"""Added to what is just under a half it does not reach 1; added to an odd number over 2**52 it changes nothing."""

Compute = Callable[[Sequence[Values]], Values]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A function of values.

    `takes` is the kind of every argument, the last one repeated up to `most`; None stands for any kind, which must be
    the same for all. `gives` None is that same kind.
    """

    name: str
    takes: tuple[Kind | None, ...]
    gives: Kind | None
    compute: Compute
    least: int = 1
    most: int = 1


def on_numbers(name: str, of: Callable[..., NDArray[Any]], count: int = 1) -> Scalar:
    """A numpy function of `count` numbers, null where any of them is."""

    def compute(arguments: Sequence[Values]) -> Values:
        return numbers(of(*(argument.values for argument in arguments)), all_valid(arguments))

    return Scalar(name, (Kind.NUMBER,), Kind.NUMBER, compute, count, count)


def all_valid(arguments: Sequence[Values]) -> Bools:
    """Where no argument is null."""
    valid = arguments[0].valid
    for argument in arguments[1:]:
        valid = valid & argument.valid
    return valid


def comparison(name: str, of: Callable[[NDArray[Any], NDArray[Any]], Bools]) -> Scalar:
    """A comparison of two values of one kind; texts are compared by code points."""

    def compute(arguments: Sequence[Values]) -> Values:
        left, right = in_common(arguments)
        return truths(of(left.values, right.values), left.valid & right.valid)

    return Scalar(name, (None,), Kind.BOOLEAN, compute, 2, 2)


def divided(a: Floats, b: Floats) -> Floats:
    """a / b, NaN where b is 0."""
    return np.where(b == 0, np.nan, a / np.where(b == 0, 1.0, b))


def remainder(a: Floats, b: Floats) -> Floats:
    """The remainder with the sign of a, NaN where b is 0."""
    return np.fmod(a, np.where(b == 0, np.nan, b))


def rounded(a: Floats) -> Floats:
    """To the nearest whole number, halves away from zero."""
    return np.copysign(np.floor(np.abs(a) + JUST_UNDER_HALF), a)


def logarithm(a: Floats) -> Floats:
    """The natural logarithm, NaN at 0 and below."""
    return np.log(np.where(a > 0, a, np.nan))


def conjunction(arguments: Sequence[Values]) -> Values:
    """AND of three-valued logic: false wins over null."""
    a, b = arguments
    no = (a.valid & ~a.values) | (b.valid & ~b.values)
    return truths(~no, no | (a.valid & b.valid))


def disjunction(arguments: Sequence[Values]) -> Values:
    """OR of three-valued logic: true wins over null."""
    a, b = arguments
    yes = (a.valid & a.values) | (b.valid & b.values)
    return truths(yes, yes | (a.valid & b.valid))


def is_in(arguments: Sequence[Values]) -> Values:
    """Whether the first equals any of the others; null when it equals none and one of them is null."""
    subject, *others = in_common(arguments)
    found = np.zeros((), bool)
    known = np.ones((), bool)
    for other in others:
        known = known & other.valid
        found = found | (other.valid & (subject.values == other.values))
    return truths(found, subject.valid & (found | known))


def is_distinct(arguments: Sequence[Values]) -> Values:
    """Whether two values differ, null being a value like any other."""
    a, b = in_common(arguments)
    differ = np.where(a.valid & b.valid, a.values != b.values, a.valid != b.valid)
    return truths(differ, np.ones((), bool))


def is_null(arguments: Sequence[Values]) -> Values:
    """Whether a value is null."""
    return truths(~arguments[0].valid, np.ones((), bool))


def first_valid(arguments: Sequence[Values]) -> Values:
    """The first that is not null."""
    columns = in_common(arguments)
    result = columns[-1]
    for column in reversed(columns[:-1]):
        result = chosen(column.valid, column, result)
    return result


def chosen(condition: Bools, yes: Values, no: Values) -> Values:
    """One of two values that have their words in common."""
    values = np.where(condition, yes.values, no.values)
    return Values(yes.kind, values, np.where(condition, yes.valid, no.valid), yes.words)


def null_if(arguments: Sequence[Values]) -> Values:
    """The first, null where it equals the second."""
    a, b = in_common(arguments)
    return Values(a.kind, a.values, a.valid & ~(b.valid & (a.values == b.values)), a.words)


def case(arguments: Sequence[Values]) -> Values:
    """Condition, value, condition, value, ..., otherwise: the value of the first condition that is true."""
    *results, otherwise = in_common([*arguments[1::2], arguments[-1]])
    result = otherwise
    for condition, value in zip(reversed(arguments[0:-1:2]), reversed(results), strict=True):
        result = chosen(condition.valid & condition.values, value, result)
    return result


def extreme(name: str, of: Callable[[NDArray[Any], NDArray[Any]], NDArray[Any]]) -> Scalar:
    """The greatest or least of those that are not null."""

    def compute(arguments: Sequence[Values]) -> Values:
        result = arguments[0]
        for other in arguments[1:]:
            both = result.valid & other.valid
            values = np.where(
                both, of(result.values, other.values), np.where(result.valid, result.values, other.values)
            )
            result = Values(result.kind, values, result.valid | other.valid)
        return result

    return Scalar(name, (Kind.NUMBER,), Kind.NUMBER, compute, 2, 16)


def opposite(arguments: Sequence[Values]) -> Values:
    """NOT."""
    return truths(~arguments[0].values, arguments[0].valid)


def is_finite(arguments: Sequence[Values]) -> Values:
    """Whether a number is not infinite."""
    return truths(np.isfinite(arguments[0].values), arguments[0].valid)


def number_to_truth(arguments: Sequence[Values]) -> Values:
    """Whether a number is not 0."""
    return truths(arguments[0].values != 0, arguments[0].valid)


def truth_to_number(arguments: Sequence[Values]) -> Values:
    """1 for true, 0 for false."""
    return numbers(arguments[0].values, arguments[0].valid)


def _by_name(*scalars: Scalar) -> dict[str, Scalar]:
    return {scalar.name: scalar for scalar in scalars}


N, B = Kind.NUMBER, Kind.BOOLEAN
CASE: Final = Scalar("case", (None,), None, case, 3, 1_000)
SCALARS: Final = {
    **_by_name(
        on_numbers("+", np.add, 2),
        on_numbers("-", np.subtract, 2),
        on_numbers("*", np.multiply, 2),
        on_numbers("/", divided, 2),
        on_numbers("%", remainder, 2),
        on_numbers("mod", remainder, 2),
        on_numbers("unary -", np.negative),
        on_numbers("abs", np.abs),
        on_numbers("sign", np.sign),
        on_numbers("floor", np.floor),
        on_numbers("ceil", np.ceil),
        on_numbers("ceiling", np.ceil),
        on_numbers("trunc", np.trunc),
        on_numbers("round", rounded),
        on_numbers("sqrt", np.sqrt),
        on_numbers("exp", np.exp),
        on_numbers("ln", logarithm),
        on_numbers("log10", lambda a: logarithm(a) / np.log(10.0)),
        on_numbers("log2", lambda a: logarithm(a) / np.log(2.0)),
        on_numbers("power", np.power, 2),
        on_numbers("pow", np.power, 2),
        extreme("greatest", np.maximum),
        extreme("least", np.minimum),
        comparison("=", np.equal),
        comparison("<>", np.not_equal),
        comparison("<", np.less),
        comparison("<=", np.less_equal),
        comparison(">", np.greater),
        comparison(">=", np.greater_equal),
        Scalar("and", (B,), B, conjunction, 2, 2),
        Scalar("or", (B,), B, disjunction, 2, 2),
        Scalar("not", (B,), B, opposite),
        Scalar("in", (None,), B, is_in, 2, 1_000),
        Scalar("is distinct from", (None,), B, is_distinct, 2, 2),
        Scalar("is null", (None,), B, is_null),
        Scalar("isfinite", (N,), B, is_finite),
        Scalar("coalesce", (None,), None, first_valid, 1, 16),
        Scalar("ifnull", (None,), None, first_valid, 2, 2),
        Scalar("nullif", (None,), None, null_if, 2, 2),
        Scalar("to boolean", (N,), B, number_to_truth),
        Scalar("truth to number", (B,), N, truth_to_number),
    ),
    **{
        name: Scalar(name, takes, gives, of, len(takes), len(takes))
        for name, (takes, gives, of) in (TEXTS | TIMES).items()
    },
}
"""By the name that the parser gives them; those with a blank are not for users to call by name."""
