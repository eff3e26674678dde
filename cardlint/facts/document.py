"""The facts document: what was read of a card, in one shape that rules, reports, audits and exports share.

``schemas/facts.schema.json`` describes it. Parts are built when they are asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.card.card import Card
    from cardlint.facts.subject import Subject

PARTS = ("card", "front_matter", "metadata", "declared", "places", "sections", "claims", "placeholders", "repo", "hub")

DECLARED_KEYS = {"licenses": "license", "languages": "language", "datasets": "datasets", "base_models": "base_model", "tags": "tags"}
_FILES_ANSWER = {"license": ("license", "licence", "copying", "notice"), "citation": ("citation.cff", "citation.bib")}


_ABSENT = {
    documented: {"status": "absent", "documented": documented, "heading": None, "lines": None, "words": 0}
    for documented in ("none", "metadata", "files")
}
"""Most sections of most cards: the same mapping stands for all of them."""


class Facts(dict[str, Any]):
    """The facts of one card: a dictionary whose members are built when they are first asked for."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(input=subject.entry.input, id=subject.entry.id)
        self._subject = subject

    def __missing__(self, part: str) -> Any:
        if part not in _BUILDERS:
            raise KeyError(part)
        built: Any = _BUILDERS[part](self._subject)
        self[part] = built
        return built

    def whole(self) -> dict[str, Any]:
        """The whole document as a plain dictionary, members in the order of the schema."""
        return {name: self[name] for name in ("input", "id", *PARTS)}


def _card(subject: Subject) -> dict[str, Any]:
    card = subject.card
    return {
        "path": subject.entry.path,
        "kind": card.kind,
        "kind_from": subject.kind_from,
        "sha256": subject.sha256,
        "bytes": subject.size,
        "lines": len(card.lines.starts),
        "language": card.language,
        "generator": card.generator,
    }


def _front_matter(subject: Subject) -> dict[str, Any]:
    block = subject.card.front_matter
    position = subject.card.lines.position
    problems = []
    for problem in block.problems:
        line, column = position(problem.start)
        problems.append({"kind": problem.kind, "at": problem.at, "line": line, "column": column, "detail": problem.detail})
    lines = [position(block.start)[0], position(block.closing)[0]] if block.end else None
    return {"status": block.status, "lines": lines, "problems": problems}


def declared(metadata: dict[str, Any]) -> dict[str, list[str]]:
    """What the front matter declares, always as lists of texts; nulls and mappings are passed over, as hubs do."""
    return {name: texts(metadata.get(key)) for name, key in DECLARED_KEYS.items()}


def texts(value: Any) -> list[str]:
    """A scalar or a list of scalars as texts."""
    if type(value) is list:
        return [item if type(item) is str else _text(item) for item in value if item is not None and type(item) not in (dict, list)]
    if value is None or type(value) is dict:
        return []
    return [value if type(value) is str else _text(value)]


def _text(value: float | bool) -> str:  # a scalar's value, not a flag
    return str(value).lower() if isinstance(value, bool) else str(value)


def _places(subject: Subject) -> dict[str, list[int]]:
    span = subject.card.lines.span
    return {at: list(span(*place)) for at, place in subject.card.front_matter.values.items() if at}


def _sections(subject: Subject) -> dict[str, Any]:
    if subject.entry.only_metadata:
        return {}
    card = subject.card
    starts = card.lines.starts
    answered = _answered_by_files(subject)
    found: dict[str, Any] = {}
    for name, (status, documented, heading, start, end, words) in card.sections.items():
        if documented == "none" and name in answered:
            documented = "files"
        if status == "absent":
            found[name] = _ABSENT[documented]
            continue
        first = bisect_right(starts, start)
        lines = [first, bisect_right(starts, end - 1, first) if end > start else first]
        found[name] = {"status": status, "documented": documented, "heading": heading, "lines": lines, "words": words}
    return found


def _answered_by_files(subject: Subject) -> frozenset[str]:
    """Sections that files beside the card answer: a licence text, a citation file."""
    if subject.repo is None:
        return frozenset()
    top = [name.lower() for name in subject.repo.names if "/" not in name]
    return frozenset(section for section, starts in _FILES_ANSWER.items() if any(name.startswith(starts) for name in top))


def _claims(subject: Subject) -> dict[str, Any]:
    card = subject.card
    line = card.lines.line
    found: dict[str, Any] = {}
    for name in card.claims.names():
        found[name] = [
            {"value": claim.value, "line": line(claim.start), **({"detail": claim.detail} if claim.detail else {})}
            for claim in getattr(card.claims, name)
        ]
    return found


def _placeholders(subject: Subject) -> list[dict[str, Any]]:
    line = subject.card.lines.line
    return [{"line": line(placeholder.start), "text": placeholder.text} for placeholder in subject.card.placeholders]


def _repo(subject: Subject) -> dict[str, Any] | None:
    if subject.repo is None:
        return None
    from cardlint.facts.repo import repo_facts

    return repo_facts(subject.repo, subject.entry.id, subject.entry.revision)


def _hub(subject: Subject) -> dict[str, Any] | None:
    if subject.hub is None:
        return None
    from cardlint.facts.hub import node_of

    return subject.hub.facts_for(node_of(subject))


_BUILDERS: dict[str, Callable[[Subject], Any]] = {
    "card": _card,
    "front_matter": _front_matter,
    "metadata": lambda subject: subject.card.front_matter.metadata,
    "declared": lambda subject: declared(subject.card.front_matter.metadata),
    "places": _places,
    "sections": _sections,
    "claims": _claims,
    "placeholders": _placeholders,
    "repo": _repo,
    "hub": _hub,
}


_OF_DATASETS = {
    *("annotations_creators", "dataset_info", "language_creators", "multilinguality", "pretty_name"),
    *("size_categories", "source_datasets", "task_categories", "task_ids", "viewer"),
}
_OF_MODELS = {"pipeline_tag", "library_name", "base_model", "model-index"}
_DATASET_CARD = Pattern(r"(?i)(?:^|[^a-z])data[ _-]?(?:set)?[ _-]?card(?:[^a-z]|$)")
"""Stands in the title of a third of the dataset cards whose front matter does not tell, and in that of no model card."""
_NAMES_CARD = tuple(f"{word}{mark}card" for word in ("data", "set") for mark in ("", " ", "_", "-"))
"""One of them stands in every such title: the headings of other cards are not read for it."""
_TITLE_WITHIN = 4_000
"""Characters of the body in which the title stands."""


def kind_by_content(card: Card) -> str | None:
    """The repository kind where front matter or title is decisive, else None."""
    metadata = card.front_matter.metadata
    keys = metadata.keys()
    if "sdk" in keys and keys & {"emoji", "colorFrom", "colorTo", "app_file"}:
        return "space"
    if keys & _OF_MODELS:
        return None
    if keys & _OF_DATASETS or ("configs" in keys and _are_configs(metadata["configs"])):
        return "dataset"
    begin = card.front_matter.end
    top = card.text[begin : begin + _TITLE_WITHIN].lower()
    if not any(name in top for name in _NAMES_CARD):
        return None
    first = card.outline.headings[0].text if card.outline.headings else ""
    return "dataset" if _DATASET_CARD.search(first) and "model" not in first.lower() else None


def kind_by_name(name: str) -> str | None:
    """The repository kind where the name of a card's file tells it: that of datasets, as in ``DATASET_CARD.md``."""
    return "dataset" if _DATASET_CARD.search(name) else None


def _are_configs(value: Any) -> bool:
    """Whether a value of ``configs`` is that of a dataset card, not an author's own."""
    return isinstance(value, list) and any(isinstance(each, dict) and each.keys() & {"config_name", "data_files"} for each in value)
