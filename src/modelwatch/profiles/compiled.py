"""Compiling the loops that numpy has no word for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """`function` as machine code that runs without the interpreter lock, kept on disk where a folder is writable.

    numba refuses to decorate when it finds no folder for its cache (a read-only install without a home folder);
    the function is then compiled anew by each process, which costs it a few seconds once.
    """
    try:
        return cast("Function", numba.njit(nogil=True, cache=True)(function))
    except RuntimeError:
        return cast("Function", numba.njit(nogil=True)(function))
