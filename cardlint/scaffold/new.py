"""A new card: what the repository says, and a question for each section that the rules demand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cardlint.engine.batch import Judge
from cardlint.facts.subject import Subject
from cardlint.scaffold.known import Known, plain
from cardlint.scaffold.model import add_model
from cardlint.scaffold.others import add_dataset, add_space, data_file
from cardlint.scaffold.render import open_questions, render
from cardlint.sources.layout import Identity
from cardlint.sources.paths import repository
from cardlint.sources.remote import by_remote
from cardlint.tuples import NamedTuple
from cardlint.vocab import tasks

if TYPE_CHECKING:
    from cardlint.engine.batch import Plan
    from cardlint.model import Kind, Outcome
    from cardlint.repo.repo import Repo
    from cardlint.sources.entry import Entry

_MOST_ROUNDS = 6
_READS_TEXT = frozenset({"nlp", "audio", "multimodal"})


class Draft(NamedTuple):
    """A card with what it was made from: ``told`` names each thing known and its source, ``open`` counts the questions."""

    text: str
    told: tuple[str, ...]
    open: int
    outcome: Outcome


def entry_of(folder: Path, kind: Kind | None, repo_id: str | None) -> Entry:
    """The repository at a folder, by the id that is given or that its remote tells."""
    found = by_remote(folder) or Identity(None, None, "default")
    return repository(folder, str(folder), Identity(repo_id or found.id, kind or found.kind, found.kind_from, found.revision))


def known_of(entry: Entry, author: str | None = None) -> Known:
    """What a repository's files, its id and git say. Files that cannot be read say nothing."""
    subject = Subject(entry._replace(text=b""))
    repo: Repo | None = subject.repo
    kind = entry.kind or ("dataset" if repo is not None and _only_tables(repo) else "model")
    name = (entry.id or "").rpartition("/")[2] or (entry.root or Path()).resolve().name or kind
    known = Known(kind, plain(name) or kind, entry.id)
    if kind != (entry.kind or "model"):
        known.told.append(f"kind {kind} (data files and no weights; --kind says otherwise)")
    if repo is not None:
        {"model": add_model, "dataset": add_dataset, "space": add_space}[kind](known, repo)
    if kind == "model" and "language" not in known.metadata and _reads_text(known):
        known.ask("language")
    owner = author or (known.id or "").rpartition("/")[0]
    if owner:
        known.row("Developed by", owner, "git" if author else "the repository's id")
    else:
        known.ask("authors")
    return known


def draft(known: Known, entry: Entry, plan: Plan) -> Draft:
    """The card, judged: sections that a selected rule finds absent are asked for until none is."""
    judge = Judge(plan._replace(kind=known.kind))
    asked: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        text = render(known, asked)
        outcome = judge(entry._replace(text=text.encode(), kind=known.kind))
        absent = {each.at.removeprefix("section:") for each in outcome.findings if each.at.startswith("section:")}
        if absent <= asked:
            break
        asked |= absent
    return Draft(text, tuple(known.told), open_questions(known, asked), outcome)


def _only_tables(repo: Repo) -> bool:
    """Whether the files are data and nothing of a model."""
    return not repo.weights.files and not repo.libraries.found and any(data_file(name) for name in repo.names)


def _reads_text(known: Known) -> bool:
    """Whether the model may read or write a language: all but those of a task of images, tables or games."""
    tag = known.metadata.get("pipeline_tag")
    task = tasks.get(tag) if isinstance(tag, str) else None
    return task is None or task.modality in _READS_TEXT
