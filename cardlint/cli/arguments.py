"""The cards that the arguments of a command name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.model import CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.sources.entry import Entry


def entries(paths: Sequence[str], options: dict[str, Any], exclude: Sequence[str] = ()) -> Iterator[Entry]:
    """The cards that the arguments name, standard input included. Raises CardlintError."""
    if options["files_from"] and paths:
        raise CardlintError("give paths or --files-from, not both")
    if options["files_from"] and options["rev"]:
        raise CardlintError("--rev reads git repositories: give paths, not --files-from")
    found: Iterator[Entry]
    if options["files_from"]:
        from cardlint.sources.listing import from_listing

        found = from_listing(options["files_from"], only_cards=options["only_cards"])
    else:
        if options["repo_id"] and len(paths) > 1:
            raise CardlintError("--repo-id names one repository: give one path")
        found = (entry for path in (paths or (".",)) for entry in _from_argument(path, options))
    for entry in found:
        if options["only_cards"] and not is_card(entry):
            continue
        if exclude and entry.is_any_of(exclude):
            continue
        yield entry._replace(id=options["repo_id"]) if options["repo_id"] else entry


def _from_argument(path: str, options: dict[str, Any]) -> Iterator[Entry]:
    from pathlib import Path

    from cardlint.sources.entry import Entry
    from cardlint.sources.paths import from_path, is_bare, no_card

    if path == "-":
        import sys

        from cardlint.facts.subject import MAX_READ

        name = options["stdin_filename"] or "<stdin>"
        text = sys.stdin.buffer.read(MAX_READ)
        yield Entry(name, None, path=Path(name).name if options["stdin_filename"] else "README.md", text=text)
        return
    if options["rev"] or (Path(path).is_dir() and is_bare(Path(path))):
        from cardlint.sources.revisions import at_revision

        yield at_revision(Path(path), options["rev"] or "HEAD")
        return
    if options["only_cards"] and Path(path).is_file() and no_card(path) is not None:
        return
    yield from from_path(Path(path), only_given=bool(options["repo_id"]) and Path(path).is_dir())


def none_found(paths: Sequence[str], files_from: str | None = None, which: str = "model cards (README.md) found") -> str:
    """The line for arguments below which nothing is to be judged."""
    return f"cardlint: no {which} in {', '.join(paths) or files_from or 'this folder'}\n"


def is_card(entry: Entry) -> bool:
    """Whether a Markdown file is a card: it has front matter, or stands at the root of a repository of weights."""
    from pathlib import Path

    from cardlint.facts.subject import Subject
    from cardlint.sources.layout import is_repo

    if entry.path.rpartition("/")[2] != "README.md":
        return False
    try:
        subject = Subject(entry)
    except OSError:
        return True
    block = subject.card.front_matter
    if block.status != "absent" or block.problems[0].kind not in ("no-block", "empty-block"):
        return True
    if entry.location is None:
        return entry.text is None
    return is_repo([each.name for each in Path(entry.location).parent.iterdir() if each.name != "README.md"])
