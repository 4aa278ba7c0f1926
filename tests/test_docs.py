"""What the documents say of settings and commands is what the code has."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from modelwatch.cli.main import commands
from modelwatch.core.version import VERSION
from modelwatch.settings import Settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("item", fields(Settings), ids=lambda item: item.name)
def test_every_setting_is_documented_as_it_is(item: object) -> None:
    name, default, text = item.name, item.default, item.metadata["text"]  # type: ignore[attr-defined]
    shown = "(none)" if default == "" else f"`{str(default).lower() if isinstance(default, bool) else default}`"
    assert f"| `{name}` | {shown} | {text} |" in (ROOT / "docs/reference/settings.md").read_text("utf-8")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    rows = [line for line in (ROOT / "docs/reference/settings.md").read_text("utf-8").splitlines() if line[:3] == "| `"]
    assert len(rows) == len(fields(Settings))


def test_every_command_is_in_the_readme() -> None:
    text = commands().format_help()
    names = text[text.index("{") + 1 : text.index("}")].split(",") if "{" in text else ["serve", "demo", "doctor"]
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in names if f"modelwatch {name}" not in readme] == []


def test_the_version_is_the_same_everywhere() -> None:
    assert f'\nversion = "{VERSION}"\n' in (ROOT / "pyproject.toml").read_text("utf-8")
    assert f"## {VERSION}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def links() -> list[tuple[Path, Path]]:
    """(document, what it links to) of all relative links."""
    found = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
        found += [(document, (document.parent / target).resolve()) for target in targets]
    return found


def test_relative_links_in_documents_lead_somewhere() -> None:
    assert [f"{document.name}: {target.name}" for document, target in links() if not target.exists()] == []


def test_every_page_can_be_found_by_a_link() -> None:
    linked = {target for document, target in links() if document != target}
    pages = set((ROOT / "docs").rglob("*.md"))
    assert sorted(str(each) for each in pages if each not in linked and each.parent not in linked) == []


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [page.name[:4] for page in (ROOT / "docs/decisions").glob("*.md")]
    assert [number for number in numbers if numbers.count(number) > 1] == []
