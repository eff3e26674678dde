"""A card without a metadata block: the block that its text and the files beside it tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.dat_names import data_told
from cardlint.checks.fm_fences import without_block
from cardlint.checks.lic_base import release
from cardlint.checks.lic_body import license_told
from cardlint.checks.lin_text import bases_told
from cardlint.checks.places import listed
from cardlint.checks.task_told import task_told
from cardlint.hub.names import is_id
from cardlint.model import Edit, Fix, Problem, Range
from cardlint.vocab import languages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_MOST = 5
"""Bases, data sets and languages that are told; a longer list names more than this model was made of."""


def missing_block(card: Card, repo: Repo | None, facts: dict[str, object]) -> Iterator[Problem]:
    """FM002: nothing in the card looks like a metadata block; the fix begins the card with what it tells of itself."""
    if not without_block(card):
        return
    lines = [f"{key}: {flow(values)}" for key, values in told(card, str(facts["id"] or ""), repo)]
    help_text = f"this card tells {listed([f'`{line}`' for line in lines])}." if lines else None
    fix = Fix((Edit(Range(0, 0), "\n".join(["---", *lines, "---", "", ""])),), "unsafe") if lines else None
    yield Problem("/front_matter", "the card has no metadata block (front matter)", help=help_text, fix=fix)


def told(card: Card, own_id: str, repo: Repo | None) -> Iterator[tuple[str, list[str]]]:
    """Keys with what the card and the files beside it surely tell, written as YAML."""
    license_ = license_told(card) if card.kind != "space" else None
    if license_ and not _drops_terms(card, license_):
        yield "license", [license_]
    if card.kind != "model":
        return
    codes = [languages.near(claim.value) for claim in card.claims.languages]
    if codes and len(codes) <= _MOST and all(code.sure and len(code.ids) == 1 for code in codes):
        yield "language", [_quoted(code) for code in dict.fromkeys(code.ids[0] for code in codes)]
    bases = [base for base in bases_told(card, own_id) if is_id(base)]
    if 0 < len(bases) <= _MOST:
        yield "base_model", bases
    data = list(dict.fromkeys(name for _, name in data_told(card)))
    if 0 < len(data) <= _MOST:
        yield "datasets", data
    task = task_told(card, own_id, repo)
    if task:
        yield "pipeline_tag", [task.task]


def flow(values: list[str]) -> str:
    """One value, or several as a list on one line."""
    return values[0] if len(values) == 1 else f"[{', '.join(values)}]"


def _drops_terms(card: Card, license_: str) -> bool:
    """Whether the text says that the model was made from a release that is known to be under another licence."""
    return any(known.license != license_ for claim in card.claims.base_models if (known := release(claim.value)))


def _quoted(code: str) -> str:
    """A code of a language, in quotes where old readers of YAML take it for an answer."""
    return '"no"' if code == "no" else code
