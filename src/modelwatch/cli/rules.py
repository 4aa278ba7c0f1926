"""`modelwatch rules`: rules as code, one YAML file that is exported from a server or applied to it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from modelwatch.errors import InvalidRequest, MissingExtra, ModelwatchError

SAME, DIFFERENT, MISUSED, UNREACHED = 0, 1, 2, 3
TEXT: Final = "alert rules as code: export them from a server, or apply a file"
EPILOG: Final = (
    "exit status: 0 done, or with --dry-run nothing would change; 1 with --dry-run something would change; "
    "2 used wrongly, or the file cannot be taken; 3 the server cannot be reached or refuses"
)
SIGNS: Final = {"added": "+", "changed": "~", "removed": "-"}
TIMEOUT_S: Final = 60.0


def add_command(commands: Any) -> None:
    """Gives the command line this command."""
    command = commands.add_parser("rules", help=TEXT, description=f"{TEXT[0].upper()}{TEXT[1:]}.", epilog=EPILOG)
    verbs = command.add_subparsers(dest="verb", metavar="VERB", required=True)
    export = verbs.add_parser("export", help="write the rules of a server as YAML", epilog=EPILOG)
    export.add_argument("--output", metavar="FILE", default="-", help="where to; - is standard output")
    apply = verbs.add_parser("apply", help="bring the rules of a server in line with a file", epilog=EPILOG)
    apply.add_argument("file", type=Path, metavar="FILE", help="YAML with a list of rules")
    apply.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
    apply.add_argument("--prune", action="store_true", help="remove the rules that are not in the file")
    for verb in (export, apply):
        verb.add_argument("--url", help="the server (default: MODELWATCH_URL, else http://127.0.0.1:8470)")
        verb.add_argument("--api-key", help="its key (default: MODELWATCH_API_KEY)")


class Unreached(ModelwatchError):
    """The server cannot be reached, or refuses."""


def run(chosen: argparse.Namespace) -> int:
    """Runs one verb; says how it went by its exit status."""
    url = chosen.url or os.environ.get("MODELWATCH_URL") or "http://127.0.0.1:8470"
    key = chosen.api_key or os.environ.get("MODELWATCH_API_KEY") or ""
    try:
        if chosen.verb == "export":
            return export(url, key, chosen.output)
        return apply(url, key, chosen.file, chosen.dry_run, chosen.prune)
    except Unreached as error:
        print(f"modelwatch: {error}", file=sys.stderr)
        return UNREACHED


def export(url: str, key: str, output: str) -> int:
    """Writes every rule that people wrote, and what they changed about those that exist anyway."""
    found = ask(url, key, "GET", "/api/v1/alert-rules")["rules"]
    bodies = [each["body"] for each in found if not each["built_in"] or each["changed"]]
    text = written(bodies)
    if output == "-":
        sys.stdout.write(text)
        return SAME
    try:
        Path(output).write_text(text, "utf-8")
    except OSError as error:
        raise ModelwatchError(f"{output} cannot be written: {error.strerror}", hint="does its folder exist?") from error
    return SAME


def apply(url: str, key: str, file: Path, dry_run: bool, prune: bool) -> int:
    """Brings the server in line with a file, and shows what changes."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidRequest(f"{file} cannot be read: {error}") from error
    rules = read_rules(text, str(file))
    query = urlencode({"dry_run": str(dry_run).lower(), "prune": str(prune).lower()})
    plan = ask(url, key, "PUT", f"/api/v1/alert-rules?{query}", {"rules": rules})
    for line in told(plan):
        print(line)
    return DIFFERENT if dry_run and plan["added"] + plan["changed"] + plan["removed"] else SAME


def told(plan: Mapping[str, Any]) -> Iterator[str]:
    """What changes, for people."""
    for each in plan["changes"]:
        if each["action"] in SIGNS:
            yield f"{SIGNS[each['action']]} {each['model_id']}: {each['rule_name']}"
        for field in each["fields"]:
            yield f"    {field['field']}: {shown(field['before'])} -> {shown(field['after'])}"
    for note in plan["notes"]:
        yield f"! {note}"
    counts = ", ".join(f"{plan[word]} {word}" for word in ("added", "changed", "removed", "unchanged"))
    yield counts if plan["applied"] else f"dry run: {counts}"


def shown(value: object) -> str:
    """A value of a field."""
    return "(none)" if value is None else value if isinstance(value, str) else json.dumps(value)


def written(bodies: list[dict[str, Any]]) -> str:
    """Rules as YAML, in the order of their keys."""
    return str(yaml_module().safe_dump({"rules": bodies}, sort_keys=False, allow_unicode=True, width=100))


def read_rules(text: str, file: str) -> list[dict[str, Any]]:
    """The rules of a YAML text, each one taken; raises `InvalidRequest`, which names the line and the rule."""
    from modelwatch.alerts.rule_json import rule_from_json

    yaml = yaml_module()
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        twice(yaml, node, file)
        said = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = file if mark is None else f"{file}:{mark.line + 1}"
        raise InvalidRequest(
            f"{where}: {getattr(error, 'problem', None) or error}", hint="the file must be YAML"
        ) from error
    if not isinstance(said, dict) or set(said) != {"rules"} or not isinstance(said["rules"], list):
        raise InvalidRequest(
            f"{file}: it must hold one key, rules, with a list", hint="modelwatch rules export shows one"
        )
    lines = [each.start_mark.line + 1 for each in node.value[0][1].value]
    for line, each in zip(lines, said["rules"], strict=True):
        try:
            rule_from_json(each)
        except InvalidRequest as error:
            name = each.get("rule_name") if isinstance(each, dict) else None
            raise InvalidRequest(f"{file}:{line}: rule {name!r:.70}: {error.message}", hint=error.hint) from error
    return list(said["rules"])


def twice(yaml: Any, node: Any, file: str, above: tuple[int, ...] = ()) -> None:
    """Refuses a key that is there twice, which YAML would take the last of in silence, and a list inside itself."""
    if id(node) in above:
        raise InvalidRequest(f"{file}:{node.start_mark.line + 1}: it holds itself")
    above = (*above, id(node))
    if isinstance(node, yaml.SequenceNode):
        for each in node.value:
            twice(yaml, each, file, above)
    if isinstance(node, yaml.MappingNode):
        names = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in names:
                raise InvalidRequest(f"{file}:{key.start_mark.line + 1}: {key.value!r:.60} is there twice, or no name")
            names.add(key.value)
            twice(yaml, value, file, above)


def yaml_module() -> Any:
    """The YAML reader, which the server brings."""
    try:
        import yaml
    except ImportError as error:
        raise MissingExtra("rules as code need pyyaml", hint="pip install 'modelwatch[server]'") from error
    return yaml


def ask(url: str, key: str, method: str, path: str, body: object = None) -> Any:
    """Asks the server; raises `Unreached` with what it says."""
    if not url.startswith(("http://", "https://")):
        raise InvalidRequest(f"{url!r} is no address of a server", hint="http://127.0.0.1:8470")
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    data = None if body is None else json.dumps(body).encode()
    request = Request(url.rstrip("/") + path, data, headers, method=method)
    try:
        with urlopen(request, timeout=TIMEOUT_S) as answer:
            return json.load(answer)
    except HTTPError as error:
        raise refusal(error) from error
    except (URLError, OSError, ValueError) as error:
        raise Unreached(f"{url} cannot be reached: {error}", hint="--url or MODELWATCH_URL says where it is") from error


def refusal(error: HTTPError) -> ModelwatchError:
    """What the server says is wrong; with the rules themselves, that the file cannot be taken."""
    try:
        said = json.load(error)
        message, hint = str(said["detail"]), str(said.get("hint", ""))
    except (ValueError, KeyError, TypeError):
        message, hint = f"the server answers {error.code}", ""
    wrong = error.code in (400, 409, 422)
    return InvalidRequest(message, hint=hint) if wrong else Unreached(message, hint=hint)
