"""What the readers make of a card, in lines that are read in review: the form of the files in ``tests/data/readings``.

``python -m tests.card.readings`` writes what the readers say now into those files; whoever runs it reads what changed.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from cardlint.card.card import Card
from cardlint.card.claims import Claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.card.outline import Block
    from cardlint.model import Placed

FOLDER = Path(__file__).resolve().parents[1] / "data" / "readings"
_WORD = re.compile(r"\S+")


def reading(case: dict[str, Any], shows: list[str]) -> dict[str, Any]:
    """What the parts ``shows`` of a case's card hold; what is empty is left out."""
    card = Card.from_text(case["card"], case.get("kind", "model"))
    read: dict[str, Any] = {}
    for part in shows:
        read.update({name: value for name, value in _PARTS[part](card).items() if value})
    return read


def _at(card: Card, place: Placed) -> str:
    """Where something stands: one place, or the first and the last where it is longer than a line."""
    return _span(card, place.start, place.end)


def _span(card: Card, start: int, end: int) -> str:
    span = card.lines.span(start, end)
    last = f"{span.end_line}:{span.end_column}" if span.end_line != span.line else str(span.end_column)
    return f"{span.line}:{span.column}-{last}"


def _claims(card: Card) -> dict[str, Any]:
    read = {}
    for name in Claims.names():
        lines = []
        for claim in getattr(card.claims, name):
            source = card.text[claim.start : claim.end]
            odd = "" if source == claim.value else f" from {source!r}"
            line, column = card.lines.position(claim.start)
            lines.append(f"{line}:{column} {claim.value}" + (f" [{claim.detail}]" if claim.detail else "") + odd)
        read[name] = lines
    return read


def _sections(card: Card) -> dict[str, Any]:
    read = {}
    for name, section in card.sections.items():
        if section.status == "absent":
            if section.documented != "none":
                read[name] = f"absent, {section.documented}"
            continue
        heading = f" under {section.heading!r}" if section.heading else ""
        read[name] = f"{section.status}, {section.documented}, {_at(card, section)}, {section.words} words{heading}"
    return {"sections": read}


def _placeholders(card: Card) -> dict[str, Any]:
    return {"placeholders": [f"{_at(card, one)} {one.text}" for one in card.placeholders]}


def _outline(card: Card) -> dict[str, Any]:
    outline = card.outline
    return {
        "headings": [f"{_at(card, one)} {one.kind} {one.level} {one.text!r}" for one in outline.headings],
        "blocks": [_block(card, block) for block in outline.blocks],
        "links": [
            f"{_at(card, one)} {'image' if one.image else 'link'} {one.url} {one.text!r} under {one.heading}" for one in outline.links
        ],
        "comments": [f"{_at(card, one)} {one.text!r} under {one.heading}" for one in outline.comments],
        "anchors": sorted(outline.anchors),
    }


def _block(card: Card, block: Block) -> dict[str, Any]:
    """A block with the place of each of its words."""
    more = {"label": block.label, "language": block.language, "quoted": block.quoted, "rows": [list(row) for row in block.rows]}
    words = []
    for match in _WORD.finditer(block.text):
        place = card.outline.place(block, *match.span())
        source = card.text[place.start : place.end]
        if source == match.group():
            words.append(f"{_at(card, place)} {source}")
        elif block.kind not in ("table", "html"):  # where only the first words are placed for certain
            words.append(f"{_at(card, place)} {match.group()} from {source!r}")
    return {
        "block": f"{_at(card, block)} {block.kind} under {block.heading}",
        "text": block.text,
        **{name: value for name, value in more.items() if value},
        "words": words,
    }


def _front_matter(card: Card) -> dict[str, Any]:
    block = card.front_matter
    text = card.text
    return {
        "status": block.status,
        "fences": f"{block.start} {block.closing} {block.end}",
        "metadata": json.dumps(block.metadata, ensure_ascii=False),
        "values": {at: text[slice(*place)] for at, place in block.values.items()},
        "keys": {at: text[slice(*place)] for at, place in block.keys.items()},
        "problems": [f"{one.kind} {one.at!r} {_span(card, one.start, one.end)} {one.detail}".rstrip() for one in block.problems],
        "comments": [text[slice(*place)] for place in block.comments],
    }


def _whole(card: Card) -> dict[str, Any]:
    return {"language": card.language, "generator": card.generator}


_PARTS: dict[str, Callable[[Card], dict[str, Any]]] = {
    "claims": _claims,
    "sections": _sections,
    "placeholders": _placeholders,
    "outline": _outline,
    "front matter": _front_matter,
    "whole": _whole,
}


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as they are; lists inside their keys."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _string)


def rendered(read: dict[str, Any]) -> str:
    """A file of cases as it stands on disk."""
    return yaml.dump(read, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000)


def files() -> list[Path]:
    """The files of cases."""
    return sorted(FOLDER.glob("*.yaml"))


def load(file: Path) -> dict[str, Any]:
    """A file of cases."""
    loaded: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return loaded


def main() -> None:
    """Write what the readers say now."""
    for file in [Path(name) for name in sys.argv[1:]] or files():
        held = load(file)
        for case in held["cases"]:
            case.pop("read", None)
            case["read"] = reading(case, held["shows"])
        file.write_text(rendered(held), encoding="utf-8")


if __name__ == "__main__":
    main()
