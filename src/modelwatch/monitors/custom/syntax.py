"""The tree that the parser makes of an expression; `at` is the place in the text, from 0."""

from __future__ import annotations

from dataclasses import dataclass

from modelwatch.monitors.custom.values import Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the text; a time is in microseconds."""

    value: float | bool | str | None
    kind: Kind
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A column: `name`, or `scope.name`. A quoted name is taken letter by letter."""

    scope: str
    name: str
    quoted: bool
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator, which is a function with a sign for a name.

    `count(*)` has no arguments and is `star`; `where` is the condition of FILTER.
    """

    function: str
    arguments: tuple[Node, ...]
    at: int
    star: bool = False
    distinct: bool = False
    where: Node | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """CASE WHEN condition THEN value ... ELSE otherwise END."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node
    at: int


Node = Literal | Name | Call | Case
