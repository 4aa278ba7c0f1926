"""`modelwatch compare REF CUR`: two files, a verdict for people, and reports for CI."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from modelwatch.core.level import Level
from modelwatch.core.wire import Role
from modelwatch.errors import InvalidSettings, MissingExtra, ModelwatchError

LOCAL_EXTRA: Final = "pip install 'modelwatch[local]'"
PASSED, DRIFTED, MISUSED, UNJUDGED = 0, 1, 2, 3
TEXT: Final = "compare two files: has what comes in or goes out changed?"
EPILOG: Final = (
    "exit status: 0 passed; 1 something has drifted, a column is missing or an expectation is broken; "
    "2 used wrongly; 3 too few rows to judge"
)
ROLES: Final[Mapping[str, Role]] = {
    "prediction_label": Role.PREDICTION_LABEL,
    "prediction_score": Role.PREDICTION_SCORE,
    "prediction_value": Role.PREDICTION_VALUE,
    "actual_label": Role.ACTUAL_LABEL,
    "actual_value": Role.ACTUAL_VALUE,
}


def add_command(commands: Any) -> None:
    """Gives the command line this command."""
    command = commands.add_parser("compare", help=TEXT, description=f"{TEXT[0].upper()}{TEXT[1:]}", epilog=EPILOG)
    command.set_defaults(config=None)
    command.add_argument("reference", type=Path, metavar="REF", help="what is compared with: Parquet, CSV or Arrow")
    command.add_argument("current", type=Path, metavar="CUR", help="what is looked at: Parquet, CSV or Arrow")
    levels = ("notice", "warning", "critical")
    command.add_argument("--fail-on", choices=levels, default="warning", help="the level that fails (default: warning)")
    command.add_argument("--expect", type=Path, metavar="FILE", help="expectations, a TOML or JSON file")
    command.add_argument("--columns", nargs="+", metavar="COL", help="the features (default: all other columns)")
    command.add_argument("--ignore", nargs="+", metavar="COL", default=[], help="columns to leave out")
    for name in ROLES:
        command.add_argument(
            f"--{name.replace('_', '-')}", metavar="COL", help=f"the column with the {name.replace('_', ' ')}"
        )
    command.add_argument("--weight", metavar="COL", help="how many rows each row stands for")
    command.add_argument("--cluster", metavar="COL", help="which rows belong together, e.g. a customer")
    command.add_argument(
        "--threshold", nargs="+", metavar="NAME=VALUE", default=[], help="e.g. psi_warning=0.2 min_rows=500"
    )
    command.add_argument("--metrics", nargs="+", metavar="NAME", default=[], help="more methods: hellinger, g_test ...")
    command.add_argument("--json", metavar="FILE", help="write the whole result as JSON; - is standard output")
    command.add_argument("--junit", metavar="FILE", help="write JUnit XML; - is standard output")
    command.add_argument("--html", type=Path, metavar="FILE", help="write the page")
    command.add_argument("--quiet", action="store_true", help="print no summary")


def run(chosen: argparse.Namespace) -> int:
    """Compares the files, writes what was asked for, and says how it went by its exit status."""
    try:
        from modelwatch.monitors.drift import Thresholds
        from modelwatch.reports import compare_tables
        from modelwatch.reports.expectation_file import read_expectations
        from modelwatch.reports.files import open_file
        from modelwatch.reports.judging import ONE_LOOK, Judging
        from modelwatch.reports.roles import Roles
    except ImportError as error:
        raise MissingExtra(f"comparing files needs {error.name}", hint=LOCAL_EXTRA) from error
    single = {role: getattr(chosen, name) for name, role in ROLES.items()}
    roles = Roles(single, {Role.FEATURE: chosen.columns}, chosen.weight, chosen.cluster, ignore=tuple(chosen.ignore))
    expectations = read_expectations(chosen.expect) if chosen.expect is not None else ()
    known = {item.name: item.type for item in fields(Thresholds)}
    thresholds = replace(ONE_LOOK, **dict(threshold(text, known) for text in chosen.threshold))
    tables = open_file(chosen.reference), open_file(chosen.current)
    result = compare_tables(*tables, roles, expectations, Judging(thresholds, tuple(chosen.metrics)))
    fail_on = Level(chosen.fail_on)
    if not chosen.quiet:
        print(result, file=sys.stderr if "-" in (chosen.json, chosen.junit) else sys.stdout)
    if chosen.json is not None:
        write(chosen.json, result.to_json() + "\n")
    if chosen.junit is not None:
        write(chosen.junit, result.to_junit(fail_on=fail_on))
    if chosen.html is not None:
        write(str(chosen.html), result.to_html())
    if result.passes(fail_on):
        return PASSED
    return UNJUDGED if result.level is Level.INSUFFICIENT_DATA else DRIFTED


def threshold(text: str, known: Mapping[str, object]) -> tuple[str, Any]:
    """A threshold as it is given: name=value."""
    name, _, value = text.partition("=")
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise InvalidSettings(
            f"there is no threshold {name[:64]!r}", hint=f"did you mean {near[0]!r}?" if near else ", ".join(known)
        )
    try:
        return name, int(value) if name == "series" else float(value)
    except ValueError:
        raise InvalidSettings(f"{name} is {value[:64]!r}, which is no number", hint=f"{name}=0.2") from None


def write(target: str, text: str) -> None:
    """Writes to a file, or to standard output for `-`."""
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        Path(target).write_text(text, "utf-8")
    except OSError as error:
        raise ModelwatchError(f"{target} cannot be written: {error.strerror}", hint="does its folder exist?") from error
