"""A data frame of any kind (pandas, polars, pyarrow, what narwhals reads), as narwhals sees it."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from modelwatch.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    import narwhals as nw


def open_frame(frame: object) -> nw.DataFrame[Any]:
    """The frame, collected where it is lazy; raises `InvalidRequest` for what is no frame or has two like names."""
    import narwhals as nw

    try:
        found = nw.from_native(frame)  # type: ignore[call-overload]
    except TypeError:
        found = from_arrow(frame)
    except nw.exceptions.DuplicateError as error:
        raise InvalidRequest(
            f"two columns of the frame have one name: {' '.join(str(error).split())[:200]}", hint="rename one of them"
        ) from error
    opened: nw.DataFrame[Any] = found.collect() if isinstance(found, nw.LazyFrame) else found
    return opened


def from_arrow(frame: object) -> Any:
    """What speaks the Arrow stream protocol, read by pyarrow or else polars."""
    import narwhals as nw

    refused = InvalidRequest(f"{type(frame).__name__} is no data frame", hint="give a pandas, polars or pyarrow table")
    if not hasattr(frame, "__arrow_c_stream__"):
        raise refused
    for backend in ("pyarrow", "polars"):
        try:
            return nw.from_arrow(frame, backend=backend)
        except ImportError:
            continue
        except Exception as error:  # each backend has its own for a stream that is no table
            raise refused from error
    raise InvalidRequest(f"{type(frame).__name__} needs pyarrow or polars to be read", hint="pip install pyarrow")


def no_such_column(source: object, known: Iterable[object], owner: str = "the frame") -> InvalidRequest:
    """The error for a column that is not there, with the nearest name that is."""
    names = [str(name) for name in known]
    near = get_close_matches(str(source), names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(names[:20])}" if names else "it has none"
    return InvalidRequest(f"{owner} has no column {source!r}", hint=hint)
