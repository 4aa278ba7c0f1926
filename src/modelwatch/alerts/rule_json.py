"""Rules as people write them, in JSON or YAML: read with errors that say what was meant, and written back.

The form that the requirements document shows is one of them: `{"rule_name": ..., "condition": {...}, "severity": ...}`.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Any, Final, TypeVar

from modelwatch.alerts.default_rules import DEFAULT_RULES
from modelwatch.alerts.life import CONDITIONS
from modelwatch.alerts.rule import (
    ANY_MODEL,
    DEFAULT_PREFIX,
    Change,
    Combination,
    Condition,
    Formula,
    Joined,
    Operator,
    Override,
    Rule,
    Severity,
    Unit,
    Written,
    conditions_of,
)
from modelwatch.alerts.rule_schedule import Schedule, zone_of
from modelwatch.alerts.time_of_day import FULL_DAY, WEEKDAYS, clock, minutes
from modelwatch.core.level import Level
from modelwatch.core.wire import MAX_NAME_BYTES
from modelwatch.errors import InvalidRequest

RULE_KEYS: Final = (
    *("rule_name", "model_id", "condition", "all", "any", "for", "min_rows", "environment", "version"),
    *("severity", "channels", "schedule", "enabled", "description"),
)
OVERRIDE_KEYS: Final = ("rule_name", "model_id", "severity", "channels", "enabled")
CONDITION_KEYS: Final = (
    *("metric", "subject", "feature", "segment", "group", "class", "operator", "threshold"),
    *("change", "against", "windows_ago", "level"),
)
MOST_CONDITIONS: Final = 20
MOST_CHANNELS: Final = 20
MOST_WINDOWS: Final = 100
MOST_AGO: Final = 400
MOST_ROWS: Final = 1_000_000_000
MOST_TEXT: Final = 2_000
KINDS: Final = tuple(DEFAULT_RULES)
"""What decisions by level are of; there is a rule for each without anyone writing one."""
SUBJECTS: Final = tuple(kind for kind in KINDS if kind not in CONDITIONS)
"""What a condition by level may name: what windows decide. Silence and failure are told by the clock."""
LEVELS: Final = (Level.WARNING, Level.CRITICAL)
Word = TypeVar("Word", bound=StrEnum)


def rule_from_json(said: object, model: str | None = None) -> Written:
    """The rule that was written; raises `InvalidRequest`. `model` is the one whose rules it was sent to, if any."""
    body = an_object(said, "a rule")
    name = text(body, "rule_name", "")
    if not name:
        raise InvalidRequest("rule_name is missing", hint='for example {"rule_name": "High PSI", "condition": {...}}')
    of = text(body, "model_id", model or "")
    if not of:
        raise InvalidRequest("model_id is missing", hint=f"the id of a model, or {ANY_MODEL} for each there is")
    if model is not None and of != model:
        raise InvalidRequest(f"model_id is {of!r}, and the address names {model!r}", hint="leave one of them out")
    if name.startswith(DEFAULT_PREFIX):
        return override_of(body, name, of)
    only(body, RULE_KEYS, "a rule")
    k, n = lasting(body.get("for"))
    return Rule(
        name,
        of,
        formula_of(body),
        word(body, "severity", Severity, Severity.WARNING),
        channels_of(body),
        k,
        n,
        whole(body, "min_rows", 200, 0, MOST_ROWS),
        text(body, "environment", ""),
        text(body, "version", ""),
        schedule_of(body.get("schedule")),
        switch(body),
        text(body, "description", "", MOST_TEXT),
    )


def override_of(body: Mapping[str, Any], name: str, model: str) -> Override:
    """What is changed about a rule that exists without anyone writing it."""
    only(body, OVERRIDE_KEYS, f"a change of {name}")
    kind = one_of(name.removeprefix(DEFAULT_PREFIX), KINDS, "rule_name", f"names that begin with {DEFAULT_PREFIX}")
    severity = word(body, "severity", Severity, Severity.BY_LEVEL)
    return Override(kind, model, switch(body), severity, channels_of(body))


def formula_of(body: Mapping[str, Any]) -> Formula:
    """The condition, or the list of which all or any must hold."""
    given = [key for key in ("condition", *Joined) if body.get(key) is not None]
    if len(given) != 1:
        raise InvalidRequest("a rule has one of condition, all and any", hint='"all": [{...}, {...}] joins conditions')
    found = read_formula(body["condition"] if given == ["condition"] else {given[0]: body[given[0]]}, depth=2)
    if len(list(conditions_of(found))) > MOST_CONDITIONS:
        raise InvalidRequest(f"a rule has at most {MOST_CONDITIONS} conditions", hint="write several rules")
    return found


def read_formula(said: object, depth: int) -> Formula:
    """A condition, or a combination with at most `depth` levels."""
    body = an_object(said, "a condition")
    joined = next((each for each in Joined if each.value in body), None)
    if joined is None:
        return condition_of(body)
    only(body, (joined.value,), "a combination")
    parts = body[joined.value]
    if depth == 0:
        raise InvalidRequest("conditions are nested too deep", hint="all of any, or any of all: one list in another")
    if not isinstance(parts, list) or not parts:
        raise InvalidRequest(f"{joined} must be a list of conditions", hint='"all": [{...}, {...}]')
    return Combination(joined, tuple(read_formula(each, depth - 1) for each in parts))


def condition_of(body: Mapping[str, Any]) -> Condition:
    """One comparison."""
    only(body, CONDITION_KEYS, "a condition")
    feature, segment, group, label = (text(body, key, "") for key in ("feature", "segment", "group", "class"))
    if body.get("level") is not None or body.get("subject") is not None:
        refuse(body, ("operator", "threshold", "change", "against", "windows_ago"), "beside a level")
        subject = text(body, "subject", "") or text(body, "metric", "")
        if subject in KINDS and subject not in SUBJECTS:
            raise InvalidRequest(
                f"{subject} is told by the clock, not by windows",
                hint=f"change the rule {DEFAULT_PREFIX}{subject} instead",
            )
        metric = one_of(subject, SUBJECTS, "subject", "what decisions by level are of")
        level = Level(one_of(text(body, "level", Level.WARNING.value), LEVELS, "level", "levels"))
        return Condition(metric, feature, segment, group, label, operator=Operator.GREATER_OR_EQUAL, level=level)
    metric = text(body, "metric", "")
    if not metric:
        raise InvalidRequest(
            "metric is missing", hint='for example "metric": "psi"; or "subject": "data_drift" with a "level"'
        )
    operator = word(body, "operator", Operator, Operator.GREATER_THAN)
    if operator is Operator.OUTSIDE_CHANCE:
        refuse(body, ("threshold", "change", "against", "windows_ago"), "beside outside_chance")
        return Condition(metric, feature, segment, group, label, operator=operator)
    return Condition(
        metric, feature, segment, group, label, operator=operator, threshold=number(body), change=change_of(body)
    )


def change_of(body: Mapping[str, Any]) -> Change | None:
    """The change that is held against the threshold, None for the value itself."""
    against, ago = body.get("against"), body.get("windows_ago")
    if body.get("change") is None:
        if against is not None or ago is not None:
            raise InvalidRequest("change is missing", hint='"change": "absolute" or "percent"')
        return None
    unit = word(body, "change", Unit, Unit.ABSOLUTE)
    if ago is not None:
        if against is not None:
            raise InvalidRequest("a change is against the baseline or against an earlier window", hint="leave one out")
        return Change(unit, whole(body, "windows_ago", 1, 1, MOST_AGO))
    if against not in (None, "baseline"):
        raise InvalidRequest(f"against is {str(against)[:60]!r}", hint='"against": "baseline", or "windows_ago": 7')
    return Change(unit)


def lasting(said: object) -> tuple[int, int]:
    """How many of how many windows must agree."""
    if said is None:
        return 1, 1
    body = an_object(said, "for")
    only(body, ("k", "n"), "for")
    k = whole(body, "k", 1, 1, MOST_WINDOWS)
    n = whole(body, "n", k, 1, MOST_WINDOWS)
    if k > n:
        raise InvalidRequest(f"for {k} of {n} windows is never so", hint="k is at most n")
    return k, n


def schedule_of(said: object) -> Schedule | None:
    """When the rule watches, None for always."""
    if said is None:
        return None
    body = an_object(said, "schedule")
    only(body, ("days", "from", "to", "zone"), "a schedule")
    days = body.get("days", list(WEEKDAYS))
    if not isinstance(days, list) or not days:
        raise InvalidRequest("days must be a list", hint=f"of {', '.join(WEEKDAYS)}")
    chosen = {one_of(str(day), WEEKDAYS, "days", "days") for day in days}
    start, end = minute_of(body, "from", 0), minute_of(body, "to", FULL_DAY)
    if start == end:
        raise InvalidRequest("a schedule from and to the same minute", hint="leave both out for whole days")
    zone = text(body, "zone", "UTC")
    try:
        zone_of(zone)
    except (OSError, KeyError, ValueError) as error:
        raise InvalidRequest(f"there is no time zone {zone[:60]!r}", hint="an IANA name: Europe/Berlin") from error
    return Schedule(tuple(day for day in WEEKDAYS if day in chosen), start, end, zone)


def minute_of(body: Mapping[str, Any], key: str, default: int) -> int:
    """A time of day in minutes since midnight. YAML 1.1 reads 9:30 without quotes as the number 570."""
    value = body.get(key, default)
    if isinstance(value, str):
        with suppress(ValueError):
            value = minutes(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= FULL_DAY:
        raise InvalidRequest(f"{key} is {str(value)[:20]!r}, which is no time of day", hint='"09:00", "17:30"')
    return value


def channels_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of channels, each once."""
    said = body.get("channels")
    if said is None:
        return ()
    if not isinstance(said, list) or len(said) > MOST_CHANNELS or not all(isinstance(each, str) for each in said):
        raise InvalidRequest(f"channels must be a list of at most {MOST_CHANNELS} names", hint='["slack", "email"]')
    return tuple(dict.fromkeys(checked(each, "a channel", MAX_NAME_BYTES) for each in said))


def an_object(said: object, what: str) -> Mapping[str, Any]:
    """A JSON object."""
    if not isinstance(said, dict) or not all(isinstance(key, str) for key in said):
        raise InvalidRequest(f"{what} must be an object")
    return said


def only(body: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    """Refuses keys that are not known."""
    for key in body:
        one_of(key, known, "the key", f"those of {what}")


def one_of(value: str, known: Collection[str], key: str, where: str) -> str:
    """The value when it is a known one; else says which one was probably meant."""
    if value in known:
        return value
    near = difflib.get_close_matches(value, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    raise InvalidRequest(f"{key} {value[:60]!r} is not among {where}", hint=hint)


def word(body: Mapping[str, Any], key: str, words: type[Word], default: Word) -> Word:
    """One of a fixed set of words."""
    said = body.get(key)
    if said is None:
        return default
    return words(one_of(str(said), [each.value for each in words], key, "its values"))


def refuse(body: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
    """Refuses keys that mean nothing here."""
    given = next((key for key in keys if body.get(key) is not None), None)
    if given is not None:
        raise InvalidRequest(f"{given} means nothing {where}", hint="leave it out")


def text(body: Mapping[str, Any], key: str, default: str, most: int = MAX_NAME_BYTES) -> str:
    """A text without control characters, null for the default. YAML reads a version 2.1 as a number."""
    value = body.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and key in ("version", "class"):
        value = str(value)
    if value is not None and not isinstance(value, str):
        raise InvalidRequest(f"{key} must be a text")
    return default if value is None else checked(value, key, most)


def checked(value: str, key: str, most: int) -> str:
    """A text that is short enough and can be shown."""
    if len(value.encode("utf-8", "surrogatepass")) > most or any(ord(c) < 32 and c not in "\n\t" for c in value):
        raise InvalidRequest(f"{key} is longer than {most} bytes or holds control characters")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidRequest(f"{key} is no valid Unicode") from error
    return value


def number(body: Mapping[str, Any]) -> float:
    """The threshold."""
    value = body.get("threshold")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InvalidRequest("threshold must be a number", hint='for example "threshold": 0.25')
    return float(value)


def whole(body: Mapping[str, Any], key: str, default: int, low: int, high: int) -> int:
    """A whole number within bounds."""
    value = body.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise InvalidRequest(f"{key} must be a whole number")
    if not low <= value <= high:
        raise InvalidRequest(f"{key} must lie between {low} and {high}")
    return int(value)


def switch(body: Mapping[str, Any]) -> bool:
    """Whether the rule is on."""
    value = body.get("enabled", True)
    if not isinstance(value, bool):
        raise InvalidRequest("enabled must be true or false")
    return value


def rule_to_json(rule: Written) -> dict[str, Any]:
    """The rule as it may be written again, without what is as it would be anyway."""
    said: dict[str, Any] = {"rule_name": rule.name, "model_id": rule.model}
    if isinstance(rule, Override):
        said |= {} if rule.severity is Severity.BY_LEVEL else {"severity": rule.severity.value}
    else:
        said |= (
            formula_said(rule.formula)
            if isinstance(rule.formula, Combination)
            else {"condition": formula_said(rule.formula)}
        )
        said |= {} if rule.n == 1 else {"for": {"k": rule.k, "n": rule.n}}
        said |= {} if rule.min_rows == 200 else {"min_rows": rule.min_rows}
        said |= {key: value for key in ("environment", "version") if (value := getattr(rule, key))}
        said["severity"] = rule.severity.value
        said |= {} if rule.schedule is None else {"schedule": schedule_said(rule.schedule)}
        said |= {"description": rule.description} if rule.description else {}
    said["channels"] = list(rule.channels)
    said["enabled"] = rule.enabled
    return said


def formula_said(formula: Formula) -> dict[str, Any]:
    """A formula as it is written."""
    if isinstance(formula, Combination):
        return {formula.joined.value: [formula_said(part) for part in formula.parts]}
    return condition_said(formula)


def condition_said(condition: Condition) -> dict[str, Any]:
    """A condition as it is written."""
    by_level = condition.level is not None
    said: dict[str, Any] = {"subject" if by_level else "metric": condition.metric}
    named = {"feature": condition.feature, "segment": condition.segment}
    named |= {"group": condition.group, "class": condition.label}
    said |= {key: value for key, value in named.items() if value}
    if condition.level is not None:
        return {**said, "level": condition.level.value}
    said["operator"] = condition.operator.value
    if condition.operator is Operator.OUTSIDE_CHANCE:
        return said
    said["threshold"] = condition.threshold
    if condition.change is not None:
        said["change"] = condition.change.unit.value
        ago = condition.change.windows_ago
        said |= {"against": "baseline"} if ago is None else {"windows_ago": ago}
    return said


def schedule_said(schedule: Schedule) -> dict[str, Any]:
    """A schedule as it is written."""
    hours = {"from": clock(schedule.start), "to": clock(schedule.end)}
    whole_days = (schedule.start, schedule.end) == (0, FULL_DAY)
    return {"days": list(schedule.days), **({} if whole_days else hours), "zone": schedule.zone}
