"""Which repository a folder is, told by where it stands below a root that the user named, never by its parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardlint.model import Kind

KIND_FOLDERS: dict[str, Kind] = {"datasets": "dataset", "spaces": "space", "models": "model"}
REPO_MARKERS = frozenset({"config.json", "adapter_config.json", "model_index.json", "modules.json", ".gitattributes"})
WEIGHT_SUFFIXES = (".safetensors", ".gguf", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".onnx", ".msgpack", ".tflite")
_OTHER = frozenset({"arrow", "csv", "gz", "ipynb", "json", "jsonl", "npz", "parquet", "pkl", "py", "toml", "tsv", "yaml", "yml", "zip"})
_CODE = frozenset({"c", "cc", "cpp", "cu", "go", "h", "hpp", "ipynb", "java", "js", "proto", "py", "pyi", "r", "rb", "rs", "sh", "ts"})
_PAGES = frozenset({"adoc", "bib", "css", "htm", "html", "log", "markdown", "md", "pdf", "po", "rst", "tex", "ttf", "txt", "woff", "woff2"})
_PICTURES = frozenset({"eot", "gif", "ico", "jpeg", "jpg", "mp4", "png", "svg", "webp"})
_SETTINGS = frozenset({"cfg", "conf", "csv", "gz", "in", "ini", "json", "jsonl", "lock", "sql", "toml", "tsv", "xml", "yaml", "yml"})
_OF_PROJECTS = _CODE | _PAGES | _PICTURES | _SETTINGS
"""How files end that stand in any project: code, pages, pictures, settings, tables."""
_OF_TEXT_MODELS = frozenset({"tokenizer.json", "tokenizer_config.json", "vocab.txt", "vocab.json", "generation_config.json"})
RESULT_FOLDERS = frozenset(
    {"artifacts", "checkpoint", "checkpoints", "data", "exports", "finetuned", "hf_models", "local_models", "merged", "output", "outputs"}
    | {"release", "releases", "results", "runs", "saved_models", "src", "trained", "weights"}
)
"""What folders of a project are called that hold models, and no owner of a hub."""
_NEAR_CARD = frozenset({"readme", "modelcard", "datasetcard"})
_AUDIT = (frozenset({".lock", "run.json"}), frozenset({"cards", "findings", "segments"}))
SITE_MARK = "cardlint-site.txt"
"""Stands beside the pages of an audit."""


class Identity(NamedTuple):
    """What a place below a root tells: id, kind and how the kind is known, revision."""

    id: str | None
    kind: Kind | None
    kind_from: str
    revision: str | None = None


def identify(parts: Sequence[str]) -> Identity | None:
    """The identity of a repository folder by its path below the root; None where the layout says nothing.

    Known layouts: ``org/name``, ``name`` (canonical legacy ids), the same below ``datasets/``, ``spaces/`` or
    ``models/``, and the hub cache's ``models--org--name/snapshots/REVISION``.
    """
    for index, part in enumerate(parts):
        head, _, rest = part.partition("--")
        if rest and head in KIND_FOLDERS:
            inside = parts[index + 1 :]
            revision = inside[1] if len(inside) == 2 and inside[0] == "snapshots" else None
            return Identity(rest.replace("--", "/", 1), KIND_FOLDERS[head], "layout", revision)
    kind: Kind | None = None
    kind_from = "default"
    if len(parts) > 1 and parts[0] in KIND_FOLDERS:
        kind, kind_from, parts = KIND_FOLDERS[parts[0]], "layout", parts[1:]
    if len(parts) in (1, 2):
        return Identity("/".join(parts), kind, kind_from)
    return None


def is_repo(names: Sequence[str]) -> bool:
    """Whether a folder with files of these names is a repository, with or without a card."""
    return any(name == "README.md" or name in REPO_MARKERS or name.endswith(WEIGHT_SUFFIXES) for name in names)


def is_plain(names: Sequence[str]) -> bool:
    """Whether files of these names stand in any project, so that a folder of them lacks no card: none may be a model's."""
    return not any(name in _OF_TEXT_MODELS or _ending(name) not in _OF_PROJECTS for name in names) and likely_card(names) is None


def _ending(name: str) -> str:
    """How a name ends; a name without an end (``Makefile``, ``.gitignore``) is as plain as a text."""
    head, _, end = name.rpartition(".")
    return end.lower() if head else "txt"


def is_other_file(name: str) -> bool:
    """Whether a file of this name stands beside cards and is none: weights, data, configuration, code."""
    return name.endswith(WEIGHT_SUFFIXES) or name.rpartition(".")[2].lower() in _OTHER


def likely_card(paths: Iterable[str]) -> str | None:
    """The file at the top of a repository without a card that was probably meant as one, by its name."""
    near = [path for path in paths if "/" not in path and _plain(path) in _NEAR_CARD]
    return min(near, key=lambda path: (not path.lower().endswith(".md"), path), default=None)


def _plain(name: str) -> str:
    """The letters of a file's name, without what some systems put at its end."""
    return name.lower().removesuffix(".txt").removesuffix(".md").removesuffix(".markdown").replace("_", "").replace("-", "").strip(" .")


def is_ours(files: Sequence[str], folders: Sequence[str]) -> bool:
    """Whether a folder with files and folders of these names holds what an audit wrote: its results, or their pages."""
    one_of, all_of = _AUDIT
    return SITE_MARK in files or (all_of.issubset(folders) and not one_of.isdisjoint(files))
