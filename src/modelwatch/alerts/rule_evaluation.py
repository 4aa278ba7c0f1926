"""What a rule says at the end of each window: pure, from what is stored of the windows.

A condition is about one or more things, each with a track of windows. Where several conditions say `*`, they mean the
same one: a `binding` names the feature, segment, group, class and figure that are free in a rule. For each binding the
formula holds, does not, or cannot be judged (Kleene's three values); as in `persistence` only windows that do not
overlap are counted, a window that could not be judged decides nothing, and what fires goes on until no window at all
has said so for `k` lengths. Decisions by level look back themselves: a rule of nothing else ends when they do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Final, NamedTuple

from modelwatch.alerts.persistence import OUTPUT, Item
from modelwatch.alerts.rule import (
    FALLING,
    Condition,
    Formula,
    Joined,
    Rule,
    conditions_of,
)
from modelwatch.alerts.rule_judging import Judgement, Line, State, judged, told
from modelwatch.core.level import SEVERITIES, Level
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


NO: Final = Truth(False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says at a window's end: `items` are what fires, `held` the same for each binding."""

    state: State
    text: str
    items: Mapping[Measured, Item]
    held: Held


Tree = int | tuple[Joined, tuple["Tree", ...]]
"""A formula whose conditions are named by their places."""


@dataclass(slots=True)
class View:
    """What the conditions of a rule see under one binding, as time goes on; remembers what was said of each window.

    `things` [conditions] are what each condition is about, `lengths` [conditions] its newest window's length.
    """

    rule: Rule
    tree: Tree
    conditions: Sequence[Condition]
    lines: Sequence[Line]
    binding: Binding
    things: Sequence[Sequence[Measured]]
    lengths: list[int]
    said: dict[int, Truth] = field(default_factory=dict)
    seen_us: int | None = None

    def at(self, end: int) -> Truth:
        """What the formula says at a window's end."""
        found = self.said.get(end)
        if found is None:
            schedule = self.rule.schedule
            if schedule is not None and not schedule.holds(end):
                found = Truth(None, (), State.OFF_SCHEDULE, "outside its schedule")
            else:
                found = self.formula(self.tree, end)
            self.said[end] = found
        return found

    def formula(self, tree: Tree, end: int) -> Truth:
        """What a part of the formula says."""
        if isinstance(tree, tuple):
            return combined(tree[0], [self.formula(part, end) for part in tree[1]])
        condition, line, things = self.conditions[tree], self.lines[tree], self.things[tree]
        if line.fault:
            return Truth(None, (), State.ERROR, line.fault)
        if not things and line.free and line.tracks:
            return NO  # it is not among the things that this metric is of
        each = [(m, judged(condition, m, line.tracks[m], end, self.rule.min_rows)) for m in things]
        witnesses = tuple(Witness(condition, m, said) for m, said in each if said.holds)
        if witnesses:
            return Truth(True, witnesses)
        if any(said.holds is False for _, said in each):
            return NO
        worst = min((said for _, said in each), key=lambda said: BAD.index(said.state), default=None)
        return Truth(None, (), worst.state, worst.text) if worst else Truth(None, text="nothing is stored yet")

    def begin(self, first_us: int) -> None:
        """Take note of the newest windows before the first one that is evaluated."""
        for place, things in enumerate(self.things):
            for measured in things:
                track = self.lines[place].tracks[measured]
                newest = max((end for end in track if end < first_us), default=None)
                if newest is not None:
                    self.lengths[place] = track[newest].length_us
                    self.seen_us = max(newest, self.seen_us or newest)

    def step(self, end: int) -> int:
        """The longest window's length at a window's end; 0 where nothing is said of the binding then."""
        here = False
        for place, things in enumerate(self.things):
            tracks = self.lines[place].tracks
            for measured in things:
                sight = tracks[measured].get(end)
                if sight is not None:
                    self.lengths[place], here = sight.length_us, True
        length = max(self.lengths)
        if not here or end % grid(length):
            return 0
        self.seen_us = end
        return length

    def gone(self, end: int) -> bool:
        """True when nothing has been said of the binding for so long that what it said is over."""
        return self.seen_us is not None and end - self.seen_us > (self.rule.k + 1) * max(self.lengths)


def planted(formula: Formula, places: Iterator[int]) -> Tree:
    """A formula with places for conditions."""
    if isinstance(formula, Condition):
        return next(places)
    return formula.joined, tuple(planted(part, places) for part in formula.parts)


def views(rule: Rule, seen: Mapping[Condition, Line]) -> list[View]:
    """One view for each binding."""
    conditions = list(conditions_of(rule.formula))
    tree = planted(rule.formula, count())
    lines = [seen[each] for each in conditions]
    indexes: list[dict[Binding, list[Measured]]] = []
    for line in lines:
        found: dict[Binding, list[Measured]] = {}
        for measured in line.tracks:
            found.setdefault(bound(measured, line.free), []).append(measured)
        indexes.append(found)
    answer = []
    for binding in bindings(lines):
        wanted = [bound_to(binding, line.free) for line in lines]
        things = [index.get(each, []) for index, each in zip(indexes, wanted, strict=True)]
        answer.append(View(rule, tree, conditions, lines, binding, things, [0] * len(lines)))
    return answer


def bound_to(binding: Binding, free: Iterable[str]) -> Binding:
    """The part of a binding that a condition leaves free."""
    return tuple(value if name in free else None for name, value in zip(FREE, binding, strict=True))


def combined(joined: Joined, parts: Sequence[Truth]) -> Truth:
    """Three-valued and / or: what is unknown stays so unless the others decide."""
    decides = joined is Joined.ANY
    if decides and (true := [part for part in parts if part.holds]):
        return Truth(True, tuple(witness for part in true for witness in part.witnesses))
    if not decides and any(part.holds is False for part in parts):
        return NO
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


def evaluate(
    rule: Rule, lines: Mapping[Condition, Line], first_us: int, before: Sequence[Item] = (), last_us: int = 1 << 62
) -> dict[int, Verdict]:
    """What the rule says at each window's end from `first_us` to `last_us`, ascending; `before` fired just before.

    The lines hold earlier windows, too, on which it looks back.
    """
    seen = views(rule, lines)
    every = {end for line in lines.values() for track in line.tracks.values() for end in track}
    for view in seen:
        view.begin(first_us)
    held = {view.binding: mine for view in seen if (mine := tuple(i for i in before if of(i, view.binding)))}
    found: dict[int, Verdict] = {}
    for end in sorted(end for end in every if first_us <= end <= last_us):
        lengths = [view.step(end) for view in seen]
        truths = []
        for view, length in zip(seen, lengths, strict=True):
            if length:
                truths.append(view.at(end))
                settle(view, end, length, held)
            elif view.binding in held and view.gone(end):
                del held[view.binding]
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


def settle(view: View, end: int, length: int, held: dict[Binding, tuple[Item, ...]]) -> None:
    """Bring what fires under a binding in line with one more window."""
    if view.at(end).holds is None:
        return
    rule, old = view.rule, held.get(view.binding, ())
    recent = [at for at in range(end, end - rule.n * length, -length) if view.at(at).holds]
    if len(recent) >= rule.k:
        since = min((item.since_us for item in old), default=recent[-1])
        held[view.binding] = items_of(rule, view.at(recent[0]).witnesses, since, old)
    elif old and (lasts_already(rule) or clear(view, end, length)):
        del held[view.binding]


def lasts_already(rule: Rule) -> bool:
    """True when a rule only asks for decisions, which look back on several windows themselves."""
    return rule.n == 1 and all(each.level is not None for each in conditions_of(rule.formula))


def clear(view: View, end: int, length: int) -> bool:
    """True when no window that ended within the last `k` lengths says that the formula holds."""
    return not any(view.at(at).holds for at in range(end, end - view.rule.k * length, -grid(length)))


def items_of(rule: Rule, witnesses: Iterable[Witness], since_us: int, old: Sequence[Item]) -> tuple[Item, ...]:
    """What fires, in words; what fired before keeps the time since which it did."""
    known = {item.measured: item.since_us for item in old}
    answer = []
    for condition, measured, judgement in witnesses:
        level = SEVERITIES.get(rule.severity) or by_level(judgement.level)
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
