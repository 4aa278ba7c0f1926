"""An expression's tree -> a plan, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from modelwatch.errors import InvalidRequest
from modelwatch.monitors.custom.aggregates import AGGREGATES, DISTINCT, KINDS
from modelwatch.monitors.custom.columns import ColumnInfo, Names
from modelwatch.monitors.custom.lexer import KEYWORDS
from modelwatch.monitors.custom.parser import EXAMPLE, microseconds, parse
from modelwatch.monitors.custom.plan import Apply, Constant, Plan, Read, Reduce, Step
from modelwatch.monitors.custom.scalars import CASE, SCALARS, Scalar
from modelwatch.monitors.custom.syntax import Call, Case, Literal, Name, Node
from modelwatch.monitors.custom.values import Kind

MAX_AGGREGATES: Final = 20
BOTH: Final = frozenset({"like", "ilike", "starts_with", "ends_with", "contains"})
"""Functions whose second argument is written in the expression."""
NULL: Final = Constant(None, Kind.NULL)


def plan(expression: str, columns: Sequence[ColumnInfo]) -> Plan:
    """What to compute; raises InvalidRequest that says where the expression is wrong and what to write instead."""
    checker = _Checker(Names(columns))
    result = checker.top(parse(expression))
    if not checker.reduces:
        raise InvalidRequest("the expression takes no aggregate", hint="one number of all rows: avg(...), sum(...)")
    if result.kind is Kind.BOOLEAN:
        raise InvalidRequest("the result is true or false, not a number", hint="case when ... then 1 else 0 end")
    return Plan(_as(result, Kind.NUMBER, "the result"), tuple(checker.reduces), frozenset(checker.reads))


class _Checker:
    """Keeps the aggregates and columns that it comes across."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.reduces: dict[Reduce, int] = {}
        self.reads: set[ColumnInfo] = set()

    def top(self, node: Node) -> Step:
        """A step on aggregates."""
        if isinstance(node, Name):
            info = self.names.find(node)
            raise InvalidRequest(
                f"{info.written[:64]} (character {node.at + 1}) stands outside of an aggregate",
                hint="a metric is one number of all rows: avg(...), sum(...), count(...)",
            )
        if isinstance(node, Call) and node.function in AGGREGATES:
            return self.reduce(node)
        return self.step(node, inside=False)

    def row(self, node: Node) -> Step:
        """A step on rows."""
        if isinstance(node, Name):
            info = self.names.find(node)
            self.reads.add(info)
            return Read(info, info.kind)
        if isinstance(node, Call) and node.function in AGGREGATES:
            raise _wrong(node, f"{node.function} stands inside of another aggregate", "aggregates cannot be nested")
        return self.step(node, inside=True)

    def step(self, node: Node, inside: bool) -> Step:
        """A literal, a function or a case, of rows or of aggregates."""
        inner = self.row if inside else self.top
        match node:
            case Literal(value, kind):
                return Constant(value, kind)
            case Case(branches, otherwise):
                conditions = [_as(inner(condition), Kind.BOOLEAN, "a condition") for condition, _ in branches]
                results = _same([*(inner(value) for _, value in branches), inner(otherwise)], "the results of a case")
                pairs = zip(conditions, results, strict=False)
                steps = tuple(step for pair in pairs for step in pair)
                return Apply(CASE, (*steps, results[-1]), results[-1].kind)
            case Call():
                scalar = _scalar(node)
                return _applied(scalar, list(map(inner, node.arguments)), node)
            case Name():
                return inner(node)

    def reduce(self, node: Call) -> Step:
        """An aggregate of rows, known by its number; the same one twice is computed once."""
        name = node.function
        if node.star and name != "count":
            raise _wrong(node, f"{name}(*) has no meaning", f"{name}(column)")
        if node.distinct and name != "count":
            raise _wrong(node, f"{name}(distinct ...) is not known", "only count takes DISTINCT")
        aggregate = DISTINCT if node.distinct else AGGREGATES[name]
        arguments, fraction = list(node.arguments), 0.5
        if aggregate.quantile:
            fraction = _fraction(node)
            arguments = arguments[:1]
        if len(arguments) != (0 if node.star else aggregate.takes):
            raise _wrong(node, f"{name} takes {aggregate.takes} argument(s), not {len(arguments)}", "")
        steps = [self.row(argument) for argument in arguments]
        allowed = KINDS.get(aggregate.name)
        if allowed is None:
            steps = [_as(step, Kind.NUMBER, name) for step in steps]
        elif any(step.kind not in {*allowed, Kind.NULL} for step in steps):
            raise _wrong(node, f"{name} of {steps[0].kind.value} has no meaning", "count(...) takes anything")
        where = None if node.where is None else _as(self.row(node.where), Kind.BOOLEAN, "the filter")
        found = Reduce(aggregate, tuple(steps), where, fraction)
        number = self.reduces.setdefault(found, len(self.reduces))
        if number >= MAX_AGGREGATES:
            raise InvalidRequest(f"the expression has more than {MAX_AGGREGATES} aggregates", hint="write two metrics")
        return Read(number, Kind.NUMBER)


def _scalar(node: Call) -> Scalar:
    """The function that is called, given the right number of arguments."""
    scalar = SCALARS.get(node.function)
    if node.function == "to number":
        scalar = SCALARS["text to number"]
    if node.function == "if":
        scalar = CASE
    if scalar is None:
        known = sorted({*AGGREGATES, "if", *(name for name in SCALARS if name.isidentifier() and name not in KEYWORDS)})
        near = get_close_matches(node.function, known, 1)
        hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
        raise _wrong(node, f"there is no function {node.function[:64]}", hint)
    if node.star or node.distinct or node.where is not None:
        raise _wrong(node, f"{node.function} takes no *, DISTINCT or FILTER", "aggregates do")
    most = 3 if scalar is CASE else scalar.most
    if not scalar.least <= len(node.arguments) <= most:
        wanted = str(scalar.least) if scalar.least == most else f"{scalar.least} to {most}"
        raise _wrong(node, f"{node.function} takes {wanted} argument(s), not {len(node.arguments)}", "")
    return scalar


def _applied(scalar: Scalar, arguments: list[Step], node: Call) -> Step:
    """The function applied, each argument made the kind that it takes."""
    if scalar.name == "text to number" and arguments[0].kind is not Kind.TEXT:
        return _as(arguments[0], Kind.NUMBER, "a cast to a number")
    if scalar.name == "to boolean" and arguments[0].kind is Kind.BOOLEAN:
        return arguments[0]
    if scalar is CASE:
        yes, no = _same(arguments[1:], "the results of if")
        return Apply(CASE, (_as(arguments[0], Kind.BOOLEAN, "a condition"), yes, no), yes.kind)
    if scalar.takes[0] is None:
        arguments = _same(arguments, node.function)
    else:
        arguments = [_as(step, _taken(scalar, place), node.function) for place, step in enumerate(arguments)]
    if scalar.name in BOTH and not isinstance(arguments[1], Constant):
        raise _wrong(node, f"the second text of {scalar.name} is not written out", f"{scalar.name}(column, 'text')")
    return Apply(scalar, tuple(arguments), scalar.gives or arguments[0].kind)


def _taken(scalar: Scalar, place: int) -> Kind:
    return scalar.takes[min(place, len(scalar.takes) - 1)] or Kind.NULL


def _as(step: Step, kind: Kind, what: str) -> Step:
    """The step as that kind: null and truth values become numbers, a written time a time. Raises InvalidRequest."""
    if step.kind is kind:
        return step
    if step.kind is Kind.NULL:
        return Constant(None, kind)
    if step.kind is Kind.BOOLEAN and kind is Kind.NUMBER:
        return Apply(SCALARS["truth to number"], (step,), kind)
    if kind is Kind.TIME and isinstance(step, Constant) and isinstance(step.value, str):
        time = microseconds(step.value)
        if time is None:
            raise InvalidRequest(f"{step.value[:64]!r} is no time", hint=EXAMPLE)
        return Constant(time, kind)
    hint = ""
    if step.kind is Kind.TEXT and kind is Kind.NUMBER:
        hint = "cast(... as double) reads the numbers in a text"
    raise InvalidRequest(f"{what[:64]} takes {kind.value}, not {step.kind.value}{_shown(step)}", hint=hint)


def _same(steps: list[Step], what: str) -> list[Step]:
    """The steps as one kind. Raises InvalidRequest when they are of two."""
    kinds = {step.kind for step in steps} - {Kind.NULL}
    if Kind.TIME in kinds:
        kinds = {Kind.TIME}
    if len(kinds) > 1:
        odd = next((step for step in steps if isinstance(step, Constant) and step.kind is not Kind.NULL), steps[-1])
        other = next(step for step in steps if step.kind not in (odd.kind, Kind.NULL))
        hints = {Kind.TEXT: "write it in single quotes", Kind.BOOLEAN: "write true or false"}
        raise InvalidRequest(
            f"{what} has {other.kind.value}{_shown(other)} beside {odd.kind.value}{_shown(odd)}",
            hint=hints.get(other.kind, "cast(... as double) reads the numbers in a text"),
        )
    kind = kinds.pop() if kinds else Kind.NUMBER
    return [_as(step, kind, what) for step in steps]


def _shown(step: Step) -> str:
    """The step in brackets, when it is a column or a value."""
    match step:
        case Read(ColumnInfo() as info):
            return f" ({info.written[:64]})"
        case Constant(value, kind) if kind is not Kind.NULL:
            return f" ({str(value)[:64]!r})" if kind is Kind.TEXT else f" ({str(value)[:64]})"
    return ""


def _fraction(node: Call) -> float:
    """The fraction of a quantile, which is written out."""
    last = node.arguments[1] if len(node.arguments) == 2 else None
    if isinstance(last, Literal) and isinstance(last.value, float) and 0 <= last.value <= 1:
        return last.value
    raise _wrong(node, "a quantile takes a column and a fraction from 0 to 1", f"{node.function}(amount, 0.95)")


def _wrong(node: Call, message: str, hint: str) -> InvalidRequest:
    return InvalidRequest(f"{message} (character {node.at + 1})", hint=hint)
