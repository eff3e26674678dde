"""Figures of an architecture that the card states, a label and a number, against the configurations that are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.art_files import unread
from cardlint.checks.eva_read import cell_place
from cardlint.model import NotChecked, Problem
from cardlint.patterns import Pattern
from cardlint.repo.jsonfile import read_object, whole_number
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Piece
    from cardlint.repo.answer import Answer
    from cardlint.repo.repo import Repo

_LABELS = {
    "hidden": Pattern(r"(?i)hidden[ _-](?:size|dimension|dim)|d_model"),
    "layers": Pattern(r"(?i)(?:number of |num_(?:hidden_)?)?(?:hidden |transformer )?layers"),
    "heads": Pattern(r"(?i)(?:number of |num_)?attention[ _]heads"),
    "sequence": Pattern(r"(?i)max(?:imum)? sequence length"),
    "width": Pattern(r"(?i)(?:output|embedding) (?:vector )?dimension(?:ality|s)?"),
}
_LABELLED = Pattern(r"[\s*_]*([A-Za-z_ -]{6,32}?)[\s*_]*[:=][\s*_`]*(\d[\d,]{0,9})(?![\w.,])[^\d\n]*")
_CELL = Pattern(r"[\s*`]*(\d[\d,]{0,9})(?:\s+(?:tokens|dimensions))?[\s*`]*")
_DEEPEST = 4
_MOST_POOLINGS = 6
"""A pooling joins up to six vectors of a width, one a mode."""


class _Stated(NamedTuple):
    """A figure as the card states it."""

    what: str
    number: int
    place: Piece


def figures(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Stated figures that no configuration of the repository has; a figure that the card states in two ways is passed over."""
    stated: dict[str, list[_Stated]] = {}
    for each in _stated(card):
        stated.setdefault(each.what, []).append(each)
    if not stated or repo.adapter.state != "absent":
        return
    for what, found in stated.items():
        if len({each.number for each in found}) > 1:
            continue
        known, path, answer = _known(repo, what)
        if answer is not None:
            yield from unread(answer)
        elif known and found[0].number not in known:
            shown = " and ".join(f"{number:,}" for number in sorted(known)[: 1 if what == "width" else 2])
            label = _NAMES[what]
            message = f"the card says {label} {found[0].number:,}, {path} has {shown}"
            yield Problem(found[0].place, message, value=what)


_NAMES = {
    "hidden": "hidden size",
    "layers": "number of layers",
    "heads": "number of attention heads",
    "sequence": "maximum sequence length",
    "width": "embedding dimension",
}


def _stated(card: Card) -> Iterator[_Stated]:
    for block in card.outline.blocks:
        if block.kind in ("item", "paragraph"):
            match = _LABELLED.fullmatch(block.text)
            if match and (what := _what(match[1])):
                yield _Stated(what, _number(match[2]), card.outline.place(block, match.start(2), match.end(2)))
        elif block.kind == "table" and block.rows and len(block.rows[0]) == 2:
            for index, row in enumerate(block.rows):
                cell = _CELL.fullmatch(row[1]) if len(row) == 2 and len(row[1]) < 40 else None
                if cell and (what := _what(row[0].strip(" *:`"))):
                    yield _Stated(what, _number(cell[1]), cell_place(card, block, index, 1))


def _what(label: str) -> str | None:
    return next((what for what, pattern in _LABELS.items() if pattern.fullmatch(label.strip())), None)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def _known(repo: Repo, what: str) -> tuple[set[int], str, Answer[Any] | None]:
    """The numbers that a figure may be, the file that has them, and the answer of a file that could not be read."""
    if what in ("sequence", "width"):
        chain = repo.sentence_transformers.value
        if chain is None:
            return set(), "", None
        if what == "sequence":
            return ({chain.max_seq_length} if chain.max_seq_length else set()), "sentence_bert_config.json", None
        kinds = [kind.rpartition(".")[2] for _, kind in chain.modules]
        if kinds[:2] != ["Transformer", "Pooling"] or set(kinds[2:]) - {"Normalize"}:
            return set(), "", None
        path = f"{chain.modules[1][0].strip('/')}/config.json"
        answer = read_object(repo, path, dict)
        if answer.value is None:
            return set(), path, answer
        width = whole_number(answer.value.get("word_embedding_dimension"))
        return {width * count for count in range(1, _MOST_POOLINGS + 1)} if width else set(), path, None
    config = repo.config
    if config.value is None:
        return set(), config.path, config if "config.json" in repo.names else None
    keys = frozenset(data.vocabulary("model_sizes")["keys"][what])
    return set(_numbers(config.value.data, keys, _DEEPEST)), "config.json", None


def _numbers(value: dict[str, Any], keys: frozenset[str], depth: int) -> Iterator[int]:
    """The numbers under the keys, in the configuration and in those nested in it."""
    for key, each in value.items():
        if isinstance(each, dict):
            if depth:
                yield from _numbers(each, keys, depth - 1)
        elif key in keys and (number := whole_number(each)):
            yield number
