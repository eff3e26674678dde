"""Dataset cards: ``configs`` and ``dataset_info``, which loaders read and refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.card.yamlreader import escape
from cardlint.checks.values import items
from cardlint.model import Problem, Related

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card

_INSIDE = {
    "configs": ("default", "data_files", "data_dir", "config_name"),
    "dataset_info": ("features", "splits", "download_size", "dataset_size"),
}
"""Keys that are read inside a block and nowhere else."""
_MOST_LABELS = 100_000
_MOST_RELATED = 10
_LIST = "a key `list` instead of `dtype`, with the type of the items"
_STRUCT = "a key `struct` instead of `dtype`, with the list of its fields"
_TYPES = {
    **dict.fromkeys(("str", "text", "character"), "string"),
    **dict.fromkeys(("int", "integer", "long"), "int64"),
    **dict.fromkeys(("number", "numeric", "decimal"), "float64"),
    **dict.fromkeys(("boolean", "Boolean"), "bool"),
    **{word: word.lower() for word in ("String", "Bool", "Int32", "Int64", "Float32", "Float64", "Image", "Audio", "Video")},
    **dict.fromkeys(("list", "array", "List", "list[string]", "list[str]", "List[str]"), _LIST),
    **dict.fromkeys(("struct", "dict", "object", "map"), _STRUCT),
}
"""Words that no reader of ``dataset_info`` takes for a type (datasets library, features), and what is written for them."""


def _configs(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    value = card.front_matter.metadata.get("configs")
    for index, config in enumerate(value if isinstance(value, list) else ()):
        if isinstance(config, dict):
            yield f"/metadata/configs/{index}", config


def names(card: Card) -> Iterator[Problem]:
    """Configurations without a name, and two of one name."""
    seen: dict[str, str] = {}
    for at, config in _configs(card):
        name = config.get("config_name")
        if not isinstance(name, str) or not name:
            yield Problem(at, "the configuration has no config_name")
        elif name in seen:
            where = (Related(seen[name], "the first"),)
            yield Problem(f"{at}/config_name", f"two configurations are named {name!r}", value=name, related=where)
        else:
            seen[name] = f"{at}/config_name"


def defaults(card: Card) -> Iterator[Problem]:
    """More than one default configuration."""
    marked = [at for at, config in _configs(card) if config.get("default") is True]
    named = [at for at, config in _configs(card) if config.get("config_name") == "default"]
    first = [at for at in marked if at not in named]
    if len(marked) > 1:
        where = (Related(f"{marked[0]}/default", "the first"),)
        yield Problem(f"{marked[1]}/default", f"{len(marked)} configurations are the default", related=where)
    elif first and named:
        message = "one configuration is named 'default', another is marked as the default"
        yield Problem(f"{first[0]}/default", message, related=(Related(f"{named[0]}/config_name", "the name"),))


def data_files(card: Card) -> Iterator[Problem]:
    """``data_files`` in a shape that loaders refuse, and splits given twice."""
    for at, config in _configs(card):
        files = config.get("data_files")
        if files is None or isinstance(files, str):
            continue
        place = f"{at}/data_files"
        if not isinstance(files, list):
            yield Problem(place, "data_files is neither a path nor a list of paths or of split and path")
            continue
        splits: dict[str, str] = {}
        for index, entry in enumerate(files):
            here = f"{place}/{index}"
            if isinstance(entry, dict):
                lacking = [key for key in ("split", "path") if key not in entry]
                if lacking:
                    yield Problem(here, f"the entry of data_files lacks {' and '.join(lacking)}")
                split = entry.get("split")
                if isinstance(split, str) and split in splits:
                    where = (Related(splits[split], "the first"),)
                    yield Problem(f"{here}/split", f"split {split!r} is given twice", value=split, related=where)
                elif isinstance(split, str):
                    splits[split] = f"{here}/split"
            elif not isinstance(entry, str):
                yield Problem(here, "the entry of data_files is neither a path nor split and path")


def misplaced(card: Card) -> Iterator[Problem]:
    """What belongs into ``configs`` or ``dataset_info`` and stands beside it, and configurations inside ``dataset_info``."""
    metadata = card.front_matter.metadata
    for block, keys in _INSIDE.items():
        stray = [key for key in keys if key in metadata] if block in metadata else []
        if stray:
            related = [Related(f"key:/metadata/{block}", "it is read here")]
            related += [Related(f"key:/metadata/{key}", "this one too") for key in stray[1:]]
            verb = "is" if len(stray) == 1 else "are"
            message = f"{', '.join(map(repr, stray))} {verb} read inside {block!r} only"
            yield Problem(f"key:/metadata/{stray[0]}", message, value=stray[0], related=tuple(related))
    for at, info in _infos(card):
        if "configs" in info and "configs" not in metadata:
            yield Problem(
                f"key:{at}/configs", "'configs' is not read inside 'dataset_info'", value="configs", help="write it beside `dataset_info`."
            )


def splits(card: Card) -> Iterator[Problem]:
    """Splits of ``dataset_info`` given twice or with impossible numbers."""
    for at, info in _infos(card):
        seen: set[str] = set()
        found = info.get("splits")
        for index, split in enumerate(found if isinstance(found, list) else ()):
            if not isinstance(split, dict):
                continue
            place, name = f"{at}/splits/{index}", split.get("name")
            if isinstance(name, str):
                if name in seen:
                    yield Problem(f"{place}/name", f"dataset_info has two splits {name!r}", value=name)
                seen.add(name)
            for key in ("num_examples", "num_bytes"):
                value = split.get(key)
                if not isinstance(value, (int, float)) or isinstance(value, bool):
                    continue
                if value < 0 or (key == "num_examples" and value % 1):  # the library itself estimates fractions of bytes
                    yield Problem(f"{place}/{key}", f"{key} is {value:g}, not a count", value=f"{value:g}")


def labels(card: Card) -> Iterator[Problem]:
    """Class labels whose ids leave a gap, which loaders refuse."""
    for place, value in _features(card):
        label = value.get("class_label")
        if isinstance(label, dict) and isinstance(label.get("names"), dict):
            yield from _gaps(f"{place}/class_label/names", label["names"])


def types(card: Card) -> Iterator[Problem]:
    """Words of other languages in the place of a feature's type; one problem a card."""
    told = ((f"{place}/dtype", value.get("dtype")) for place, value in _features(card))
    found = [(place, word) for place, word in told if isinstance(word, str) and word in _TYPES]
    if found:
        place, word = found[0]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        related = tuple(Related(other, "this one too") for other, _ in found[1:_MOST_RELATED])
        yield Problem(place, f"{word!r} is no type of dataset_info{more}", help=f"write {_TYPES[word]}.", value=word, related=related)


def _features(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping among the features of ``dataset_info``, however deep, in order; class labels are looked at and not into."""
    for at, info in _infos(card):
        stack: list[tuple[str, Any]] = [(f"{at}/features", info.get("features"))]
        while stack:
            place, value = stack.pop()
            if isinstance(value, list):
                stack.extend((f"{place}/{index}", each) for index, each in reversed(list(enumerate(value))))
            elif isinstance(value, dict):
                yield place, value
                stack.extend((f"{place}/{escape(key)}", each) for key, each in reversed(value.items()) if key != "class_label")


def _gaps(at: str, listed: dict[str, Any]) -> Iterator[Problem]:
    ids = {int(key) for key in listed if key.isascii() and key.isdigit() and len(key) < 7}
    if not listed or len(listed) > _MOST_LABELS or ids == set(range(len(listed))):
        return
    lacking = next((number for number in range(len(listed)) if number not in ids), None)
    yield Problem(at, f"class_label names {len(listed)} labels but has no id {lacking}", value=str(lacking))


def _infos(card: Card) -> Iterator[tuple[str, dict[str, Any]]]:
    for at, info in items(card, "dataset_info"):
        if isinstance(info, dict):
            yield at, info
