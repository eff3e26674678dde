"""Libraries and frameworks that a card declares, against the files beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.art_files import TOP, has_weights, only_card, unread
from cardlint.checks.places import listed
from cardlint.checks.values import texts
from cardlint.model import NotChecked, Problem
from cardlint.repo.signatures import format_of
from cardlint.vocab import libraries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.libraries import Library
    from cardlint.repo.repo import Repo

_AT = "/metadata/library_name"
_BESIDE = re.compile(r"(?i)readme(?:\.md)?|\.[^/]*|licen[sc]e[^/]*|gitattributes[^/]*")
"""Files that stand beside a card and are no part of a model."""


def _declared(card: Card) -> str | None:
    """The registered library that `library_name` means, None for other values."""
    value = card.front_matter.metadata.get("library_name")
    if not isinstance(value, str):
        return None
    if libraries.known(value):
        return value
    near = libraries.near(value)
    return near.ids[0] if near.sure and near.ids else None


def _in_weights(need: str) -> bool:
    """Whether a companion (alternatives joined by `` | ``) is a weight file of any kind."""
    return all(pattern.endswith(".index.json") or format_of(pattern.replace("*", "x")) for pattern in need.split(" | "))


def _shown(need: str) -> str:
    return need.replace(" | ", " or ")


def without_files(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A declared library whose own files are not there; weights that are absent altogether are told once, elsewhere."""
    library = _declared(card)
    if library is None or only_card(repo):
        return
    found = set(repo.libraries.ids)
    if library in found or (library == "transformers" and found & {"peft", "gguf", "mlx", "sentence-transformers"}):
        return
    known = any(file.role == "weights" for file in repo.weights.files)
    needs = [need for need in repo.libraries.missing(library) if known or not _in_weights(need)]
    if not needs or any(name.endswith(f"/{pattern}") for pattern in needs[0].split(" | ") for name in repo.names):
        return  # nothing, or in a folder, which a loader can be told
    others = sorted(found & data.words("artifact_words", "decisive") - {library})
    instead = f"; the files are those of {listed(others)}" if others else ""
    yield Problem(_AT, f"library_name is '{library}', but there is no {_shown(needs[0])}{instead}", value=library)


def adapter_as_model(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """An adapter of PEFT that is declared as a model of transformers."""
    if _declared(card) != "transformers" or "adapter_config.json" not in repo.names:
        return
    if "config.json" in repo.names or "peft" not in repo.libraries.ids:
        yield from unread(repo.adapter)
        return
    yield Problem(_AT, "library_name is 'transformers', but the files are an adapter of peft", value="transformers")


def undeclared(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Files of a library that the card declares nowhere."""
    metadata = card.front_matter.metadata
    if metadata.get("library_name"):
        return
    found = [library for library in repo.libraries.found if library.id in data.words("artifact_words", "decisive")]
    tags = {libraries.near(tag).ids[0] if libraries.near(tag).sure else tag.lower() for _, tag in texts(card, "tags")}
    found = [library for library in found if library.id not in tags]
    if found and not tags & {library.id for library in repo.libraries.found if library.id != "transformers"}:
        names = listed([library.id for library in found])
        yield Problem(
            _AT,
            f"the files are those of {names}, which the card does not declare ({found[0].files[0]})",
            value=found[0].id,
            about="library_name",
        )


def incomplete(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A library whose files are there in part, weights aside."""
    declared = _declared(card)
    for library in repo.libraries.found:
        needs = [need for need in library.missing if not _in_weights(need)]
        if library.id == "sentence-transformers" and not _starts_with_transformer(repo):
            continue
        if needs and (declared in (None, library.id) or library.id in data.words("artifact_words", "decisive")):
            yield _lacking(library, needs)
            return


def _starts_with_transformer(repo: Repo) -> bool:
    """Whether the first module is a transformer, which has a configuration; tables of word vectors have none."""
    chain = repo.sentence_transformers.value
    return bool(chain and chain.modules and chain.modules[0][1].endswith("Transformer"))


def _lacking(library: Library, needs: list[str]) -> Problem:
    what = listed([_shown(need) for need in needs])
    return Problem(TOP, f"{library.files[0]} is that of {library.id}, but there is no {what}", value=library.id)


def no_weights(repo: Repo) -> Iterator[Problem | NotChecked]:
    """A model repository without weights; where an index names shards, none of which is there, it says so."""
    if has_weights(repo):
        return
    index = next((name for name in sorted(repo.names) if name.endswith((".safetensors.index.json", ".bin.index.json"))), None)
    if index is not None:
        yield Problem(TOP, f"{index} names weights, but the repository holds none", value="weights")
    elif not any(_BESIDE.fullmatch(name) is None for name in repo.names):
        yield Problem(TOP, "the repository holds no model, only its card", value="weights")
    else:
        yield Problem(TOP, "the repository holds no weights", value="weights")


def framework_tags(card: Card, repo: Repo) -> Iterator[Problem | NotChecked]:
    """Tags of frameworks and formats that no weight file bears out."""
    known = data.vocabulary("artifact_words")["tags"]
    tags = [(at, tag) for at, tag in texts(card, "tags") if tag.lower() in known]
    if not tags:
        return
    formats = repo.weights.formats
    if not formats:
        return
    for at, tag in tags:
        if not set(known[tag.lower()]) & set(formats):
            yield Problem(at, f"tag '{tag}', but the weights are {listed(formats)}", value=tag.lower())
