"""HTML that is safe by construction: text is escaped unless it was built here, names given by users are isolated."""

from __future__ import annotations

import unicodedata
from html import escape
from typing import Final

from modelwatch.core.level import Level
from modelwatch.reports.words import LEVEL_WORDS

VOID: Final = frozenset({"meta", "input", "br", "rect", "path", "circle", "line"})
LONGEST_NAME: Final = 44
INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class Safe(str):
    """Markup that was built by `el` or written here; any other text is escaped."""

    __slots__ = ()


def el(tag: str, *children: str, **attributes: str | float | bool | None) -> Safe:
    """An element; None and False leave an attribute out, `_` in attribute names is `-`, a last `_` is dropped.

    >>> el("b", "1 < 2", class_="x", data_n=3, hidden=False)
    '<b class="x" data-n="3">1 &lt; 2</b>'
    """
    parts = []
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        name = key.rstrip("_").replace("_", "-")
        parts.append(f" {name}" if value is True else f' {name}="{escape(figure(value))}"')
    head = f"<{tag}{''.join(parts)}>"
    if tag in VOID and not children:
        return Safe(head if tag in ("meta", "input", "br") else f"{head[:-1]}/>")
    return Safe(f"{head}{join(*children)}</{tag}>")


def join(*children: str) -> Safe:
    """Text and elements one after the other."""
    return Safe("".join(child if isinstance(child, Safe) else escape(child, quote=False) for child in children))


def figure(value: str | float) -> str:
    """A number for an attribute in as few digits as a picture needs."""
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def name(text: str, longest: int = LONGEST_NAME) -> Safe:
    """A name given by a user: isolated, its control marks shown, cut in the middle and whole on hover.

    >>> name("amount")
    '<bdi>amount</bdi>'
    """
    if not text:
        return el("bdi", "(empty name)", class_="empty-name")
    shown = text if len(text) <= longest else f"{text[: longest * 2 // 3 - 1]}…{text[-longest // 3 :]}"
    pieces: list[str] = []
    plain = ""
    for character in shown:
        if unicodedata.category(character) in INVISIBLE:
            pieces += [plain, el("span", f"U+{ord(character):04X}", class_="control")]
            plain = ""
        else:
            plain += character
    whole = printable(text) if shown != text else None
    return el("bdi", *pieces, plain, title=whole)


def printable(text: str) -> str:
    """A name for a place that holds text only.

    >>> printable("a" + chr(0x202E) + "b")
    'aU+202Eb'
    """
    return "".join(f"U+{ord(c):04X}" if unicodedata.category(c) in INVISIBLE else c for c in text)


SHAPES: Final = {
    Level.CRITICAL: Safe(
        '<rect x="0.5" y="0.5" width="11" height="11" rx="1.5" fill="currentColor"/>'
        '<path d="M6 3v3.6M6 8.4v.9" class="cut"/>'
    ),
    Level.WARNING: Safe('<path d="M6 .8 11.8 11.2H.2z" fill="currentColor"/>'),
    Level.ERROR: Safe('<path d="M1.8 1.8l8.4 8.4M10.2 1.8l-8.4 8.4" class="stroke-2"/>'),
    Level.NO_DATA: Safe('<path d="M10.4 6A4.4 4.4 0 1 1 1.6 6a4.4 4.4 0 1 1 8.8 0zM2.9 9.1l6.2-6.2" class="stroke"/>'),
    Level.NOTICE: Safe('<path d="M6 1.2 10.8 6 6 10.8 1.2 6z" class="stroke"/>'),
    Level.INSUFFICIENT_DATA: Safe('<circle cx="6" cy="6" r="4.4" class="stroke dotted"/>'),
    Level.OK: Safe('<circle cx="6" cy="6" r="3.2" class="stroke"/>'),
}


def level_class(level: Level) -> str:
    """The class that carries a level's colours."""
    return f"level-{level.value.replace('_', '-')}"


def level_mark(level: Level) -> Safe:
    """Shape, word and colour of a level."""
    shape = el("svg", SHAPES[level], class_="mark", width=12, height=12, viewBox="0 0 12 12", aria_hidden="true")
    return el("span", shape, el("span", LEVEL_WORDS[level]), class_=f"level {level_class(level)}")
