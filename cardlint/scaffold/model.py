"""What the files of a model say: library, task, base, architecture, weights, tokenizer, results."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.data import vocabulary, words
from cardlint.hub.names import is_id, is_old_id
from cardlint.scaffold.known import plain
from cardlint.scaffold.licence import add_license
from cardlint.vocab import architectures, languages, libraries, tasks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cardlint.repo.repo import Repo
    from cardlint.scaffold.known import Known

_NOT_QUALITY = ("runtime", "per_second", "samples", "epoch", "flos", "steps", "mem_", "_size")
_MOST = 30
"""Results and classes that are listed."""
_FEW_LABELS = 12
_A_COUNT = 100
"""A whole number from here on among results counts something; 100 % itself is rare and better looked at."""


def add_model(known: Known, repo: Repo) -> None:
    """Everything on a model; ``known`` grows."""
    add_license(known, repo)
    _language(known, repo)
    library = _library(known, repo)
    task = _task(known, repo, library)
    _base(known, repo)
    _architecture(known, repo)
    _weights(known, repo)
    _tokenizer(known, repo)
    _training(known, repo)
    _results(known, repo)
    snippet = vocabulary("questions")["snippets"].get(library)
    if snippet and known.id and ("{task}" not in snippet or task):
        known.snippet = snippet.replace("{id}", known.id).replace("{task}", task or "")


def _language(known: Known, repo: Repo) -> None:
    said: dict[str, str] = {}
    if repo.spacy.value and repo.spacy.value.language:
        said[repo.spacy.value.language] = "meta.json"
    for path, answer in repo.weights.gguf.items():
        said |= dict.fromkeys(answer.value.languages if answer.value else (), path)
    codes = tuple(code for code in said if languages.known(code))
    if codes and len(codes) == len(said):
        known.say("language", codes, said[codes[0]])


def _library(known: Known, repo: Repo) -> str | None:
    """The one library that the files are made for; a question where they are made for several."""
    found = {each.id: each for each in repo.libraries.found if libraries.known(each.id)}
    decisive = words("artifact_words", "decisive")
    best = [name for name in found if name in decisive] or [name for name in found if name == "transformers"] or list(found)
    if len(best) > 1:
        known.ask("library", libraries=_either(best))
    if len(best) != 1:
        return None
    known.say("library_name", best[0], found[best[0]].files[0])
    return best[0]


def _task(known: Known, repo: Repo, library: str | None) -> str | None:
    """The one task that the model's head serves, else a question."""
    candidates: list[str] = []
    source = "config.json"
    adapter, config = repo.adapter.value, repo.config.value
    if adapter is not None:
        source = "adapter_config.json"
        meant = vocabulary("artifact_words")["adapter_tasks"].get(adapter.task_type or "")
        candidates = [meant] if meant else []
    elif config is not None and library in ("transformers", None):
        for name in config.architectures[:1]:
            found = architectures.get(name)
            candidates = [task for task in (found.tasks if found and found.listed else ()) if tasks.known(task)]
    if len(candidates) == 1:
        known.say("pipeline_tag", candidates[0], source)
        return candidates[0]
    if candidates:
        known.ask("task", tasks=_either(candidates))
    return None


def _base(known: Known, repo: Repo) -> None:
    """The model or models that this one was made from, and how."""
    named: dict[str, str] = {}
    relation = ""
    if repo.adapter.value is not None and repo.adapter.value.base_model:
        named, relation = {repo.adapter.value.base_model: "adapter_config.json"}, "adapter"
    elif repo.merge.value is not None:
        named, relation = dict.fromkeys(repo.merge.value.models, repo.merge.path), "merge"
    else:
        for path, answer in repo.weights.gguf.items():
            named |= dict.fromkeys(answer.value.base_models if answer.value else (), path)
        relation = "quantized"
    ids = [name for name in named if is_id(name) or (relation == "adapter" and is_old_id(name))]
    if ids and len(ids) == len(named):
        known.say("base_model", ids[0] if len(ids) == 1 else tuple(ids), named[ids[0]])
        known.say("base_model_relation", relation, named[ids[0]])
    elif named:
        known.ask("base", base=_either([f"`{name}`" for name in named if name not in ids]))


def _architecture(known: Known, repo: Repo) -> None:
    config, adapter = repo.config.value, repo.adapter.value
    if config is not None:
        if config.architectures:
            known.row("Architecture", ", ".join(config.architectures), "config.json")
        elif config.model_type:
            known.row("Architecture", config.model_type, "config.json")
        if config.max_positions:
            known.row("Positions", f"{config.max_positions:,}", "config.json")
        if config.quantization and config.quantization.method:
            bits = f", {config.quantization.bits} bits" if config.quantization.bits else ""
            known.row("Quantization", f"{config.quantization.method}{bits}", "config.json")
        if config.labels and config.labels_named and len(config.labels) <= _FEW_LABELS:
            known.row("Classes", ", ".join(f"`{config.labels[number]}`" for number in sorted(config.labels)), "config.json")
    if adapter is not None and adapter.peft_type:
        rank = f", rank {adapter.rank}" if adapter.rank else ""
        targets = f", on {', '.join(f'`{name}`' for name in adapter.target_modules[:_FEW_LABELS])}" if adapter.target_modules else ""
        known.row("Adapter", f"{adapter.peft_type}{rank}{targets}", "adapter_config.json")
    if repo.diffusers.value is not None and repo.diffusers.value.class_name:
        known.row("Pipeline", repo.diffusers.value.class_name, "model_index.json")
    if repo.merge.value is not None and repo.merge.value.method:
        known.row("Merge method", repo.merge.value.method, repo.merge.path)


def _weights(known: Known, repo: Repo) -> None:
    main = repo.weights.main
    if main is None:
        return
    if main.parameters and main.format != "gguf":
        known.row("Parameters", f"{main.parameters:,}", main.path)
    if main.dtypes and main.format == "safetensors":
        known.row("Number format", ", ".join(sorted(main.dtypes, key=lambda name: -main.dtypes[name])), main.path)
    headers = {path: answer.value for path, answer in repo.weights.gguf.items() if answer.value}
    if headers:
        listed = [f"`{path}` ({header.file_type})" if header.file_type else f"`{path}`" for path, header in list(headers.items())[:_MOST]]
        known.row("Files", ", ".join(listed), "GGUF headers")


def _tokenizer(known: Known, repo: Repo) -> None:
    tokenizer = repo.tokenizer.value
    if tokenizer is not None and tokenizer.class_name and repo.adapter.value is None:
        size = f", {tokenizer.size:,} tokens" if tokenizer.size else ""
        known.row("Tokenizer", f"{tokenizer.class_name}{size}", "tokenizer_config.json")


def _training(known: Known, repo: Repo) -> None:
    training = repo.results.training
    if training is None:
        return
    if training.epochs:
        known.training.append(f"Epochs: {number(training.epochs)}")
    if training.steps:
        known.training.append(f"Steps: {training.steps:,}")
    if known.training:
        known.told.append(f"{', '.join(known.training).lower()} (trainer_state.json)")


def _results(known: Known, repo: Repo) -> None:
    results = repo.results
    found: dict[str, tuple[float, str]] = {}
    for metric in results.metrics:
        if metric.name.startswith(("eval_", "test_", "predict_")) or metric.path == "eval_results.json":
            found.setdefault(_plain(metric.name), (metric.value, metric.path))
    if not found and results.training is not None:
        found = {_plain(name): (value, "trainer_state.json") for name, value in results.training.evaluation.items()}
    for name, (value, path) in list(found.items())[:_MOST]:
        counted = value == int(value) and value >= _A_COUNT
        if not counted and not any(part in name for part in _NOT_QUALITY):
            shown = plain(name).replace("|", "/")
            known.results.append((shown, number(value)))
            known.told.append(f"{shown} {number(value)} ({path})")


def _plain(name: str) -> str:
    return name.removeprefix("eval_")


def number(value: float) -> str:
    """A number as a card gives it: whole numbers whole, others to five digits."""
    return f"{int(value):,}" if value == int(value) and abs(value) < 10**15 else f"{value:.5g}"


def _either(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
