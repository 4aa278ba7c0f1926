"""The command line: `modelwatch serve`, `modelwatch demo`, `modelwatch doctor`."""

from modelwatch.cli.main import main

__all__ = ["main"]
