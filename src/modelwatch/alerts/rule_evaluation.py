"""What a rule says at the end of each window: pure, from what is stored of the windows.

A condition is about one or more things, each with a track of windows. Where several conditions say `*`, they mean the
same one: a `binding` names the feature, segment, group, class and figure that are free in a rule. For each binding the
formula holds, does not, or cannot be judged (Kleene's three values); as in `persistence` only windows that do not
overlap are counted, a window that could not be judged decides nothing, and what fires goes on until no window at all
has said so for `k` lengths. Decisions by level look back themselves: a rule of nothing else ends when they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from modelwatch.alerts.persistence import OUTPUT, Item
from modelwatch.alerts.rule import (
    FALLING,
    SEVERITY_LEVELS,
    Combination,
    Condition,
    Formula,
    Joined,
    Rule,
    conditions_of,
)
from modelwatch.alerts.rule_judging import Judgement, Line, State, judged, told
from modelwatch.core.level import Level
from modelwatch.core.measured import Measured
from modelwatch.core.segment import from_key
from modelwatch.core.window import grid

FREE: Final = ("column", "segment", "cut", "label", "figure")
"""What may be free in a condition."""
MOST_BINDINGS: Final = 2_000
Binding = tuple[object, ...]
"""The values of `FREE`; None for what is not free."""
NOTHING: Final[Binding] = (None,) * len(FREE)
BAD: Final = (State.ERROR, State.NO_DATA, State.INSUFFICIENT_DATA)
"""Why nothing was said, the worst first."""
Held = Mapping[Binding, tuple[Item, ...]]


class Witness(NamedTuple):
    """A condition that holds, of one thing."""

    condition: Condition
    measured: Measured
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Truth:
    """What a formula says at a window's end: it holds because of the witnesses, or not, or could not be judged."""

    holds: bool | None
    witnesses: tuple[Witness, ...] = ()
    state: State = State.NO_DATA
    text: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says at a window's end: `items` are what fires, `held` the same for each binding."""

    state: State
    text: str
    items: Mapping[Measured, Item]
    held: Held


@dataclass(slots=True)
class Sighting:
    """The lines of one rule, looked up by binding; remembers what was said of each window."""

    rule: Rule
    lines: Mapping[Condition, Line]
    said: dict[tuple[Binding, int], Truth] = field(default_factory=dict)
    index: dict[Condition, dict[Binding, list[Measured]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for condition, line in self.lines.items():
            found: dict[Binding, list[Measured]] = {}
            for measured in line.tracks:
                found.setdefault(bound(measured, line.free), []).append(measured)
            self.index[condition] = found

    def meant(self, condition: Condition, binding: Binding) -> Sequence[Measured]:
        """What a condition is about under a binding."""
        free = self.lines[condition].free
        wanted = tuple(value if name in free else None for name, value in zip(FREE, binding, strict=True))
        return self.index[condition].get(wanted, ())

    def at(self, binding: Binding, end: int) -> Truth:
        """What the formula says at a window's end."""
        key = (binding, end)
        if key not in self.said:
            schedule = self.rule.schedule
            if schedule is not None and not schedule.holds(end):
                self.said[key] = Truth(None, (), State.OFF_SCHEDULE, "outside its schedule")
            else:
                self.said[key] = self.formula(self.rule.formula, binding, end)
        return self.said[key]

    def formula(self, formula: Formula, binding: Binding, end: int) -> Truth:
        """What a part of the formula says."""
        if isinstance(formula, Combination):
            return combined(formula.joined, [self.formula(part, binding, end) for part in formula.parts])
        line = self.lines[formula]
        if line.fault:
            return Truth(None, (), State.ERROR, line.fault)
        found = self.meant(formula, binding)
        if not found and line.free and line.tracks:
            return Truth(False)  # it is not among the things that this metric is of
        each = [(m, judged(formula, m, line.tracks[m], end, self.rule.min_rows)) for m in found]
        witnesses = tuple(Witness(formula, m, said) for m, said in each if said.holds)
        if witnesses:
            return Truth(True, witnesses)
        if any(said.holds is False for _, said in each):
            return Truth(False)
        worst = min((said for _, said in each), key=lambda said: BAD.index(said.state), default=None)
        return Truth(None, (), worst.state, worst.text) if worst else Truth(None, text="nothing is stored yet")


def combined(joined: Joined, parts: Sequence[Truth]) -> Truth:
    """Three-valued and / or: what is unknown stays so unless the others decide."""
    decides = joined is Joined.ANY
    if decides and (true := [part for part in parts if part.holds]):
        return Truth(True, tuple(witness for part in true for witness in part.witnesses))
    if not decides and any(part.holds is False for part in parts):
        return Truth(False)
    unknown = [part for part in parts if part.holds is None]
    if unknown:
        return unknown[0]
    return Truth(not decides, tuple(witness for part in parts for witness in part.witnesses))


def bound(measured: Measured, free: Iterable[str]) -> Binding:
    """The free values of a thing."""
    return tuple(getattr(measured, name) if name in free else None for name in FREE)


def bindings(lines: Iterable[Line]) -> list[Binding]:
    """Every combination of free values that some condition is about; equal names are one."""
    found: dict[Binding, None] = {NOTHING: None}
    for line in lines:
        parts = dict.fromkeys(bound(measured, line.free) for measured in line.tracks)
        pairs = [
            (a, b)
            for a in found
            for b in parts
            if all(x is None or y is None or x == y for x, y in zip(a, b, strict=True))
        ]
        used = {a for a, _ in pairs} | {b for _, b in pairs}
        merged = dict.fromkeys(tuple(y if x is None else x for x, y in zip(a, b, strict=True)) for a, b in pairs)
        found = merged | {a: None for a in (*found, *parts) if a not in used}
    return list(found)[:MOST_BINDINGS]


def alike(one: Binding, other: Binding) -> bool:
    """True when two bindings name nothing differently."""
    return all(x is None or y is None or x == y for x, y in zip(one, other, strict=True))


@dataclass(slots=True)
class Pace:
    """The window lengths under a binding as time goes on: the longest of its conditions' counts."""

    sighting: Sighting
    binding: Binding
    lengths: dict[Condition, int] = field(default_factory=dict)
    seen_us: int | None = None

    def step(self, end: int) -> int:
        """The length at a window's end; 0 where nothing is said of the binding then."""
        here = False
        for condition, line in self.sighting.lines.items():
            for measured in self.sighting.meant(condition, self.binding):
                sight = line.tracks[measured].get(end)
                if sight is not None:
                    self.lengths[condition], here = sight.length_us, True
        length = max(self.lengths.values(), default=0)
        if not here or end % grid(length):
            return 0
        self.seen_us = end
        return length

    def gone(self, end: int, k: int) -> bool:
        """True when nothing has been said of the binding for so long that what it said is over."""
        length = max(self.lengths.values(), default=0)
        return self.seen_us is not None and end - self.seen_us > (k + 1) * length


def evaluate(
    rule: Rule, lines: Mapping[Condition, Line], first_us: int, before: Sequence[Item] = (), last_us: int = 1 << 62
) -> dict[int, Verdict]:
    """What the rule says at each window's end from `first_us` to `last_us`, ascending; `before` fired just before.

    The lines hold earlier windows, too, on which it looks back.
    """
    sighting = Sighting(rule, lines)
    paces = [Pace(sighting, binding) for binding in bindings(lines.values())]
    ends = sorted({end for line in lines.values() for track in line.tracks.values() for end in track})
    held = {pace.binding: mine for pace in paces if (mine := tuple(i for i in before if of(i, pace.binding)))}
    found: dict[int, Verdict] = {}
    for end in ends:
        lengths = [(pace, pace.step(end)) for pace in paces]
        if end < first_us or end > last_us:
            continue
        truths = []
        for pace, length in lengths:
            if length:
                truths.append(truth := sighting.at(pace.binding, end))
                settle(sighting, pace.binding, end, length, truth, held)
            elif pace.binding in held and pace.gone(end, rule.k):
                del held[pace.binding]
        if truths:
            found[end] = verdict(truths, dict(held))
    return found


def of(item: Item, binding: Binding) -> bool:
    """True when an item may stand for a binding."""
    measured = item.measured
    if measured is None:
        return False
    values = zip(FREE, binding, strict=True)
    return all(value is None or getattr(measured, name) in (value, None, "") for name, value in values)


def settle(
    sighting: Sighting, binding: Binding, end: int, length: int, truth: Truth, held: dict[Binding, tuple[Item, ...]]
) -> None:
    """Bring what fires of a binding in line with one more window."""
    if truth.holds is None:
        return
    rule, old = sighting.rule, held.get(binding, ())
    recent = [at for at in range(end, end - rule.n * length, -length) if sighting.at(binding, at).holds]
    if len(recent) >= rule.k:
        since = min((item.since_us for item in old), default=recent[-1])
        held[binding] = items_of(rule, sighting.at(binding, recent[0]).witnesses, since, old)
    elif old and (lasts_already(rule) or clear(sighting, binding, end, length)):
        del held[binding]


def lasts_already(rule: Rule) -> bool:
    """True when a rule only asks for decisions, which look back on several windows themselves."""
    return rule.n == 1 and all(each.level is not None for each in conditions_of(rule.formula))


def clear(sighting: Sighting, binding: Binding, end: int, length: int) -> bool:
    """True when no window that ended within the last `k` lengths says that the formula holds."""
    past = range(end, end - sighting.rule.k * length, -grid(length))
    return not any(sighting.at(binding, at).holds for at in past)


def items_of(rule: Rule, witnesses: Iterable[Witness], since_us: int, old: Sequence[Item]) -> tuple[Item, ...]:
    """What fires, in words; what fired before keeps the time since which it did."""
    known = {item.measured: item.since_us for item in old}
    answer = []
    for condition, measured, judgement in witnesses:
        level = SEVERITY_LEVELS.get(rule.severity) or by_level(judgement.level)
        item = Item(
            measured.column or OUTPUT,
            level,
            judgement.value,
            None,
            known.get(measured, since_us),
            from_key(measured.segment) if measured.segment else None,
            how=told(condition, measured, judgement),
        )
        answer.append(replace(item, measured=measured, falls=condition.operator in FALLING))
    return tuple(answer)


def by_level(decided: Level | None) -> Level:
    """The severity of a rule that leaves it to the decision: a warning where nothing graver was decided."""
    return Level.CRITICAL if decided is Level.CRITICAL else Level.WARNING


def verdict(truths: Sequence[Truth], held: Held) -> Verdict:
    """What is said of the rule as a whole."""
    items = {item.measured: item for mine in held.values() for item in mine if item.measured is not None}
    unknown = [truth for truth in truths if truth.holds is None]
    reasons = sorted(unknown, key=lambda truth: list(State).index(truth.state))
    left = f"{len(unknown)} of {len(truths)} could not be judged: {reasons[0].text}" if unknown else ""
    if items:
        return Verdict(State.FIRING, "; ".join([i.how for i in items.values()][:3]), items, held)
    if any(truth.holds for truth in truths):
        return Verdict(State.PENDING, "it holds, and not yet for as many windows as asked for", items, held)
    if len(unknown) < len(truths):
        return Verdict(State.OK, left, items, held)
    return Verdict(reasons[0].state, reasons[0].text, items, held)
