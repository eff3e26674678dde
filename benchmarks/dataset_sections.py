"""Yang, Liang and Zou (ICLR 2024) again: which sections dataset cards hold and how long they are, by their method and by ours.

    python benchmarks/dataset_sections.py [--study DIR] [--cards CARDS.jsonl.gz]

Without ``--study``: on the dataset cards at hand, which are a sample without ranks. With ``--study``, a checkout of the study's repository
(YoungXinyu1802/HuggingFace-Dataset-Card-Analysis): on all its cards, ranked by downloads, next to what the study's own table says.
docs/reproductions.md explains the differences.

Their method, written anew from its description: a heading belongs to a section when its text contains one of the section's titles; the
section ends at the next such heading or one of the same or a higher level; "more information needed" counts as nothing; five words
make a section not empty; the share of a section is its words by the words of all sections, code and tables left out.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import re
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt

from cardlint.card.card import Card

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

CARDS = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "cards.jsonl.gz"
TITLES = {
    "contents": ("table of contents",),
    "description": ("dataset description", "dataset summary", "supported tasks and leaderboards", "languages"),
    "structure": ("dataset structure", "data instances", "data fields", "data splits"),
    "creation": (
        *("dataset creation", "curation rationale", "source data", "initial data collection", "who are the source language producers"),
        *("annotations", "annotation process", "who are the annotators", "personal and sensitive information"),
    ),
    "considerations": ("considerations for using the data", "social impact of dataset", "discussion of biases", "other known limitations"),
    "additional": ("additional information", "dataset curators", "licensing information", "citation information", "contributions"),
}
SECTIONS = ("description", "structure", "creation", "considerations", "additional", "other")
OURS = {
    "description": ("description", "uses"),
    "structure": ("structure",),
    "creation": ("source_data", "collection", "annotations", "personal_data"),
    "considerations": ("out_of_scope", "bias_risks_limitations"),
    "additional": ("license", "citation", "contact", "maintenance"),
}
"""The study's five sections by the sections of dataset cards that cardlint reads; its description holds the supported tasks."""

STUDY_NAMES = {
    "description": "dataset description",
    "structure": "dataset structure",
    "creation": "dataset creation",
    "considerations": "considerations for using the data",
    "additional": "additional information",
    "other": "other",
}
_FRONT = re.compile(r"---(.*?)---", re.DOTALL)
_HTML = [re.compile(rf"<{tag}[^>]*>([\s\S]*?)</{tag}>") for tag in ("div", "style", "span", "table")] + [re.compile(r"<[^>]*>")]
_PLACEHOLDER = re.compile(r"more information needed", re.IGNORECASE)
_URL = re.compile(r"(?<![\w\"'(\[])https?://[^\s<]+")
_BRACKETED = re.compile(r"[\s*\[^A-Za-z0-9]+\s*\]")


class Read(NamedTuple):
    """One card by their method: for each section whether five words stand in it, and its words without code and tables."""

    not_empty: dict[str, bool]
    words: dict[str, int]

    def shares(self) -> dict[str, float]:
        total = sum(self.words.values())
        return {name: self.words.get(name, 0) / total if total else 0.0 for name in SECTIONS}


def words(text: str) -> int:
    """Words by blanks, after what stands before a closing bracket was taken out, as the study counts."""
    return len(_BRACKETED.sub("", text).split())


def category(title: str) -> str:
    low = title.lower()
    return next((name for name, titles in TITLES.items() if any(each in low for each in titles)), "other")


def by_their_method(text: str, parser: MarkdownIt) -> Read:
    """Sections of one card as the study reads them."""
    blocks = list(_blocks(parser.parse(_FRONT.sub("", text, count=1))))
    raw, clean = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for index, (level, kind, content) in enumerate(blocks):
        if kind != "heading":
            continue
        body = []
        for below, what, said in blocks[index + 1 :]:
            if what == "heading" and (below <= level or category(said) != "other"):
                break
            body.append((what, f"\n{'#' * below} {said}\n" if what == "heading" else said))
        whole = "".join(said for what, said in body if what != "table")
        name = category(content)
        if words(whole) and (name != "other" or level == 2):
            raw[name].append(whole)
            clean[name].append(content + "\n" + "".join(said for what, said in body if what not in ("code", "table")))
    return Read(
        {name: words(" ".join(raw[name])) >= 5 for name in SECTIONS},
        {name: words("\n".join(clean[name])) for name in SECTIONS if name in clean},
    )


def _blocks(tokens: list[Token]) -> Iterator[tuple[int, str, str]]:
    """Blocks of the top level: (level of a heading or 0, heading, code, table or text, its text)."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = index
        while tokens[end].level or tokens[end].nesting == 1:
            end += 1
            if tokens[end].level == 0 and tokens[end].nesting == -1:
                break
        kind = {"heading_open": "heading", "fence": "code", "code_block": "code", "table_open": "table"}.get(token.type, "text")
        yield int(token.tag[1]) if kind == "heading" else 0, kind, _plain(tokens[index : end + 1])
        index = end + 1


def _plain(tokens: list[Token]) -> str:
    parts = []
    for token in tokens:
        if token.type == "list_item_open":
            parts.append("\n")
        elif token.type == "inline":
            parts.append(
                "".join(_cleaned(child.content) if child.content else "\n" * (child.type == "softbreak") for child in token.children or ())
            )
        elif token.type in ("fence", "code_block", "html_block"):
            parts.append(_cleaned(token.content))
    return "".join(parts)


def _cleaned(text: str) -> str:
    for pattern in _HTML:
        text = pattern.sub(" ", text)
    return _PLACEHOLDER.sub("", _URL.sub("", text)).replace("[]", "")


def by_ours(text: str) -> dict[str, str]:
    """For each of the five: the best status of our sections (substantive, thin, placeholder, absent)."""
    sections = Card.from_text(text, "dataset").sections
    order = ("absent", "placeholder", "thin", "substantive")
    return {group: max((sections[name].status for name in names), key=order.index) for group, names in OURS.items()}


def headings_of(text: str, parser: MarkdownIt) -> set[str]:
    """The study's sections whose own title (the first of each) is a heading of the card."""
    found = {content.lower() for _, kind, content in _blocks(parser.parse(_FRONT.sub("", text, count=1))) if kind == "heading"}
    return {name for name in OURS if any(TITLES[name][0] in each for each in found)}


def row(name: str, values: Iterable[float], width: int = 26) -> str:
    return f"{name:{width}}" + "".join(f"{value:>15.1%}" for value in values)


class Both(NamedTuple):
    """One card by both methods: theirs, ours, and the sections whose own title is a heading."""

    theirs: Read
    ours: dict[str, str]
    titles: set[str]


def read_both(texts: Iterable[str]) -> list[Both]:
    """Read cards by both methods."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [Both(by_their_method(text, parser), by_ours(text), headings_of(text, parser)) for text in texts]


def table(cards: list[Both], label: str) -> None:
    """Both methods over some cards, in percent of the cards."""
    theirs, ours, titles = ([each[at] for each in cards] for at in range(3))
    shares = [each.shares() for each in theirs]
    share_of = partial(_share, len(cards))
    print(f"\n{label}: {len(cards):,} cards")
    print(" " * 26 + "".join(f"{name:>15}" for name in SECTIONS))
    print(row("heading of that title", (share_of(name in each for each in titles) for name in OURS)))
    print(row("five words (theirs)", (share_of(each.not_empty[name] for each in theirs) for name in SECTIONS)))
    print(row("share of the words", (fmean(each[name] for each in shares) for name in SECTIONS)))
    print(row("thin or more (ours)", (share_of(each[name] in ("thin", "substantive") for each in ours) for name in OURS)))
    print(row("substantive (ours)", (share_of(each[name] == "substantive" for each in ours) for name in OURS)))
    print(
        "all five: "
        f"headings {share_of(len(each) == 5 for each in titles):.1%}, five words {share_of(all(each.not_empty[name] for name in OURS) for each in theirs):.1%}, "
        f"substantive (ours) {share_of(all(status == 'substantive' for status in each.values()) for each in ours):.1%}"
    )
    for name in OURS:
        only_ours = sum(o[name] in ("thin", "substantive") and not t.not_empty[name] for o, t in zip(ours, theirs, strict=True))
        only_theirs = sum(o[name] not in ("thin", "substantive") and t.not_empty[name] for o, t in zip(ours, theirs, strict=True))
        print(f"  {name}: {only_ours:,} cards documented by ours only, {only_theirs:,} by theirs only")


def _share(total: int, holds: Iterable[bool]) -> float:
    return sum(holds) / total if total else 0.0


def at_hand(cards: Path) -> list[str]:
    """The dataset cards of the corpus that came from a hub."""
    found = []
    with gzip.open(cards, "rb") as lines:
        for line in lines:
            card = json.loads(line)
            if card["kind"] == "dataset" and card["source"] != "fixtures":
                found.append(card["text"] if "text" in card else base64.b64decode(card["base64"]).decode("utf-8", "replace"))
    return found


def of_study(folder: Path) -> None:
    """The study's own cards by rank, what its table says, and how often our copy of its method says the same."""
    import duckdb

    info, sections = (str(folder / "Data" / "Dataset_Info" / f"{name}.parquet") for name in ("dataset_info", "datasetcard_sections_info"))
    columns = ", ".join(
        f"s.\"('{STUDY_NAMES[name]}', '{column}')\""
        for name in SECTIONS
        for column in ("not_empty", "section_length_proportion", "word_cnt")
    )
    rows = duckdb.execute(
        f"select s.__index_level_0__, i.downloads, {columns} from read_parquet(?) s join read_parquet(?) i on i.dataset_name = s.__index_level_0__ "
        "order by i.downloads desc, 1",
        [sections, info],
    ).fetchall()
    texts, told = [], []
    for name, downloads, *values in rows:
        path = folder / "Data" / "Dataset_Card" / f"{name.replace('/', '_')}.md"
        if path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
            told.append((downloads, values))
    print(f"the study's table: {len(rows):,} cards, {len(texts):,} of them here")
    cards = read_both(texts)
    mine = [each.theirs for each in cards]
    for at, name in enumerate(SECTIONS):
        same = sum(read.not_empty[name] == bool(values[3 * at]) for read, (_, values) in zip(mine, told, strict=True))
        near = sum(
            abs(read.words.get(name, 0) - values[3 * at + 2]) <= max(3, 0.05 * values[3 * at + 2])
            for read, (_, values) in zip(mine, told, strict=True)
        )
        print(f"  {name}: not empty as in the study {same / len(texts):.2%}, words within 5 % {near / len(texts):.2%}")
    for label, chosen in (("top 100", slice(100)), ("top 500", slice(500)), ("top 1500", slice(1500)), ("all", slice(None))):
        print(f"\nthe study's own table, {label}")
        print(row("five words", (fmean(values[3 * at] for _, values in told[chosen]) for at in range(6))))
        print(row("share of the words", (fmean(values[3 * at + 1] for _, values in told[chosen]) for at in range(6))))
        table(cards[chosen], label)


def main() -> None:
    parser = argparse.ArgumentParser(description="Sections of dataset cards by two methods.")
    parser.add_argument("--study", type=Path, help="a checkout of the study's repository")
    parser.add_argument("--cards", type=Path, default=CARDS)
    options = parser.parse_args()
    if options.study:
        of_study(options.study)
    elif options.cards.is_file():
        table(read_both(at_hand(options.cards)), "dataset cards at hand, without ranks")
    else:
        sys.exit(f"{options.cards} is not here: the cards of others are no part of the project")


if __name__ == "__main__":
    main()
