"""Pages that show screens show what the commands print; commands are those that there are; links between pages lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import click
import pytest

from cardlint.cli.main import cli

ROOT = Path(__file__).parents[1]
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), ROOT / "examples" / "README.md")
]


@pytest.mark.skipif(
    not (ROOT / "tools" / "screens.py").exists() or sys.platform == "win32", reason="not in a checkout of the project, or no sh"
)
def test_screens_are_what_commands_print():
    done = subprocess.run(
        [sys.executable, "tools/screens.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not (ROOT / "CONTRIBUTING.md").exists(), reason="not in a checkout of the project")
def test_links_of_pages_lead_to_files_and_headings():
    broken = []
    for page in PAGES:
        for target, anchor in re.findall(
            r"\]\((?!https?://|mailto:)([^)#\s]*)(?:#([^)]*))?\)", _without_code((ROOT / page).read_text(encoding="utf-8"))
        ):
            path = (ROOT / page).parent / target if target else ROOT / page
            if not path.exists() or (anchor and anchor not in _anchors(path)):
                broken.append(f"{page}: {target}#{anchor}")
    assert not broken


def _without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"(?ms)^ *(`{3,})[^\n]*\n.*?^ *\1$", "", text))


def _anchors(path):
    """What a hosting service calls the headings of a page."""
    headings = re.findall(r"(?m)^#+ (.*)$", path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _commands(text):
    """The calls of cardlint in a page, and whether each is whole: those of its console blocks, and those in running text."""
    for block in re.findall(r"(?ms)^ *```(?:console|sh)\n(.*?)^ *```", text):
        lines = block.replace("\\\n", " ").splitlines()
        prompted = any(line.startswith("$ ") for line in lines)
        yield from ((line.removeprefix("$ "), True) for line in lines if line.startswith("$ ") or not prompted)
    prose = re.sub(r"(?ms)^ *(`{3,})[^\n]*\n.*?^ *\1$", "", text)
    yield from ((" ".join(line.split()), False) for line in re.findall(r"`(cardlint [a-z][^`]*)`", prose))


def _words(line):
    """The words of a call up to the first sign of the shell; None for another command and for a sketch."""
    found = re.match(r" *(?:exec )?(cardlint .*)", line)
    if found is None or "…" in found[1] or "[" in found[1]:
        return None
    words = shlex.shlex(found[1], posix=True, punctuation_chars=True)
    words.whitespace_split = True
    return list(takewhile(lambda word: word not in ("<", ">", "|", "||", "&&", ";", ")"), words))[1:]


PARSED = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


@pytest.mark.parametrize("page", [page for page in PARSED if page.exists()], ids=lambda page: page.name)
def test_commands_and_options_in_pages_are_those_of_the_command_line(page):
    for line, whole in _commands(page.read_text(encoding="utf-8")):
        _parse(line, whole)


def _parse(line, whole):
    command, args, ctx = cli, _words(line), None
    if args is None:
        return
    try:
        while isinstance(command, click.Group):
            ctx = command.make_context("cardlint", list(args), parent=ctx)
            _, command, args = command.resolve_command(ctx, [*ctx._protected_args, *ctx.args])  # as click's own completion does
        command.make_context("cardlint", args, parent=ctx)
    except click.exceptions.Exit:
        pass  # --help and --version
    except click.ClickException as error:
        if whole or not isinstance(error, click.MissingParameter):
            pytest.fail(f"{line}: {error.format_message()}")


def _examples(group, ctx):
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from _examples(command, ctx)
        yield from getattr(command, "examples", ())


def test_examples_in_help_are_commands_that_there_are():
    found = list(_examples(cli, click.Context(cli)))
    assert len(found) > 20
    for line in found:
        _parse(line, whole=True)


@pytest.mark.skipif(not (ROOT / "README.md").exists(), reason="not in a checkout of the project")
@pytest.mark.parametrize("who", ["author", "governance"])
def test_commands_of_the_readme_do_what_they_say(cardlint, tmp_path, who):
    shutil.copytree(ROOT / "examples" / "hub", tmp_path / "mirror")
    without_a_card = tmp_path / "mirror" / "nightshift" / "minnow-ckpt-0420"
    shutil.copytree(
        without_a_card if who == "author" else tmp_path / "mirror" / "coppertop" / "gauge-reader", tmp_path / "path" / "to" / "repo"
    )
    shutil.copy(tmp_path / "mirror" / "sunnyfield" / "triage-v2-final" / "README.md", tmp_path)
    if who == "governance":
        assert cardlint("audit", "mirror", "--out", "earlier").returncode == 0
    else:
        for step in ("init -q -b main", "add -A", "-c user.name=n -c user.email=n@example.org commit -q -m first"):
            subprocess.run(["git", *step.split()], cwd=tmp_path, check=True)
    block = (ROOT / "README.md").read_text(encoding="utf-8").partition(f"<!-- commands: {who} -->\n")[2].partition("\n```\n")[0]
    for words in filter(None, map(_words, block.splitlines())):
        if words[0] in ("lsp", "serve"):
            continue  # they run until they are stopped: the tests of the editor and of the pages start them
        done = cardlint(*words)
        assert done.returncode in (0, 1), f"{words}: {done.stderr}"
