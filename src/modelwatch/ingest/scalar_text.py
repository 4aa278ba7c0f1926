"""One scalar as text, the same way wherever a number or boolean stands in for a category."""

from __future__ import annotations


def scalar_text(value: str | int | float | bool) -> str:
    """Text as it is, booleans as JSON has them, whole numbers without a point, other floats by their shortest digits.

    >>> [scalar_text(value) for value in ("a", True, 3, 3.0, 0.1, 1e300, float("nan"), -0.0)]
    ['a', 'true', '3', '3', '0.1', '1e+300', 'nan', '0']
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53:
        return str(int(value))
    return str(value)
