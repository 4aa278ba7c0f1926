"""How long something lasts, in words."""

from __future__ import annotations

UNITS = ((86_400, "days"), (3_600, "h"), (60, "min"))


def span(seconds: float) -> str:
    """A length of time with two digits.

    >>> span(45), span(2_400), span(11_600), span(200_000), span(86_400)
    ('45 s', '40 min', '3.2 h', '2.3 days', '24 h')
    """
    for size, unit in UNITS:
        if seconds >= size * (1 if unit != "days" else 2):
            return f"{seconds / size:.2g} {unit}"
    return f"{seconds:.0f} s"
