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

DIGITS: Final = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
LONG_NUMBER: Final = b"0" * 20
"""Every integer beyond 64 bits has at least 20 digits; orjson would round it to a float."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line that is no JSON, or JSON that is no text: what is wrong with it, and the line."""

    detail: str
    line: str


def parse(text: bytes) -> Any:
    """The value of one JSON text; raises `InvalidRequest` with the position of what is wrong."""
    if LONG_NUMBER not in text.translate(DIGITS):
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            pass
    return parse_slowly(text)


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
