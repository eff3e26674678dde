"""What multi-part libraries write: diffusers' ``model_index.json``, sentence-transformers' ``modules.json``, spaCy's ``meta.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.repo.answer import Answer
from cardlint.repo.jsonfile import mapping, read_list, read_object, text, texts, whole_number
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

MAX_PARTS = 200
"""Components and modules kept."""


class Diffusers(NamedTuple):
    """A pipeline: its class, the components as name → (library, class), and the components whose folder is not listed."""

    class_name: str | None
    version: str | None
    components: dict[str, tuple[str, str]]
    missing: tuple[str, ...]
    modular: bool


class SentenceTransformers(NamedTuple):
    """A chain of modules as (path, class), the transformer's ``max_seq_length``, and folders that are not listed."""

    modules: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]
    max_seq_length: int | None
    version: str | None
    similarity: str | None
    prompts: tuple[str, ...]


class Spacy(NamedTuple):
    """spaCy's own description of a pipeline."""

    name: str | None
    language: str | None
    version: str | None
    license: str | None
    author: str | None
    pipeline: tuple[str, ...]
    sources: tuple[str, ...]


def read_diffusers(repo: Repo) -> Answer[Diffusers]:
    """``model_index.json``, else ``modular_model_index.json``."""
    modular = "model_index.json" not in repo.names and "modular_model_index.json" in repo.names
    path = "modular_model_index.json" if modular else "model_index.json"
    folders = {name.partition("/")[0] for name in repo.names if "/" in name}

    def build(data: dict[str, Any]) -> Diffusers:
        components: dict[str, tuple[str, str]] = {}
        for name, value in data.items():
            if not name.startswith("_") and type(value) is list and len(value) >= 2 and len(components) < MAX_PARTS:
                library, kind = text(value[0]), text(value[1])
                if library and kind:
                    components[name] = (library, kind)
        missing = tuple(name for name in components if name not in folders) if not modular else ()
        return Diffusers(text(data.get("_class_name")), text(data.get("_diffusers_version")), components, missing, modular)

    return read_object(repo, path, build)


def read_sentence_transformers(repo: Repo) -> Answer[SentenceTransformers]:
    """``modules.json`` with the two configuration files beside it."""

    def build(data: list[Any]) -> SentenceTransformers:
        modules = tuple(
            (text(item.get("path")) or "", text(item.get("type")) or "")
            for item in data[:MAX_PARTS]
            if type(item) is dict and "type" in item
        )
        own = read_object(repo, "config_sentence_transformers.json", dict).value or {}
        first = modules[0][0].strip("/") if modules else ""
        names = (f"{first}/sentence_bert_config.json".lstrip("/"), "sentence_bert_config.json")
        bert = next((found.value for name in names if (found := read_object(repo, name, dict)).value), {})
        # Normalize has no file, and Git keeps no empty folder.
        kept = [path for path, kind in modules if path and not kind.endswith((".Normalize", ".Dropout"))]
        return SentenceTransformers(
            modules=modules,
            missing=tuple(path for path in kept if not repo.has(path)),
            max_seq_length=whole_number(bert.get("max_seq_length")),
            version=text(mapping(own.get("__version__")).get("sentence_transformers")),
            similarity=text(own.get("similarity_fn_name")),
            prompts=tuple(mapping(own.get("prompts"))),
        )

    return read_list(repo, "modules.json", build)


def read_spacy(repo: Repo) -> Answer[Spacy]:
    """``meta.json`` at the top; absent where it is not spaCy's."""
    answer = read_object(repo, "meta.json", dict)
    if answer.value is not None and not {"lang", "pipeline", "spacy_version"} & answer.value.keys():
        return Answer("absent", "meta.json")
    if answer.value is None:
        return Answer(answer.state, "meta.json", reason=answer.reason)
    return Answer("ok", "meta.json", _spacy(answer.value))


def _spacy(data: dict[str, Any]) -> Spacy:
    sources = data.get("sources")
    return Spacy(
        name=text(data.get("name")),
        language=text(data.get("lang")),
        version=text(data.get("version")),
        license=text(data.get("license")),
        author=text(data.get("author")),
        pipeline=texts(data.get("pipeline")),
        sources=tuple(found for item in (sources if type(sources) is list else ()) if (found := text(mapping(item).get("name")))),
    )
