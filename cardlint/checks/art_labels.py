"""The classes of a classifier: named in its configuration, and the same as in the card."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint.checks.art_files import TOP, unread
from cardlint.checks.eva_read import row_place
from cardlint.checks.places import listed, quoted
from cardlint.model import NotChecked, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block
    from cardlint.repo.config import Config
    from cardlint.repo.repo import Repo

_CLASSIFIERS = (
    "ForSequenceClassification",
    "ForTokenClassification",
    "ForImageClassification",
    "ForAudioClassification",
    "ForVideoClassification",
)
_HEADER = re.compile(
    r"(?i)(?:class(?:es)?|label|category|emotion|intent|entity|tag|sentiment|topic)s?(?:[ _]?(?:name|id|index|type))?|id|idx|index|name"
)
_NUMBER = re.compile(r"\d{1,4}")
_SHARED = 0.5
"""Part of a table's names that the configuration has too, from which the table is taken for a list of the classes."""
_MOST = 60


def _classifier(config: Config) -> bool:
    return any(name.endswith(_CLASSIFIERS) for name in config.architectures)


def unnamed(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A classifier whose classes nobody named, in the configuration or in the card."""
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    if not _classifier(config) or "modules.json" in repo.names or config.problem_type == "regression":
        return
    if config.labels and (config.labels_named or len(config.labels) == 1):
        return
    count = len(config.labels) if config.labels else None
    if config.labels and not re.search(r"(?i)label_\d", card.text):
        yield Problem(TOP, f"the {count} classes of config.json have no names (LABEL_0, LABEL_1)", value="labels")


def others(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A table of classes in the card that are not those of the configuration."""
    tables = [block for block in card.outline.blocks if block.kind == "table" and 2 < len(block.rows) <= _MOST]
    if not tables:
        return
    config = repo.config.value
    if config is None:
        yield from unread(repo.config)
        return
    if not config.labels or not config.labels_named or not _classifier(config):
        return
    known = {_squeezed(name): number for number, name in config.labels.items()}
    for table in tables:
        found = _differs(card, table, known, len(config.labels))
        if found is not None:
            yield found
            return


def _differs(card: Card, table: Block, known: dict[str, int], count: int) -> Problem | None:
    """What a table of classes says otherwise: a name that is none, or a number of another class."""
    head, *rows = table.rows
    columns = [index for index, cell in enumerate(head) if _HEADER.fullmatch(cell.strip())]
    if len(columns) < len(head) and not {"id", "idx", "index"} & {cell.strip().lower() for cell in head}:
        return None  # a table of results by class
    for column in columns:
        names = [_squeezed(row[column]) if len(row) > column else "" for row in rows]
        shared = sum(name in known for name in names)
        if shared < 2 or shared < _SHARED * len(names):
            continue
        strange = [row[column].strip() for row, name in zip(rows, names, strict=True) if name and name not in known]
        if strange:
            message = f"the table of classes has {listed([quoted(name) for name in strange])}, config.json does not"
            return Problem(
                row_place(card, table, 1 + next(i for i, name in enumerate(names) if name and name not in known)), message, value=strange[0]
            )
        for index, (row, name) in enumerate(zip(rows, names, strict=True), 1):
            numbers = [cell.strip() for at, cell in enumerate(row) if at != column and at in columns and _NUMBER.fullmatch(cell.strip())]
            if len(numbers) == 1 and int(numbers[0]) != known[name] and int(numbers[0]) < count:
                message = f"the table gives {quoted(row[column])} the number {numbers[0]}, config.json {known[name]}"
                return Problem(row_place(card, table, index), message, value=row[column])
    return None


def _squeezed(name: str) -> str:
    """A name without case, marks and blanks."""
    return re.sub(r"[\W_]+", "", name).lower()
