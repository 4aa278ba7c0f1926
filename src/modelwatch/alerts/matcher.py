"""Which alerts a silence, a mute time or a route means: every word that is given must fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from modelwatch.core.level import CODE, Level


@dataclass(frozen=True, slots=True)
class About:
    """What an alert is about, as far as matchers ask. `features` are the columns that it names."""

    model: str
    environment: str
    version: str
    kind: str
    level: Level
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matcher:
    """Words that an alert must fit; '' and None fit all. In `model`, `kind` and `feature`, `*` stands for any text.

    >>> Matcher(model="fraud*", at_most=Level.WARNING).fits(About("fraud/eu", "", "1", "data_drift", Level.WARNING))
    True
    >>> Matcher(feature="age").fits(About("m", "", "1", "data_drift", Level.WARNING, ("age", "amount")))
    False
    """

    model: str = ""
    environment: str = ""
    version: str = ""
    kind: str = ""
    feature: str = ""
    at_least: Level | None = None
    at_most: Level | None = None

    def fits(self, about: About) -> bool:
        """True when every word fits. A feature must be all that the alert names: what is not meant stays loud."""
        return (
            like(about.model, self.model)
            and self.environment in ("", about.environment)
            and self.version in ("", about.version)
            and like(about.kind, self.kind)
            and (self.at_least is None or CODE[about.level] <= CODE[self.at_least])
            and (self.at_most is None or CODE[about.level] >= CODE[self.at_most])
            and (not self.feature or self.fits_features(about.features))
        )

    def fits_features(self, features: tuple[str, ...]) -> bool:
        """True when all of them are meant and there is one."""
        return bool(features) and all(like(each, self.feature) for each in features)

    def to_json(self) -> dict[str, str]:
        """What was given, by name."""
        words = {name: getattr(self, name) for name in WORDS}
        levels = {name: getattr(self, name).value for name in LEVELS if getattr(self, name) is not None}
        return {name: word for name, word in words.items() if word} | levels


WORDS = ("model", "environment", "version", "kind", "feature")
LEVELS = ("at_least", "at_most")


def matcher_from(said: Mapping[str, Any]) -> Matcher:
    """The matcher that `to_json` gave."""
    words: dict[str, Any] = {name: str(said[name]) for name in WORDS if name in said}
    return Matcher(**words, **{name: Level(said[name]) for name in LEVELS if name in said})


def like(text: str, pattern: str) -> bool:
    """True when the text fits the pattern, in which only `*` means more than itself.

    >>> like("a[1]/b", "a[1]/*"), like("ab", "a"), like("ab", "")
    (True, False, True)
    """
    return not pattern or fnmatchcase(text, pattern.replace("[", "[[]").replace("?", "[?]"))
