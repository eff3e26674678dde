"""The Python API: lint text or files, read a card. Typed, and without a side effect on import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cardlint.card.card import Card
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.select import Choice, choose
from cardlint.sources.entry import Entry
from cardlint.sources.paths import from_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.model import Kind, Outcome


def check_text(
    text: str,
    *,
    kind: Kind | None = None,
    repo_id: str | None = None,
    profile: str = "author",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    preview: bool = False,
) -> Outcome:
    """Judge a card given as text.

    Args:
        text: the whole README.md, front matter included.
        kind: model, dataset or space; told from the content where it is None.
        repo_id: the repository's id on its hub (``org/name``); rules that need it are not checked without.
        profile: author, gate or audit.
        select: only these rules (codes, names, families, tags); the profile's where empty.
        ignore: rules that do not run.
        preview: also rules whose precision is not established yet.

    Raises:
        CardlintError: an unknown rule is named.
    """
    judge = _judge(kind, profile, select, ignore, preview=preview)
    return judge(Entry("<text>", None, id=repo_id, text=text.encode("utf-8", "surrogatepass")))


def check_path(
    path: str | Path,
    *,
    kind: Kind | None = None,
    profile: str = "author",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    preview: bool = False,
) -> list[Outcome]:
    """Judge the card at a path, or every card below a folder, with the files beside it.

    Raises:
        CardlintError: the path does not exist, or an unknown rule is named.
    """
    judge = _judge(kind, profile, select, ignore, preview=preview)
    return [judge(entry) for entry in from_path(Path(path))]


def read_card(text: str, *, kind: Kind = "model") -> Card:
    """Read a card: front matter with places, outline, sections, claims, each built when it is asked for."""
    return Card.from_text(text, kind)


def _judge(kind: Kind | None, profile: str, select: Sequence[str], ignore: Sequence[str], *, preview: bool) -> Judge:
    choice = Choice(profile=profile, select=tuple(select), ignore=tuple(ignore), preview=preview)
    rules = shipped()
    return Judge(Plan(tuple(choose(choice, rules)), {}, kind, silence=silencing(rules, profile)))
