"""Values that name other repositories: base models, datasets, the next version, the thumbnail."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint import data
from cardlint.checks.fm_values import is_filler
from cardlint.checks.places import listed, quoted
from cardlint.checks.values import duplicates, place_of, replacement, texts
from cardlint.hub.names import old_name
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.patterns import Pattern
from cardlint.vocab.datasets import special_source
from cardlint.vocab.nearest import squeeze

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from cardlint.card.card import Card

_ID = Pattern(r"(?:[A-Za-z0-9_-]+/)?[A-Za-z0-9_.-]+")
"""The hub's own pattern for ids (its refusal: "fails to match the required pattern")."""

_PAGE = Pattern(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/|spaces/)?([A-Za-z0-9_-]+/[A-Za-z0-9_.-]+)(?:[/?#].*)?")
_OLD_PAGE = Pattern(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/(datasets/)?([A-Za-z0-9_.-]+)/?")
_ALONE = 2
"""Slashes of a pointer to a value that is not in a list."""
_LOCAL = Pattern(r"~?/|\.{1,2}/|[A-Za-z]:[\\/]|.*\\")
_CACHED = Pattern(r"(?:^|[/\\])(?:models--([\w.-]+?)--([\w.-]+)|modelscope[/\\]hub[/\\](?:models[/\\])?([\w.-]+)[/\\]([\w.-]+))(?=[/\\]|$)")
_MOST_RELATED = 20
_BELOW_HUB = Pattern(r"/?datasets/([A-Za-z0-9_-]+/[A-Za-z0-9_.-]+)/?")
"""A dataset by its address below the hub."""
_FILE_OF = Pattern(r"([A-Za-z0-9_-]+/[A-Za-z0-9_.-]+)/[\w.-]{1,100}\.(?:gguf|safetensors|bin|onnx|ckpt)")
"""A file of a model's repository."""
_RELATIONS = ("adapter", "finetune", "merge", "quantized")
_KINDS = {
    **dict.fromkeys(("lora", "qlora", "dora", "peft", "loraadapter"), "adapter"),
    **dict.fromkeys(("gguf", "gptq", "awq", "exl2", "exl3", "mlx", "int4", "int8", "fp8", "4bit", "8bit"), "quantized"),
    **dict.fromkeys(("sft", "dpo", "grpo", "rlhf", "instruct"), "finetune"),
}
"""Ways to make a model from another by the relation that they leave it in."""
_VERSION = Pattern(r"v?\d+(?:\.\d+)*")


def is_no_id(text: str) -> bool:
    """Whether a text is no id of a repository, or a word that stands for none."""
    return not _ID.fullmatch(text) or _nothing(text) or text in data.words("metadata_words", "loaders")


def is_no_url(text: str) -> bool:
    """Whether a text is no address."""
    return not text.strip().lower().startswith(("https://", "http://"))


def base_model(card: Card) -> Iterator[Problem]:
    """Base models that are no id."""
    for at, value in texts(card, "base_model"):
        if _nothing(value) and not is_filler("base_model", value):
            yield Problem(at, f"base model {value!r} names no model", value=value)
        else:
            yield from _not_an_id(card, at, value, "base model")


def dataset(card: Card) -> Iterator[Problem]:
    """Datasets that are no id."""
    for at, value in texts(card, "datasets"):
        if not _nothing(value):
            yield from _not_an_id(card, at, value, "dataset")


def has_no_owner(text: str) -> bool:
    """Whether a repository's name has no owner and a capital letter, which hardly any id of a hub's first years had."""
    return "/" not in text and text != text.lower() and _ID.fullmatch(text) is not None and not is_no_id(text)


def base_without_owner(card: Card) -> Iterator[Problem]:
    """Names of models in the place of ids."""
    for at, value in texts(card, "base_model"):
        if has_no_owner(value) and not is_filler("base_model", value) and not old_name("model", value):
            yield Problem(at, f"base model '{value}' is named without an owner", value=value)


def dataset_without_owner(card: Card) -> Iterator[Problem]:
    """Names of data in the place of ids; one problem a card, at the first of them. Spellings of a known id are another rule's finding."""
    left = [(at, value) for at, value in texts(card, "datasets") if has_no_owner(value) and not is_filler("datasets", value)]
    with_capitals = data.words("metadata_words", "first_datasets")
    left = [
        each
        for each in left
        if each[1] not in with_capitals and not old_name("dataset", each[1]) and squeeze(each[1]) not in _first_datasets()
    ]
    if left:
        at, value = left[0]
        names = listed(list(dict.fromkeys(quoted(name) for _, name in left)))
        related = tuple(Related(place, "and this one") for place, _ in left[1:_MOST_RELATED])
        what = "dataset {} is" if len(left) == 1 else "datasets {} are"
        yield Problem(at, f"{what.format(names)} named without an owner", value=value, related=related)


def placeholder_dataset(card: Card) -> Iterator[Problem]:
    """Words and loaders in the place of a dataset."""
    for at, value in texts(card, "datasets"):
        if value in data.words("metadata_words", "loaders"):
            yield Problem(at, f"{value!r} is a loader of files, not a dataset", value=value)
        elif _nothing(value) and not is_filler("datasets", value):
            yield Problem(at, f"dataset {value!r} names no dataset", value=value)


def misspelt_dataset(card: Card) -> Iterator[Problem]:
    """Datasets of a hub's first years, which had no owner, in another spelling; how they are called today is the advice."""
    for at, value in texts(card, "datasets"):
        known = _first_datasets().get(squeeze(value)) if "/" not in value and _ID.fullmatch(value) else None
        if known and value.lower() != known:
            now = data.vocabulary("hub_renames")["datasets"][known]
            yield Problem(at, f"dataset {value!r} is spelt {known!r} on the hub", help=f"write {now!r}, its id today.", value=value)


@cache
def _first_datasets() -> dict[str, str]:
    """The datasets of a hub's first years by the letters and digits of their names."""
    return {squeeze(name): name for name in data.vocabulary("hub_renames")["datasets"]}


def source_dataset(card: Card) -> Iterator[Problem]:
    """Source datasets that are neither a word of the list nor an id."""
    for at, value in texts(card, "source_datasets"):
        if not special_source(value):
            yield from _not_an_id(card, at, value, "source dataset")


def new_version(card: Card) -> Iterator[Problem]:
    """A next version that is no model's id."""
    for at, value in texts(card, "new_version"):
        if _VERSION.fullmatch(value):
            yield Problem(at, f"new_version {value!r} is a version number, not a model", value=value)
        else:
            yield from _not_an_id(card, at, value, "new_version")


def relation(card: Card) -> Iterator[Problem]:
    """A relation to the base in another word than the hub's."""
    for at, value in texts(card, "base_model_relation"):
        if value in _RELATIONS:
            continue
        word = squeeze(value)
        spelt = next((each for each in _RELATIONS if word.startswith(each[:5])), None)
        meant = spelt or _KINDS.get(word)
        fix = replacement(card, at, meant, safe=spelt is not None) if meant else None
        advice = f"did you mean {meant!r}?" if meant else None
        yield Problem(at, f"unknown base_model_relation {value!r}", help=advice, value=value, fix=fix)


def itself(card: Card, facts: dict[str, Any]) -> Iterator[Problem]:
    """A model that names itself as its base or its next version."""
    own = str(facts["id"]).lower()
    if card.kind != "model" or "/" not in own:
        return
    for key, what in (("base_model", "its own base model"), ("new_version", "its own next version")):
        for at, value in texts(card, key):
            if value.lower() == own:
                yield Problem(at, f"the model names itself, {value!r}, as {what}", value=value)


def repeated_base(card: Card) -> Iterator[Problem]:
    """Base models listed more than once."""
    return duplicates(card, "base_model", "base models are", str.lower)


def repeated_dataset(card: Card) -> Iterator[Problem]:
    """Datasets listed more than once."""
    return duplicates(card, "datasets", "datasets are", str.lower)


def thumbnail(card: Card) -> Iterator[Problem]:
    """A thumbnail that is no address."""
    for at, value in texts(card, "thumbnail"):
        if value.strip() and not value.strip().lower().startswith(("https://", "http://")) and not is_filler("thumbnail", value):
            yield Problem(at, f"thumbnail {value!r} is not a URL", value=value)


def _not_an_id(card: Card, at: str, value: str, what: str) -> Iterator[Problem]:
    if _ID.fullmatch(value) or not value.strip() or is_filler(at.split("/")[2], value):
        return
    page = _old_page(value.strip()) or _PAGE.fullmatch(value.strip())
    dataset_page = page is not None and page.group(1) == "datasets/"
    if page is not None and dataset_page == what.endswith("dataset"):
        found = page.group(2)
        fix = replacement(card, at, found, safe=True)
        yield Problem(at, f"{what} {value!r} is an address, not an id", help=f"write {found!r}.", value=value, fix=fix)
    elif "://" in value:
        yield Problem(at, f"{what} {value!r} is an address, not a hub id", value=value)
    elif ids := _several_ids(value):
        place = place_of(card, at) if at.count("/") == _ALONE else None
        written = f"[{', '.join(ids)}]"
        fix = Fix((Edit(Range(*place), written),), "unsafe") if place and "\n" not in card.text[slice(*place)] else None
        advice = f"write {written}." if place else "write each as an item of its own."
        yield Problem(at, f"{what} {value!r} names {len(ids)} in one value", help=advice, value=value, fix=fix)
    elif inside := (_BELOW_HUB if what.endswith("dataset") else _FILE_OF).fullmatch(value):
        fix = replacement(card, at, inside[1], safe=what.endswith("dataset"))
        yield Problem(at, f"{what} {value!r} is a path, not a hub id", help=f"did you mean {inside[1]!r}?", value=value, fix=fix)
    elif _LOCAL.match(value) or value.count("/") > 1:
        yield Problem(at, f"{what} {value!r} is a path, not a hub id", help=_meant(value), value=value)
    elif _ID.fullmatch(value.strip()):
        fix = replacement(card, at, value.strip(), safe=True)
        yield Problem(at, f"{what} {value!r} has blanks around the id", help=f"write {value.strip()!r}.", value=value, fix=fix)
    else:
        yield Problem(at, f"{what} {value!r} is not a hub id", value=value)


def _old_page(value: str) -> re.Match[str] | None:
    """The page of a repository of a hub's first years, which had no owner."""
    page = _OLD_PAGE.fullmatch(value)
    return page if page and old_name("dataset" if page.group(1) else "model", page.group(2)) else None


def _several_ids(value: str) -> list[str]:
    """The ids that a value lists with commas; empty where it does not."""
    parts = [part.strip() for part in value.split(",") if part.strip()]
    return parts if len(parts) > 1 and all(_ID.fullmatch(part) and part[0].isalnum() for part in parts) else []


def _meant(path: str) -> str | None:
    """The id that a path into the cache of a hub's client stands for, as advice; ModelScope's writes a full stop as three lines."""
    found = _CACHED.search(path)
    if found is None:
        return None
    owner, name = (found[1], found[2]) if found[1] else (found[3], found[4].replace("___", "."))
    return f"did you mean '{owner}/{name}'?"


def _nothing(value: str) -> bool:
    return value.lower() in data.words("metadata_words", "nothing")
