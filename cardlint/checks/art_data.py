"""Data sets: what the front matter says of splits, rows and columns, against the files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.checks.art_splits import Chosen, Splits, by_name, chosen, data_files, infos
from cardlint.checks.values import texts
from cardlint.model import NotChecked, Problem
from cardlint.repo.answer import Answer
from cardlint.repo.tables import read_table, readable
from cardlint.vocab import datasets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo
    from cardlint.repo.tables import Table

NOT_HERE = "data files are not in this copy"
_MOST_FILES = 50
"""Files of a dataset that are opened."""
_MOST_BYTES = 32_000_000
"""Bytes of its files, Parquet aside, of which the footer is read."""
_MOST_SPLITS = 20
"""Splits of a configuration that are counted."""
_SHOWN = 4
_BUILDERS = (b"GeneratorBasedBuilder", b"ArrowBasedBuilder", b"BuilderConfig", b"BeamBasedBuilder")


def split_without_files(card: Card, repo: Repo) -> Iterator[Problem]:
    """Splits of ``dataset_info`` that no file stands for."""
    groups = _groups(card, repo)
    for at, config, info in infos(card):
        files = groups.get(config)
        if not files or None in files or not _whole(files):
            continue
        for index, split in enumerate(_splits(info)):
            name = split.get("name")
            if isinstance(name, str) and name not in files and split.get("num_examples") != 0:
                there = ", ".join(sorted(str(each) for each in files)[:_SHOWN])
                message = f"dataset_info has split '{name}', the files have {there}"
                yield Problem(f"{at}/splits/{index}/name", message, value=name)


def _splits(info: dict[str, Any]) -> list[dict[str, Any]]:
    found = info.get("splits")
    return [split if isinstance(split, dict) else {} for split in found[:200]] if isinstance(found, list) else []


def _groups(card: Card, repo: Repo) -> dict[str, Splits]:
    """The files of every configuration by split; None where a pattern leads out of the repository."""
    if "configs" in card.front_matter.metadata:
        found: dict[str, dict[str | None, list[Chosen]]] = {}
        for each in chosen(card, repo):
            found.setdefault(each.config, {}).setdefault(each.split, []).append(each)
        return {config: {split: _union(parts) for split, parts in splits.items()} for config, splits in found.items()}
    named = by_name(repo)
    configs = {config for _, config, _ in infos(card)}
    return {configs.pop(): named} if named and len(configs) == 1 else {}


def _union(parts: list[Chosen]) -> tuple[str, ...] | None:
    if any(part.files is None for part in parts):
        return None
    return tuple(dict.fromkeys(name for part in parts for name in part.files or ()))


def _whole(files: Splits) -> bool:
    return all(names for names in files.values())


def row_count(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Splits whose files have another number of rows than ``num_examples``."""
    groups = _groups(card, repo)
    tables = _Tables(repo)
    for at, config, info in infos(card):
        for index, split in enumerate(_splits(info)[:_MOST_SPLITS]):
            name, said = split.get("name"), split.get("num_examples")
            names = groups.get(config, {}).get(name) if isinstance(name, str) else None
            if not names or type(said) is not int:
                continue
            rows = tables.rows(names)
            if isinstance(rows, NotChecked):
                yield rows
                return
            if rows is not None and rows != said:
                message = f"num_examples of split '{name}' is {said:,}, its files have {rows:,} rows"
                yield Problem(f"{at}/splits/{index}/num_examples", message, value=str(said))


class _Tables:
    """The tables of one repository, each read once and within one budget of bytes."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        self.left = _MOST_BYTES
        self.found: dict[str, Answer[Table]] = {}

    def table(self, name: str) -> Answer[Table]:
        """The table in a file; "not-here" where it would go over the budget, as where its content is elsewhere."""
        if name not in self.found:
            self.left -= 0 if name.endswith(".parquet") else self.repo.size(name) or 0
            over: Answer[Table] = Answer("not-here", name, reason="over the budget")
            self.found[name] = read_table(self.repo, name) if self.left >= 0 and len(self.found) < _MOST_FILES else over
        return self.found[name]

    def rows(self, names: tuple[str, ...]) -> int | NotChecked | None:
        """The rows of files together; None where one is of another kind or malformed."""
        if len(names) > _MOST_FILES or not all(readable(name) for name in names):
            return None
        total = 0
        for name in names:
            answer = self.table(name)
            if answer.value is None:
                uncounted = "bound" in answer.reason or "not installed" in answer.reason
                if answer.state != "not-here" and not uncounted:
                    return None
                return NotChecked("data files were not counted" if uncounted or "budget" in answer.reason else NOT_HERE)
            total += answer.value.rows
        return total


def size_category(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A size category that the rows of the files contradict, where no ``dataset_info`` gives their number."""
    said = [(at, value, bounds) for at, value in texts(card, "size_categories") if (bounds := datasets.bounds(value))]
    if not said or "dataset_info" in card.front_matter.metadata or isinstance(card.front_matter.metadata.get("configs"), list):
        return
    names = data_files(repo)
    if not names:
        return
    rows = _Tables(repo).rows(names)
    if isinstance(rows, NotChecked):
        yield rows
    elif rows and not any(bounds.least <= rows and (bounds.below is None or rows <= bounds.below) for _, _, bounds in said):
        at, value, _ = said[0]
        yield Problem(
            at, f"size category '{value}', but the files have {rows:,} rows", help=f"'{datasets.size_of(rows)}' fits.", value=value
        )


def columns(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Features of ``dataset_info`` that the files do not have, and columns that it lacks."""
    groups = _groups(card, repo)
    tables = _Tables(repo)
    for at, config, info in infos(card):
        features = info.get("features")
        names = (
            [each["name"] for each in features if isinstance(each, dict) and isinstance(each.get("name"), str)]
            if isinstance(features, list)
            else []
        )
        files = next((files for files in groups.get(config, {}).values() if files), None)
        if not names or not files or not readable(files[0]):
            continue
        answer = tables.table(files[0])
        if answer.value is None:
            if answer.state == "not-here":
                yield NotChecked(NOT_HERE)
            continue
        message = _unlike(names, answer.value)
        if message:
            yield Problem(f"{at}/features", f"{message} in '{files[0]}'", value=files[0])


def _unlike(names: list[str], table: Table) -> str | None:
    held = [column for column in table.columns if not column.startswith("__index_level_")]
    lacking = [name for name in names if name not in held]
    more = [column for column in held if column not in names]
    if lacking:
        return f"dataset_info has the column '{lacking[0]}', which is not"
    return f"dataset_info lacks the column '{more[0]}', which is" if more else None


def script(repo: Repo, facts: dict[str, Any]) -> Iterator[Problem]:
    """A loading script, which the datasets library no longer runs."""
    own = str(facts["id"] or "").rpartition("/")[2]
    for name in sorted(repo.names):
        if not name.endswith(".py") or "/" in name:
            continue
        if (own and name == f"{own}.py") or any(word in (repo.read(name, 200_000) or b"") for word in _BUILDERS):
            yield Problem("/repo/files", f"'{name}' is a loading script, which the datasets library no longer runs", value=name)


def no_data(repo: Repo) -> Iterator[Problem]:
    """A dataset without a file of data. A card alone may be a copy of the card."""
    if repo.names <= {"README.md", "dataset_infos.json"}:
        return
    if not data_files(repo) and not any(name.endswith(".py") for name in repo.names):
        yield Problem("/repo/files", "the repository holds no data files")
