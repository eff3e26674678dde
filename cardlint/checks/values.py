"""What checks of the front matter share: walking values with their pointers, edits of values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.model import Edit, Fix, Problem, Range, Related

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.model import Safety
    from cardlint.vocab.nearest import Near


def items(card: Card, key: str) -> Iterator[tuple[str, Any]]:
    """The values of a key that takes one or several: pointer (into the facts) and value, nulls left out."""
    value = card.front_matter.metadata.get(key)
    at = f"/metadata/{escape(key)}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            if item is not None:
                yield f"{at}/{index}", item
    elif value is not None:
        yield at, value


def texts(card: Card, key: str) -> Iterator[tuple[str, str]]:
    """Those of `items` that are text."""
    for at, value in items(card, key):
        if isinstance(value, str):
            yield at, value


def place_of(card: Card, at: str) -> tuple[int, int] | None:
    """Where the value at a pointer stands in the card; None where that is not known."""
    return card.front_matter.values.get(at.removeprefix("/metadata"))


def replacement(card: Card, at: str, text: str, *, safe: bool = True) -> Fix | None:
    """The fix that puts another plain value at a pointer; None where the value's place is not known or is quoted oddly."""
    place = place_of(card, at)
    if place is None or place[0] == place[1]:
        return None
    source = card.text[place[0] : place[1]]
    quote = source[0] if source[0] in "\"'" else ""
    if "\n" in source or (quote and source[-1] != quote):
        return None
    return Fix((Edit(Range(*place), f"{quote}{text}{quote}"),), "safe" if safe else "unsafe")


def edited(text: str, edits: Iterable[Edit], start: int = 0, end: int | None = None) -> str:
    """What stands between two offsets after edits there, which come in their order."""
    parts = []
    for edit in edits:
        parts += [text[start : edit.at.start], edit.text]
        start = edit.at.end
    return "".join([*parts, text[start:end]])


def addition(card: Card, key: str, values: Sequence[str]) -> Fix | None:
    """The fix that adds a key with one value, or with a list of several, below the others; None where there is no block that takes it.

    The values are written as they are: ids, words and codes that need no quotes.
    """
    block = card.front_matter
    if block.status not in ("ok", "empty") or not block.end or key in block.metadata:
        return None
    first = min((place[0] for place in block.keys.values()), default=block.closing)
    lead = card.text[card.text.rfind("\n", 0, first) + 1 : first]
    if lead.strip():
        return None
    listed = [f"{lead}{key}: {values[0]}\n"] if len(values) == 1 else [f"{lead}{key}:\n", *(f"{lead}- {value}\n" for value in values)]
    return Fix((Edit(Range(block.closing, block.closing), "".join(listed)),), "unsafe")


def suggestion(near: Near, lead: str = "did you mean") -> str | None:
    """The near misses as advice, at most three; None where nothing is near."""
    if not near:
        return None
    shown = " or ".join(repr(identifier) for identifier in near.ids[:3])
    return f"{lead} {shown}{'?' if lead.startswith('did') else '.'}"


def duplicates(card: Card, key: str, what: str, form: Callable[[str], str]) -> Iterator[Problem]:
    """One problem for all items of a list whose form an earlier item has; ``what`` reads before "listed twice"."""
    listed = card.front_matter.metadata.get(key)
    if not isinstance(listed, list) or len(listed) < 2:
        return
    seen = [form(value) for value in listed if isinstance(value, str)]
    if len(seen) == len(set(seen)):
        return
    first: dict[str, tuple[str, str]] = {}
    twice: list[tuple[str, str, str]] = []
    for at, value in texts(card, key):
        same = first.setdefault(form(value), (at, value))
        if same[0] != at:
            twice.append((at, value, same[1]))
    if not twice:
        return
    words = [repr(value) if value == earlier else f"{value!r} (as {earlier!r})" for _, value, earlier in twice]
    shown = ", ".join(list(dict.fromkeys(words))[:4]) + (", …" if len(set(words)) > 4 else "")
    others = tuple(Related(at, f"{value!r} again") for at, value, _ in twice[1:])
    edits = [removal(card, at) for at, _, _ in twice]
    safety: Safety = "safe" if all(value == earlier for _, value, earlier in twice) else "unsafe"
    fix = Fix(tuple(edit for edit in edits if edit is not None), safety) if all(edits) else None
    yield Problem(twice[0][0], f"{what} listed twice: {shown}", value=twice[0][1], fix=fix, related=others)


def removal(card: Card, at: str) -> Edit | None:
    """The edit that takes an item out of a block list, with its line; None where the item does not fill its line."""
    place = place_of(card, at)
    if place is None:
        return None
    start = card.text.rfind("\n", 0, place[0]) + 1
    end = card.text.find("\n", place[1]) + 1
    if not end or card.text[start : place[0]].strip() != "-" or card.text[place[1] : end].strip():
        return None
    return Edit(Range(start, end), "")
