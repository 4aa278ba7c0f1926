"""An expression's text -> its words and signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from modelwatch.errors import InvalidRequest

MAX_CHARACTERS: Final = 4_000

KEYWORDS: Final = frozenset(
    re.findall(
        r"\w+",
        "and as between case cast distinct else end extract false filter from ilike in is like not null or select then "
        "true when where",
    )
)
"""Words that are no column unless quoted."""

STATEMENTS: Final = frozenset(
    re.findall(
        r"\w+",
        "alter analyze attach begin call checkpoint comment commit copy create delete describe detach drop execute "
        "explain export from import insert install load merge pivot pragma prepare reset rollback select set show "
        "summarize truncate update use vacuum values with",
    )
)


class Kind(Enum):
    """What a token is."""

    NUMBER = auto()
    STRING = auto()
    WORD = auto()
    QUOTED = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, string or sign; `text` is without quotes, keywords and signs as they are compared."""

    kind: Kind
    text: str
    at: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, not quoted, in any case."""
        return self.kind is Kind.WORD and self.text.lower() in words

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind is Kind.SIGN and self.text in signs


PATTERN: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>--|/\*)
      | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?!\w)
      | (?P<string>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+")
      | (?P<word>[^\W\d]\w*)
      | (?P<sign><=|>=|<>|!=|::|[-+*/%(),.=<>])""",
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    """The tokens of an expression, `END` last; raises InvalidRequest where the text is none."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidRequest(f"the expression has {len(text)} characters", hint=f"at most {MAX_CHARACTERS}")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = PATTERN.match(text, at)
        if match is None or match.lastgroup == "comment":
            raise _unexpected(text, at)
        piece = match.group()
        match match.lastgroup:
            case "number":
                found.append(Token(Kind.NUMBER, piece, at))
            case "string":
                found.append(Token(Kind.STRING, piece[1:-1].replace("''", "'"), at))
            case "quoted":
                found.append(Token(Kind.QUOTED, piece[1:-1].replace('""', '"'), at))
            case "word":
                found.append(Token(Kind.WORD, piece, at))
            case "sign":
                found.append(Token(Kind.SIGN, "<>" if piece == "!=" else piece, at))
        at = match.end()
    found.append(Token(Kind.END, "", at))
    if found[0].is_word("select") or (found[0].is_word(*STATEMENTS) and not found[1].is_sign("(", ".")):
        raise InvalidRequest(
            "a metric is one expression, not a statement", hint="write sum(amount), without SELECT and FROM"
        )
    return found


def _unexpected(text: str, at: int) -> InvalidRequest:
    hints = {
        "'": "the string that begins here has no end",
        '"': "the quoted name that begins here has no end, or is empty",
        ";": "a metric is one expression",
        "-": "comments are not taken",
        "/": "comments are not taken",
        "^": "write power(x, y)",
        "|": "texts cannot be joined",
        "[": "there are no lists",
        "{": "there are no structures",
        "$": "there are no parameters",
        "?": "there are no parameters",
    }
    number = "a name that begins with a digit is written in double quotes" if text[at].isdigit() else ""
    return InvalidRequest(f"{text[at]!r} at character {at + 1} has no meaning here", hint=hints.get(text[at], number))
