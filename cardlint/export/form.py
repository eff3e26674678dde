"""The Model Documentation Form of the code of practice for general-purpose AI (July 2025), as Markdown, filled from a card.

Items are told in words of our own, in the form's order. An item that the card does not answer says so: nobody has to guess
whether a blank was an oversight. The form speaks of more than a card can hold, so a full one is not the aim.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.export.given import location, stamp
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.export.given import Given
    from cardlint.export.inventory import Inventory, Named

_MARKS = re.compile(r"[\\`*_{}\[\]<>()#!|&~$]")
_BANDS = (
    (500_000_000, "1 to 500 million"),
    (5_000_000_000, "500 million to 5 billion"),
    (15_000_000_000, "5 to 15 billion"),
    (50_000_000_000, "15 to 50 billion"),
    (100_000_000_000, "50 to 100 billion"),
    (500_000_000_000, "100 to 500 billion"),
    (1_000_000_000_000, "500 billion to 1 trillion"),
)
UNSAID = "Not stated in the card."
UNREAD = "Not known: the front matter could not be read."


class Item(NamedTuple):
    """One item of the form: short answers as lines, and quoted passages with their places."""

    name: str
    lines: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()


def render(known: Inventory, given: Given) -> str:
    """The form of one model."""
    out = [f"# Model documentation form: {_plain(known.name)}", ""]
    source = f"`{_code(known.card_path)}` (SHA-256 `{known.card_sha256}`)"
    when = f" on {given.stamp}" if given.created.timestamp() else ""
    unread = "" if known.readable else " Its front matter could not be read."
    out += [f"Filled from {source} by cardlint{when}. Quoted text is the card's own.{unread}"]
    blank = UNSAID if known.readable else UNREAD
    answered = total = 0
    for title, items in _parts(known, given).items():
        out += ["", f"## {title}"]
        for item in items:
            total += 1
            answer = [f"- {line}" for line in item.lines]
            for name in item.passages:
                if name in known.passages:
                    passage = known.passages[name]
                    quoted = _quoted(passage.text) if passage.text is not None else []
                    answer += ["", f"From {_plain(passage.evidence)}:", "", *quoted] if quoted else ["", f"See {_plain(passage.evidence)}."]
            answered += bool(answer)
            out += ["", f"### {item.name}", "", *(answer[1:] if answer[:1] == [""] else answer or [blank])]
    out += ["", f"{answered} of {total} items are answered.", ""]
    return "\n".join(out)


def _parts(known: Inventory, given: Given) -> dict[str, tuple[Item, ...]]:
    """The form's parts and items, in its order."""
    where = location(known.kind, known.id, given)
    hashes = tuple(f"{_plain(each.path)}: SHA-256 {each.sha256}" for each in known.files if each.sha256)
    return {
        "General information": (
            Item("Provider", (_plain(given.supplier),) if given.supplier else (), ("contact_authors",)),
            Item("Model name and version", (_plain(known.name), *((_plain(v),) if (v := given.version or known.revision) else ()))),
            Item("Authenticity", hashes),
            Item("Release date", (stamp(given.released)[:10],) if given.released else ()),
            Item("Models it was made from", tuple(_named(known.base_models))),
        ),
        "Model properties": (
            Item("Architecture", tuple(_architecture(known)), ("model_description",)),
            Item("Input and output modalities, largest sizes", tuple(_modalities(known))),
            Item("Size", tuple(_size(known))),
        ),
        "Distribution and licence": (
            Item("Distribution channels", (where,) if where else ()),
            Item("Licence", tuple(_licenses(known)), ("license",)),
        ),
        "Use": (
            Item("Acceptable use policy", (), ("out_of_scope_use",)),
            Item("Intended uses, and systems it can be part of", (), ("intended_use",)),
            Item("Technical means of integration", (f"library: {_plain(known.library)}",) if known.library else (), ("how_to_use",)),
        ),
        "Training process": (Item("Design, method and rationale", (), ("training_procedure",)),),
        "Training, testing and validation data": (
            Item("Training data", tuple(_named(known.datasets)), ("training_data",)),
            Item("Testing and validation data", tuple(_named(known.tested_on)), ("evaluation_data",)),
            Item("Measures on bias and unsuitable sources", (), ("bias_risks",)),
        ),
        "Evaluation": (
            Item("Results", tuple(_results(known)), ("evaluation_results",)),
            Item("Limitations", (), ("limitations",)),
        ),
        "Compute and energy": (
            Item("Emissions and energy in training", tuple(_emissions(known)), ("environmental_impact",)),
            Item("Compute and energy in use"),
        ),
    }


def _architecture(known: Inventory) -> Iterator[str]:
    if known.architectures:
        yield f"{_plain(', '.join(known.architectures))} (config.json)"
    if known.model_type:
        yield f"model type {_plain(known.model_type)} (config.json)"


def _modalities(known: Inventory) -> Iterator[str]:
    if known.task:
        yield f"task {_plain(known.task)} (front matter: pipeline_tag)"
    if known.max_positions is not None:
        yield f"at most {known.max_positions:,} positions (config.json)"


def _size(known: Inventory) -> Iterator[str]:
    """The count from the weights' headers, to two figures, and the form's band."""
    if known.parameters:
        shown = int(float(f"{known.parameters:.1e}"))
        band = next((name for most, name in _BANDS if known.parameters <= most), "over 1 trillion")
        yield f"{shown:,} parameters, counted in the weights (band: {band})"


def _licenses(known: Inventory) -> Iterator[str]:
    for each in known.licenses:
        link = f", {_plain(each.link)}" if each.link else ""
        yield f"{_plain(each.name)}{link} ({_plain(each.evidence)})"
    for claim in known.licenses_claimed:
        yield f"{_plain(claim.name)} ({_plain(claim.evidence)})"
    if known.concluded:
        yield f"the text of {_plain(known.concluded[1])} is {_plain(known.concluded[0])}"


def _named(names: tuple[Named, ...]) -> Iterator[str]:
    for each in names:
        relation = f"{_plain(each.relation)}; " if each.relation else ""
        yield f"{_plain(each.name)} ({relation}{_plain(each.evidence)})"


def _results(known: Inventory) -> Iterator[str]:
    for each in known.results:
        on = f" on {_plain(each.measured_on)}" if each.dataset else ""
        yield f"{_plain(each.metric)} {_plain(each.value)}{on} ({_plain(each.evidence)})"


def _emissions(known: Inventory) -> Iterator[str]:
    if known.emissions:
        yield f"CO2 equivalent {_plain(known.emissions[0])} g ({_plain(known.emissions[1])})"


def _plain(text: str) -> str:
    """Words of a card on one line, without markup."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def _code(text: str) -> str:
    return text.replace("`", "'")


def _quoted(text: str) -> list[str]:
    """A passage in a fence that it cannot close."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return [f"{fence}text", *text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), fence]
