"""The demo: a model of New York's flights, trained on early 2013 and watched through the rest of that year.

The way: flights -> delays -> replay -> found -> report; `story` tells it, `kept` remembers how far it has come.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from modelwatch.errors import MissingExtra

if TYPE_CHECKING:
    from rich.console import Console

    from modelwatch.cli.demo.story import DemoResult


def run(url: str, data_folder: Path, console: Console | None = None, *, api_key: str = "") -> DemoResult:
    """Runs the demo against the server at `url`, or what `data_folder` still lacks of it, and prints what was found.

    Raises `MissingExtra` without the extra `demo`, `ModelwatchError` when the server does not take or answer something.
    """
    try:
        from rich.console import Console

        from modelwatch.cli.demo.story import tell
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("modelwatch"):
            raise
        raise MissingExtra(f"the demo needs {error.name}", hint="pip install 'modelwatch[demo]'") from error
    return tell(url, data_folder, console or Console(), api_key=api_key)
