"""What older hubs kept elsewhere: keys with a successor, retired tasks, and library, task, licence and language among the tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.values import removal, texts
from cardlint.data import words
from cardlint.fixes.apply import Change, line_end_of
from cardlint.scaffold.yaml import lines_of
from cardlint.tuples import NamedTuple
from cardlint.vocab import fields, languages, libraries, licenses, tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.card.card import Card
    from cardlint.scaffold.known import Known, Value

Said = tuple[list[Change], list[str]]

_TASK_KEY = "pipeline_tag"


class _Move(NamedTuple):
    """A key, what a tag means for it (None: nothing), and whether it takes several."""

    key: str
    read: Callable[[str], str | None]
    many: bool = False


def _library(tag: str) -> str | None:
    """The library that loads a model, where a tag is one; frameworks and formats load none."""
    decisive = tag == "transformers" or tag in words("artifact_words", "decisive")
    return tag if decisive and libraries.known(tag) else None


def _task(tag: str) -> str | None:
    if tasks.known(tag):
        return tag
    successors = tasks.retired(tag)
    return successors[0] if len(successors) == 1 else None


def _license(tag: str) -> str | None:
    head, _, rest = tag.partition(":")
    near = licenses.near(rest.strip()) if head.lower() in ("license", "licence") else None
    return near.best if near and near.sure else None


def _language(tag: str) -> str | None:
    return tag if tag in words("metadata_words", "language_tags") and languages.known(tag) else None


def _dataset(tag: str) -> str | None:
    head, _, rest = tag.partition(":")
    return rest.strip() or None if head.lower() == "dataset" else None


_MODEL = (
    _Move("license", _license),
    _Move("language", _language, many=True),
    _Move("library_name", _library),
    _Move(_TASK_KEY, _task),
    _Move("datasets", _dataset, many=True),
)
_OTHERS = (_Move("license", _license), _Move("language", _language, many=True))


def additions(card: Card, known: Known) -> Said:
    """What the files tell and the metadata lack, before the closing fence."""
    have = card.front_matter.metadata
    new = {key: value for key, value in known.metadata.items() if key not in have}
    if "license" in have:  # its name and link belong to the licence that the files tell
        new = {key: value for key, value in new.items() if not key.startswith("license_")}
    if "base_model" in have:
        new.pop("base_model_relation", None)
    lines = lines_of(new)
    return ([_insertion(card, lines)] if lines else []), [f"added: {line}" for line in lines]


def keys(card: Card, known: Known) -> Said:  # noqa: ARG001  # a step as the others
    """Keys with a successor that is not there yet."""
    changes, told = [], []
    block = card.front_matter
    for key in block.metadata:
        successor = fields.successor(key, card.kind)
        place = block.keys.get(f"/{key}")
        if successor and place and successor not in block.metadata and card.text[place[0] : place[1]] == key:
            changes.append(Change(*place, successor))
            told.append(f"moved: {key} to {successor}")
    return changes, told


def retired(card: Card, known: Known) -> Said:
    """A retired task, where one successor stands for it or the model's head tells which."""
    block = card.front_matter
    task = block.metadata.get(_TASK_KEY)
    place = block.values.get(f"/{_TASK_KEY}")
    if not isinstance(task, str) or place is None:
        return [], []
    successors = tasks.retired(task)
    told = known.metadata.get(_TASK_KEY)
    today = successors[0] if len(successors) == 1 else told if told in successors else None
    if not isinstance(today, str) or card.text[place[0] : place[1]].strip("\"'") != task:
        return [], []
    return [Change(*place, today)], [f"moved: {_TASK_KEY} {task} to {today}"]


def tags(card: Card, known: Known) -> Said:
    """Tags that have a key of their own, where the key is not there and no two tags nor the files contradict each other."""
    found: dict[str, list[tuple[str, str]]] = {}
    table = _MODEL if known.kind == "model" else _OTHERS
    have = card.front_matter.metadata
    for at, tag in texts(card, "tags"):
        for move in table:
            value = move.read(tag)
            if value is not None and move.key not in have:
                found.setdefault(move.key, []).append((at, value))
                break
    new: dict[str, Value] = {}
    gone: list[str] = []
    for move in table:
        values = list(dict.fromkeys(value for _, value in found.get(move.key, ())))
        told = known.metadata.get(move.key)
        if not values or (len(values) > 1 and not move.many) or (told and not move.many and told != values[0]):
            continue
        new[move.key] = tuple(values) if move.many and len(values) > 1 else values[0]
        gone += [at for at, _ in found[move.key]]
    if not new:
        return [], []
    *kept, last = *_without(card, gone), _insertion(card, lines_of(new))
    if kept and kept[-1].end == last.start:  # what goes ends where the new lines begin
        last = Change(kept.pop().start, last.end, last.text)
    return [*kept, last], [f"moved: tag to {line}" for line in lines_of(new) if line[0] != "-"]


def _without(card: Card, gone: list[str]) -> list[Change]:
    """The changes that take tags out of a block list, and the list with its last one; tags of another shape stay."""
    block = card.front_matter
    listed = block.metadata.get("tags")
    edits = [removal(card, at) for at in gone]
    if not isinstance(listed, list) or not all(edits):
        return []
    changes = sorted(Change(edit.at.start, edit.at.end, edit.text) for edit in edits if edit is not None)
    if len(changes) < len(listed):
        return changes
    start = block.keys["/tags"][0]
    return [Change(start, max(change.end for change in changes), "")]


def _insertion(card: Card, lines: list[str]) -> Change:
    end = line_end_of(card.text)
    closing = card.front_matter.closing
    return Change(closing, closing, "".join(f"{line}{end}" for line in lines))
