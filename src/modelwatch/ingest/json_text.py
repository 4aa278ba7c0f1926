"""JSON text -> plain values; what orjson refuses or rounds is read again by the slower parser of Python.

That is: NaN and Infinity, which are kept; 1e999, which is infinity; integers beyond 64 bits, which stay exact; and half
surrogates, which sink only their own row. Of a key that comes twice the last one counts, as in every common parser.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import orjson

from modelwatch.errors import InvalidRequest

DIGITS: Final = b" " * 46 + b". " + b"0" * 10 + b" " * 198
"""Makes every digit a 0 and all else a blank, points excepted."""
LONG_NUMBER: Final = b"0" * 20


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that is no JSON, or JSON that is no text: what is wrong with it, and the line."""

    detail: str
    line: str


def parse(text: bytes) -> Any:
    """The value of one JSON text; raises `InvalidRequest` with the position of what is wrong."""
    if not has_long_integer(text):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            pass
    return parse_slowly(text)


def has_long_integer(text: bytes) -> bool:
    """True when 20 digits follow each other that are no fraction: integers beyond 64 bits, which orjson would round.

    >>> has_long_integer(b"[18446744073709551616]"), has_long_integer(b"[0.00018446744073709551616, 123]")
    (True, False)
    """
    digits = text.translate(DIGITS)
    at = digits.find(LONG_NUMBER)
    while at >= 0:
        if not at or digits[at - 1 : at] == b" ":
            return True
        end = digits.find(b" ", at)
        at = digits.find(LONG_NUMBER, end) if end >= 0 else -1
    return False


def parse_slowly(text: bytes) -> Any:
    """As `parse`, by Python's own parser."""
    try:
        return json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"the JSON is not UTF-8 at byte {error.start}", hint="encode it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise InvalidRequest(
            f"the JSON is broken at line {error.lineno} column {error.colno}: {error.msg}",
            hint="send an object, a list of objects, or one object a line as application/x-ndjson",
        ) from error
    except RecursionError as error:
        raise InvalidRequest("the JSON is nested too deeply", hint="features are flat: name -> value") from error
    except ValueError as error:  # an integer of more than 4,300 digits
        raise InvalidRequest(f"the JSON cannot be read: {error}") from error


def parse_lines(body: bytes) -> list[Any]:
    """The values of an NDJSON body; a line that is broken becomes `Malformed`, a blank one is passed over."""
    values: list[Any] = []
    for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if not line.strip():
            continue
        try:
            values.append(parse(line))
        except InvalidRequest as error:
            values.append(Malformed(error.message, line[:16_384].decode("utf-8", "replace")))
    return values
