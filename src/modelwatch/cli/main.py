"""Commands, their flags, and what they return to the shell: 0 done, 1 failed, 2 used wrongly."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import get_type_hints

import modelwatch
from modelwatch.cli import compare, rules
from modelwatch.errors import MissingExtra, ModelwatchError
from modelwatch.settings import Settings, load

SERVER_EXTRA = "pip install 'modelwatch[server]'"
DEMO_EXTRA = "pip install 'modelwatch[demo]'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    parser = commands()
    chosen = parser.parse_args(arguments)
    if chosen.command is None:
        parser.print_help()
        return 2
    try:
        if chosen.command == "compare":
            return compare.run(chosen)
        if chosen.command == "rules":
            return rules.run(chosen)
        settings = load(flags(chosen), os.environ, chosen.config)
        match chosen.command:
            case "serve":
                return serve(settings, supervised=chosen.supervised)
            case "demo":
                return demo(settings, keep_serving=not chosen.once)
            case _:
                return doctor(settings)
    except ModelwatchError as error:
        print(f"modelwatch: {error.message}", file=sys.stderr)
        if error.hint:
            print(f"  {error.hint}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def commands() -> argparse.ArgumentParser:
    """The parser of the command line; every setting is a flag."""
    parser = argparse.ArgumentParser(prog="modelwatch", description="Watches machine-learning models in production.")
    parser.add_argument("--version", action="version", version=f"modelwatch {modelwatch.__version__}")
    sub = parser.add_subparsers(dest="command", metavar="COMMAND")
    texts = {
        "serve": "run the server and keep everything in one folder",
        "demo": "run the server, replay the New York flights of 2013 into it, and go on serving",
        "doctor": "say what is installed, where data lies and whether it is well",
    }
    for name, text in texts.items():
        command = sub.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        add_settings(command)
        if name == "serve":
            command.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)
        if name == "demo":
            command.add_argument("--once", action="store_true", help="stop when the demo is done")
    compare.add_command(sub)
    rules.add_command(sub)
    return parser


def add_settings(command: argparse.ArgumentParser) -> None:
    """Give a command one flag per setting."""
    group = command.add_argument_group("settings", "also MODELWATCH_* variables, or lines of the --config file")
    group.add_argument("--config", type=Path, metavar="FILE", help="a TOML file with settings")
    types = get_type_hints(Settings)
    for item in fields(Settings):
        flag = f"--{item.name.replace('_', '-')}"
        text = f"{item.metadata['text']} (default: {item.default if item.default != '' else 'none'})"
        if types[item.name] is bool:
            group.add_argument(flag, action="store_const", const=True, help=text)
        else:
            group.add_argument(flag, metavar=item.name.upper(), help=text)


def flags(chosen: argparse.Namespace) -> dict[str, object]:
    """The settings that were given as flags."""
    return {item.name: getattr(chosen, item.name, None) for item in fields(Settings)}


def serve(settings: Settings, *, supervised: bool) -> int:
    """Run the roles that the settings name; two roles are two processes under this one."""
    try:
        from modelwatch.cli import processes
    except ImportError as error:
        raise MissingExtra(f"the server needs {error.name}", hint=SERVER_EXTRA) from error
    return processes.run(settings, supervised=supervised)


def demo(settings: Settings, *, keep_serving: bool) -> int:
    """Run the server, and the demo beside it."""
    try:
        from modelwatch.assembly import address
        from modelwatch.cli import demo as flights
        from modelwatch.cli import processes
    except ImportError as error:
        raise MissingExtra(f"the demo needs {error.name}", hint=DEMO_EXTRA) from error

    def tell(running: Settings) -> int:
        flights.run(address(running), running.folder, api_key=running.api_key)
        if keep_serving:
            print("modelwatch keeps serving; Ctrl C stops it", flush=True)
        return 0

    return processes.run(settings, supervised=False, then=tell, keep_serving=keep_serving)


def doctor(settings: Settings) -> int:
    """Print what a person who looks for a fault wants to know first."""
    try:
        from modelwatch.cli.doctor import examine
    except ImportError as error:
        raise MissingExtra(f"the server needs {error.name}", hint=SERVER_EXTRA) from error
    return examine(settings)
