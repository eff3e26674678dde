"""What a card says at two revisions: results that stayed, bases that changed, names that were left behind, sections that went."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.places import listed, quoted
from cardlint.checks.rev_files import same_words
from cardlint.checks.values import texts
from cardlint.model import Problem, Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.facts.earlier import Earlier

_NAME = re.compile(r"[\w.\-]{4,80}")
_FEATURE = re.compile(r"[0-9_\-]|[a-z][A-Z]")
"""What the name of a model has and a plain word has not."""
_WORD = re.compile(r"\w{5,40}")
_MOST_TITLE = 120
_MOST_KEPT = 0.5
"""The share of a section's longer words that a card without it still has by chance."""


def results(card: Card, old: Earlier) -> Iterator[Problem]:
    """Results that are the same to the last digit, though the weights changed and the card was edited."""
    if old.card is None or old.changes is None or same_words(card.text, old.card.text):
        return
    index, stated = _index(card), _stated(card)
    if not (index or stated) or (index, stated) != (_index(old.card), _stated(old.card)):
        return
    changed = [change.path for change in old.changes.weights if change.changed]
    if changed:
        message = f"the results are those of '{old.name}', though since then changed: {listed([quoted(path) for path in changed])}"
        yield Problem("/metadata/model-index" if index else "section:evaluation_results", message, value=" ".join(changed))


def _index(card: Card) -> Any:
    return card.front_matter.metadata.get("model-index") or None


def _stated(card: Card) -> list[tuple[str, str]]:
    return [(claim.value, claim.detail) for claim in card.claims.metrics]


def base(card: Card, old: Earlier) -> Iterator[Problem]:
    """Another ``base_model`` over a body that did not change and names the earlier one alone."""
    if old.card is None or not same_words(_body(card), _body(old.card)):
        return
    now, then = list(texts(card, "base_model")), [value for _, value in texts(old.card, "base_model")]
    if not now or not then or {value.lower() for _, value in now} & {value.lower() for value in then}:
        return
    body = _body(card).lower()
    left = next((value for value in then if value.rpartition("/")[2].lower() in body), None)
    if left is None or any(value.rpartition("/")[2].lower() in body for _, value in now):
        return
    at, value = now[0]
    yield Problem(at, f"base_model is '{value}' and was '{then[0]}' at '{old.name}'; the body still names the earlier one", value=value)


def _body(card: Card) -> str:
    return card.text[card.front_matter.end :]


def renamed(card: Card, old: Earlier) -> Iterator[Problem]:
    """Code that loads a model by the name that its title had before."""
    if old.card is None:
        return
    before, after = _title(old.card), _title(card)
    if not before or not after or before.lower() == after.lower():
        return
    if not any(_FEATURE.search(name) for name in _NAME.findall(after)):
        return
    lost = {name.strip(".-") for name in _NAME.findall(before) if _FEATURE.search(name)} - set(_NAME.findall(after))
    lost = {name for name in lost if name.lower() not in after.lower() and after.lower().replace(" ", "-") not in name.lower()}
    if not lost:
        return
    word = re.compile("|".join(rf"(?<![\w.\-]){re.escape(name)}(?![\w\-])" for name in sorted(lost, key=len, reverse=True)[:20]))
    for claim in card.claims.repo_ids:
        if word.fullmatch(claim.value.rpartition("/")[2]) and claim.value in old.card.text:
            message = f"the model was renamed from {quoted(before)} to {quoted(after)} since '{old.name}'; here it has its earlier name"
            yield Problem(Range(claim.start, claim.end), message, value=claim.value)
            return


def _title(card: Card) -> str:
    heading = next((heading for heading in card.outline.headings if heading.level == 1), None)
    return " ".join(heading.text.split())[:_MOST_TITLE] if heading else ""


def lost_sections(card: Card, old: Earlier) -> Iterator[Problem]:
    """Limits, risks, uses and data that the earlier card documented, whose text went and on which this one says nothing."""
    if old.card is None or same_words(card.text, old.card.text):
        return
    kept = frozenset(_WORD.findall(card.text.lower()))
    lost = []
    for name, section in old.card.sections.items():
        now = card.sections.get(name)
        if name not in data.words("revisions", "kept_sections") or section.status != "substantive" or now is None:
            continue
        said = frozenset(_WORD.findall(old.card.text[section.start : section.end].lower()))
        if now.status == "absent" and now.documented == "none" and len(said & kept) <= _MOST_KEPT * len(said):
            lost.append(name)
    if lost:
        shown = listed([name.replace("_", " ") for name in lost])
        message = f"the card says nothing any more on what it documented at '{old.name}': {shown}"
        yield Problem(f"section:{lost[0]}", message, value=" ".join(lost))
