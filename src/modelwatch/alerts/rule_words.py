"""A rule in words, for the page of rules and for alerts."""

from __future__ import annotations

from modelwatch.alerts.rule import ANY, SIGNS, Combination, Condition, Formula, Joined, Override, Unit, Written
from modelwatch.alerts.rule_schedule import Schedule
from modelwatch.alerts.time_of_day import FULL_DAY, clock


def in_words(rule: Written) -> str:
    """What the rule watches.

    >>> from modelwatch.alerts.rule import Rule
    >>> in_words(Rule("High PSI", "fraud", Condition("psi", "amount", threshold=0.25), k=2, n=3))
    'psi of amount > 0.25 in 2 of 3 windows'
    """
    if isinstance(rule, Override):
        return f"{rule.kind.replace('_', ' ')} by decision level"
    words = formula_words(rule.formula)
    if rule.n > 1:
        words += f" in {rule.k} of {rule.n} windows"
    return words if rule.schedule is None else f"{words}, {schedule_words(rule.schedule)}"


def formula_words(formula: Formula, inside: bool = False) -> str:
    """A formula in words."""
    if isinstance(formula, Condition):
        return condition_words(formula)
    joined = (" and " if formula.joined is Joined.ALL else " or ").join(
        formula_words(part, inside=True) for part in formula.parts
    )
    return f"({joined})" if inside and isinstance(formula, Combination) else joined


def condition_words(condition: Condition) -> str:
    """A comparison in words."""
    what = condition.metric.replace("_", " ") + of_what(condition)
    if condition.level is not None:
        return f"{what} is {condition.level.value}" + (" or worse" if condition.level.value == "warning" else "")
    return f"{what} {compared_words(condition)}"


def compared_words(condition: Condition) -> str:
    """What a value is held against.

    >>> compared_words(Condition("psi", threshold=0.25))
    '> 0.25'
    """
    sign = SIGNS.get(condition.operator)
    if sign is None:
        return "outside what chance allows"
    change = condition.change
    if change is None:
        return f"{sign} {condition.threshold:g}"
    unit = " %" if change.unit is Unit.PERCENT else ""
    against = "the baseline" if change.windows_ago is None else f"{change.windows_ago} windows ago"
    return f"changed {sign} {condition.threshold:+g}{unit} against {against}"


def of_what(condition: Condition) -> str:
    """The feature, segment, group and class that a condition names."""
    names = {" of": condition.feature, " in": condition.segment, " for": condition.group, " of class": condition.label}
    each = {" of": "any feature", " in": "any segment", " for": "any group", " of class": "any class"}
    words = [f"{link} {each[link] if name == ANY else name}" for link, name in names.items() if name]
    return "".join(words).replace(" of class any class", " of any class")


def schedule_words(schedule: Schedule) -> str:
    """When a rule watches, in words."""
    days = ", ".join(schedule.days)
    if (schedule.start, schedule.end) == (0, FULL_DAY):
        return f"on {days} ({schedule.zone})"
    return f"on {days} {clock(schedule.start)} to {clock(schedule.end)} ({schedule.zone})"
