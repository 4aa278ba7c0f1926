"""The command line: `modelwatch serve`, `modelwatch demo`, `modelwatch doctor`, `modelwatch compare`."""

from modelwatch.cli.main import main

__all__ = ["main"]
