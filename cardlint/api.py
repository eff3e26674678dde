"""The Python API: lint text or files, read a card. Typed, and without a side effect on import."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from cardlint.card.card import Card
from cardlint.config.suppressions import silencing
from cardlint.engine.batch import Judge, Plan
from cardlint.engine.catalogue import shipped
from cardlint.engine.rule import PROFILES
from cardlint.engine.select import Choice, choose
from cardlint.model import KINDS, SEVERITIES, CardlintError
from cardlint.sources.entry import Entry
from cardlint.sources.paths import from_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.model import Finding, Kind, Outcome, Severity


_LONGEST_PATH = 255
_MOST_KEPT = 8
"""Ways to judge that are kept: to choose the rules takes longer than to judge a card."""


class CardLike(Protocol):
    """A card object: ``huggingface_hub``'s ``ModelCard``, ``DatasetCard``, ``SpaceCard``, or any other with its whole text."""

    @property
    def content(self) -> str:
        """The whole text, front matter included."""


class CardRefused(CardlintError):
    """A card that is not to be pushed: ``findings`` are those at or above the severity asked for, ``outcome`` is all."""

    def __init__(self, outcome: Outcome, findings: Sequence[Finding]) -> None:
        self.outcome = outcome
        self.findings = tuple(findings)
        told = [f"{each.span.line}:{each.span.column} {each.severity} {each.code} {each.message}" for each in self.findings]
        if outcome.failure:
            told.append(f"cardlint failed on this card: {outcome.failure}")
        super().__init__("\n".join((f"{outcome.input}: the card is not ready", *told)))


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
        CardlintError: an unknown rule, profile or kind is named.
    """
    judge = _judge(kind, profile, select, ignore, preview=preview)
    return judge(Entry("<text>", None, id=repo_id, text=_whole(text).encode("utf-8", "surrogatepass")))


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
        CardlintError: the path does not exist or is a file of another kind, or an unknown rule, profile or kind is named.
    """
    judge = _judge(kind, profile, select, ignore, preview=preview)
    return [judge(entry) for entry in from_path(Path(path))]


def check_card(
    card: CardLike | str | Path,
    *,
    kind: Kind | None = None,
    repo_id: str | None = None,
    profile: str = "author",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    preview: bool = False,
) -> Outcome:
    """Judge one card: an object of ``huggingface_hub``, a text, or the path of a card or of its repository's folder.

    A text is the card itself; a path is a `Path`. A folder is judged with its files. Other arguments as in `check_text`.

    Raises:
        CardlintError: the path does not exist, holds no card or is a file of another kind, or an unknown rule, profile or kind is named.
    """
    judge = _judge(kind or _kind_of(card), profile, select, ignore, preview=preview)
    if isinstance(card, Path):
        entries = list(from_path(card, only_given=card.is_dir()))
        if entries[0].location is None:
            raise CardlintError(f"{card}: there is no README.md in this folder")
        return judge(entries[0]._replace(id=repo_id or entries[0].id))
    text = card if isinstance(card, str) else getattr(card, "content", card)
    return judge(Entry("<card>", None, id=repo_id, text=_whole(text).encode("utf-8", "surrogatepass")))


def lint_before_push(
    card: CardLike | str | Path,
    fail_on: Severity | Literal["nothing"] = "error",
    *,
    kind: Kind | None = None,
    repo_id: str | None = None,
    profile: str = "author",
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> Outcome:
    """Judge a card before it is pushed, and refuse it where it has findings at least as severe as ``fail_on``.

    Call it right before ``card.push_to_hub(repo_id)`` or ``upload_folder``; nothing is sent anywhere.

    Returns:
        The outcome, with the findings that are less severe.

    Raises:
        CardRefused: the card has such findings, or cardlint failed on it.
        CardlintError: ``fail_on``, a rule, the profile or the kind is unknown, or a path does not exist or holds no card.
    """
    if fail_on not in (*SEVERITIES, "nothing"):
        raise CardlintError(f"fail_on={fail_on!r}: one of {', '.join(SEVERITIES)} or nothing")
    outcome = check_card(card, kind=kind, repo_id=repo_id, profile=profile, select=select, ignore=ignore)
    counted = () if fail_on == "nothing" else SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    refused = [each for each in outcome.findings if each.severity in counted]
    if refused or (outcome.failure and counted):
        raise CardRefused(outcome, refused)
    return outcome


def read_card(text: str, *, kind: Kind = "model") -> Card:
    """Read a card: front matter with places, outline, sections, claims, each built when it is asked for."""
    return Card.from_text(_whole(text), kind)


def _whole(text: object) -> str:
    """A card's text. Raises CardlintError for what is none: a path given as text would be judged, and pass, as a card of one word."""
    if isinstance(text, Path):
        raise CardlintError("a card's text is wanted: check_path, check_card and lint_before_push take a Path")
    if not isinstance(text, str):
        raise CardlintError(f"a card's text is wanted, or a Path of a card: {type(text).__name__} is neither")
    if text and len(text) <= _LONGEST_PATH and "\n" not in text and os.path.exists(text):  # noqa: PTH110  # `Path.exists` raises for a name too long
        raise CardlintError(f"{text!r} is a path, and a card's text was wanted: give Path({text!r}) to check_card or lint_before_push")
    return text


def _kind_of(card: object) -> Kind | None:
    """The kind that a card object of ``huggingface_hub`` tells by its ``repo_type``."""
    named = getattr(card, "repo_type", None)
    return next((kind for kind in KINDS if kind == named), None)


def _judge(kind: Kind | None, profile: str, select: Sequence[str], ignore: Sequence[str], *, preview: bool) -> Judge:
    for name, given, known in (("profile", profile, PROFILES), ("kind", kind or KINDS[0], KINDS)):
        if given not in known:
            raise CardlintError(f"{name}={given!r}: one of {', '.join(known)}")
    return _made(kind, profile, _rules(select), _rules(ignore), preview=preview)


def _rules(named: Sequence[str]) -> tuple[str, ...]:
    """The rules that a list names, or one text as on the command line, where commas part them."""
    return tuple(part.strip() for part in named.split(",") if part.strip()) if isinstance(named, str) else tuple(named)


@lru_cache(_MOST_KEPT)
def _made(kind: Kind | None, profile: str, select: tuple[str, ...], ignore: tuple[str, ...], *, preview: bool) -> Judge:
    choice = Choice(profile=profile, select=select, ignore=ignore, preview=preview)
    rules = shipped()
    return Judge(Plan(tuple(choose(choice, rules)), {}, kind, silence=silencing(rules, profile)))
