"""The part ``repo`` of the facts: what the files beside the card say, in one small and stable shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.repo.jsonfile import whole_texts
from cardlint.repo.pointer import MAX_POINTER

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.repo.answer import Answer
    from cardlint.repo.files import FileEntry
    from cardlint.repo.repo import Repo

_CONFIG = (
    "architectures",
    "model_type",
    "custom_code",
    "num_labels",
    "labels_named",
    "problem_type",
    "vocab_size",
    "max_positions",
    "dtype",
    "name_or_path",
    "tie_word_embeddings",
    "transformers_version",
)
_ADAPTER = ("library", "peft_type", "task_type", "base_model", "revision", "rank", "target_modules", "peft_version")
_TOKENIZER = ("class_name", "model_type", "size", "max_length", "special", "custom_code", "complete", "missing")
_GGUF = (
    "architecture",
    "type",
    "name",
    "file_type",
    "context_length",
    "license",
    "base_models",
    "languages",
    "size_label",
    "vocab_size",
    "parameters",
)
_DIFFUSERS = ("class_name", "version", "components", "missing", "modular")
_SENTENCE = ("modules", "missing", "max_seq_length", "version", "similarity", "prompts")
_SPACY = ("name", "language", "version", "license", "author", "pipeline", "sources")
_MERGE = ("method", "models", "base_model", "dtype")


def repo_facts(repo: Repo, who: str | None, revision: str | None) -> dict[str, Any]:
    """The facts of a repository. A part is null where its file is not there, ``{"unread": why}`` where it could not be read."""
    facts: dict[str, Any] = {
        "id": who,
        "revision": revision,
        "files": [_file(repo, file) for file in repo.files],
        "config": _part(repo.config, _config),
        "generation_config": _part(repo.generation_config, dict),
        "processor": _part(repo.processor, lambda value: _pick(value, ("classes", "modalities", "sampling_rate"))),
        "tokenizer": _part(repo.tokenizer, _tokenizer),
        "weights": _weights(repo),
        "adapter": _part(repo.adapter, lambda value: _pick(value, _ADAPTER)),
        "diffusers": _part(repo.diffusers, lambda value: _pick(value, _DIFFUSERS)),
        "sentence_transformers": _part(repo.sentence_transformers, lambda value: _pick(value, _SENTENCE)),
        "spacy": _part(repo.spacy, lambda value: _pick(value, _SPACY)),
        "merge": _part(repo.merge, lambda value: _pick(value, _MERGE)),
        "results": _results(repo),
        "license_files": [
            {"path": file.path, "role": file.role, **file.text._asdict()} | ({"unread": file.reason} if file.state != "ok" else {})
            for file in repo.license_files
        ],
        "libraries": [
            library._asdict() | {"files": list(library.files), "missing": list(library.missing)} for library in repo.libraries.found
        ],
    }
    # A file's name may be no text; then it stands in many places.
    return facts if _is_text(repo.names) else whole_texts(facts)


def _is_text(names: frozenset[str]) -> bool:
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        return False
    return True


def _file(repo: Repo, file: FileEntry) -> dict[str, Any]:
    """A file with its size, and its SHA-256 where the listing or a pointer tells it."""
    size = _size(repo, file)
    sha256 = file.sha256 if file.sha256 or (size is not None and file.size == size) else repo.sha256(file.path)
    return {"path": file.path, "size": size} | ({"sha256": sha256} if sha256 else {})


def _size(repo: Repo, file: FileEntry) -> int | None:
    """A file's size; one so small may be a pointer's, and is looked at."""
    return file.size if file.size is not None and file.size > MAX_POINTER else repo.size(file.path)


def _part(answer: Answer[Any], build: Callable[[Any], dict[str, Any]]) -> dict[str, Any] | None:
    if answer.state == "absent":
        return None
    return build(answer.value) if answer.ok else {"unread": answer.reason}


def _pick(value: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(getattr(value, name)) for name in names}


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value


def _config(value: Any) -> dict[str, Any]:
    quantization = value.quantization
    return _pick(value, _CONFIG) | {"quantization": {"method": quantization.method, "bits": quantization.bits} if quantization else None}


def _tokenizer(value: Any) -> dict[str, Any]:
    return _pick(value, _TOKENIZER) | {
        "added": len(value.added),
        "chat_template": value.chat_template is not None,
        "unread": {answer.path: answer.reason for answer in value.unread},
    }


def _weights(repo: Repo) -> dict[str, Any] | None:
    weights = repo.weights
    if not weights.files:
        return None
    main = weights.main
    return {
        "formats": list(weights.formats),
        "main": main.path if main else None,
        "parameters": main.parameters if main else None,
        "dtypes": main.dtypes if main else {},
        "checkpoints": [
            {
                "path": each.path,
                "format": each.format,
                "files": len(each.files),
                "missing": list(each.missing),
                "bytes": each.bytes,
                "parameters": each.parameters,
                "dtypes": each.dtypes,
                "unread": each.reason or None,
            }
            for each in weights.checkpoints
        ],
        "gguf": {path: _part(answer, lambda value: _pick(value, _GGUF)) for path, answer in weights.gguf.items()},
        "pickles": list(weights.pickles),
    }


def _results(repo: Repo) -> dict[str, Any] | None:
    results = repo.results
    if not (results.metrics or results.eval_results or results.training or results.unread):
        return None
    training = results.training
    return {
        "metrics": [metric._asdict() for metric in results.metrics],
        "eval_results": [entry._asdict() for entry in results.eval_results],
        "training": _pick(training, ("steps", "epochs", "best_metric", "best_checkpoint", "evaluation")) if training else None,
        "unread": {answer.path: answer.reason for answer in results.unread},
    }


def repo_lines(facts: dict[str, Any]) -> list[str]:
    """The same facts for a person, a line a part."""
    lines = [f"files: {len(facts['files'])}"]
    for part, names in _SHOWN.items():
        value = facts[part]
        if value:
            said = value["unread"] if "unread" in value and part != "tokenizer" else _words({name: value[name] for name in names})
            lines.append(f"{part}: {said}")
    for each in (facts["weights"] or {}).get("checkpoints", ()):
        unread = f" ({each['unread']})" if each["unread"] else ""
        lines.append(
            f"  {each['path']}: {_words({name: each[name] for name in ('format', 'files', 'parameters', 'dtypes', 'missing')})}{unread}"
        )
    for file in facts["license_files"]:
        said = file["license"] or file["title"] or file.get("unread") or "text not known"
        lines.append(f"{file['role']} file {file['path']}: {said}{', modified' if file['modified'] else ''}")
    for library in facts["libraries"]:
        lacks = f", lacks {', '.join(library['missing'])}" if library["missing"] else ""
        lines.append(f"library {library['id']}: by {', '.join(library['files'])}{lacks}")
    return lines


_SHOWN = {
    "config": ("architectures", "model_type", "dtype", "quantization", "max_positions", "vocab_size", "num_labels", "custom_code"),
    "tokenizer": ("class_name", "size", "max_length", "chat_template", "missing"),
    "adapter": ("library", "peft_type", "base_model", "task_type", "rank"),
    "diffusers": ("class_name", "missing"),
    "sentence_transformers": ("modules", "max_seq_length", "missing"),
    "spacy": ("language", "license", "pipeline"),
    "merge": ("method", "models"),
}


def _words(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items() if value not in (None, [], {}, False)) or "nothing of note"
