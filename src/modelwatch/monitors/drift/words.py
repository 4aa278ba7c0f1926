"""Numbers and shares as people read them."""

from __future__ import annotations

import sys

THIN: str = "\u2009"


def number(value: float) -> str:
    """Four significant digits.

    >>> number(1234.5678), number(0.5), number(1e9), number(-3.0), number(0.0)
    ('1235', '0.5', '1e+09', '−3', '0')
    """
    value = 0.0 if abs(value) < sys.float_info.min else value  # the next number after 0 is an edge like any other
    return f"{value + 0.0:.4g}".replace("-", "−", 1) if value < 0 else f"{value + 0.0:.4g}"


def percent(share: float) -> str:
    """A share in per cent without its sign: two digits that matter, never a false 0 or 100.

    >>> percent(0.1), percent(0.021), percent(0.00004), percent(0.0), percent(1.0), percent(0.9996)
    ('10', '2.1', '0.004', '0', '100', '99.96')
    """
    value = share * 100
    if value in (0.0, 100.0):
        return f"{value:.0f}"
    if value > 99:
        return f"{value:.2f}".rstrip("0").rstrip(".") if value < 99.995 else "over 99.99"
    return f"{value:.0f}" if value >= 9.95 else f"{value:.2g}" if value >= 0.0001 else "under 0.0001"


def change(before: float, after: float) -> str:
    """Two shares with an arrow between them.

    >>> change(0.021, 0.14) == f"2.1 → 14{THIN}%"
    True
    """
    return f"{percent(before)} → {percent(after)}{THIN}%"


def odds(p: float) -> str:
    """A probability as one in so many.

    >>> odds(0.001), odds(0.04), odds(0.6), odds(4e-6), odds(0.0)
    ('1 in 1,000', '1 in 25', '60\u2009%', '1 in 250,000', 'under 1 in a billion')
    """
    if p < 1e-9:
        return "under 1 in a billion"
    if p > 0.1:
        return f"{percent(p)}{THIN}%"
    digits = max(len(f"{1 / p:.0f}") - 3, 0)
    return f"1 in {round(1 / p, -digits):,.0f}"


def times(value: float) -> str:
    """How many, with one decimal where it matters.

    >>> times(3.74), times(15.2)
    ('3.7', '15')
    """
    return f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
