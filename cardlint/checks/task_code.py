"""Tasks of this model by what it is made for: the class that loads it, the pipeline that it stands in, the files beside the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.doc_loads import is_unfilled
from cardlint.checks.values import texts
from cardlint.data import vocabulary
from cardlint.patterns import Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import architectures, tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_STRING_OR_NAME = r"""(?:[rfbu]?["']([^"'\n]+)["']|([A-Za-z_]\w*))"""
_LOAD = Pattern(
    r"(?:(?<!\w)([A-Z]\w*)\s*\.\s*(?:from_pretrained|from_quantized|from_hparams|load)|(?<!\w)(SentenceTransformer|WhisperModel))\s*\(\s*"
    rf"(?:\w+\s*=\s*)?{_STRING_OR_NAME}"
)
_PIPELINE = Pattern(r"""(?<![\w.])pipeline\(\s*(?:task\s*=\s*)?["']([\w-]+)["']([^)]*)""")
_MODEL = Pattern(rf"(?:(?<!\w)model\s*=\s*|^\s*,\s*){_STRING_OR_NAME}")
_FRAMEWORK = Pattern(r"(?:TF|Flax|ORT|OV|IPEX)(?=[A-Z])")
_AUTOMATIC = Pattern(r"Auto(?:Peft)?(?:Model|GPTQ|AWQ)For(\w+)$")
_BARE = ("Model", "PreTraining")
"""Ends of classes without a head, or with the one of the training."""
_CHAINED = frozenset({"gliner_config.json", "config_setfit.json", "adapter_config.json", "model_index.json"})
"""Files of libraries that put a task of their own on a transformer, or hold one as a part."""
_SEQUENCES = frozenset({"text-generation", "translation", "summarization"})


class Hint(NamedTuple):
    """Tasks, one of which something in a card is for; ``kind`` says what that is, ``words`` how help calls it."""

    kind: str
    words: str
    tasks: frozenset[str]


class _Own(NamedTuple):
    """How code names this model: by its id or, where that is not known, by the one id that it loads."""

    id: str
    only: str

    def is_named(self, value: str) -> bool:
        """Whether a loaded string is this model, or the open place of a template."""
        if is_unfilled(value):
            return True
        low = value.lower().rstrip("/")
        if not self.id:
            return low == self.only
        return low == self.id or low.rpartition("/")[2] == self.id.rpartition("/")[2]


def of_class(name: str) -> frozenset[str]:
    """The tasks of a class that loads models; none for one without a head, or that is not known."""
    known = vocabulary("task_words")
    name = _FRAMEWORK.sub("", name)
    if name in known["classes"]:
        return frozenset(known["classes"][name])
    automatic = _AUTOMATIC.match(name)
    if automatic:
        return frozenset(known["auto"].get(automatic[1], ()))
    found = None if name.startswith("Auto") or name.endswith(_BARE) else architectures.get(name)
    if found is None or not found.listed or "feature-extraction" in found.tasks:
        return frozenset()
    return frozenset(found.tasks) - {"any-to-any"}


def of_code(card: Card, own_id: str) -> Iterator[Hint]:
    """What each class and pipeline says that gets this model; ``own_id`` is "" where the repository's id is not known."""
    loads = card.claims.code_loads
    if not loads:
        return
    own = _Own(own_id.lower(), "" if own_id else _only(card))
    mine = [load for load in loads if own.is_named(load.value)]
    if not mine:
        return
    names = {load.detail for load in mine}
    alone = len(mine) == len(loads)
    code = card.code
    for match in _LOAD.finditer(code):
        name = match[1] or match[2]
        if own.is_named(match[3]) if match[3] is not None else alone or match[4] in names:
            yield Hint("class", f"as the code loads it with {name}", of_class(name))
    for match in _PIPELINE.finditer(code):
        model = _MODEL.search(match[2])
        if model and (own.is_named(model[1]) if model[1] is not None else alone or model[2] in names):
            yield Hint("pipeline", "as the code calls such a pipeline with it", _of_pipeline(match[1].lower()))


def _of_pipeline(name: str) -> frozenset[str]:
    task = "translation" if name.startswith("translation_") else vocabulary("task_words")["pipelines"].get(name, name)
    if task == "text2text-generation":
        return _SEQUENCES
    return frozenset({task} if tasks.known(task) and task != "feature-extraction" else ())


def of_files(repo: Repo) -> Iterator[Hint]:
    """What the files of a library say, else the class in the configuration; that of a part of a model says nothing."""
    adapter, config, pipeline = repo.adapter.value, repo.config.value, repo.diffusers.value
    if adapter is not None:
        task = vocabulary("artifact_words")["adapter_tasks"].get(adapter.task_type or "")
        yield Hint("file", f"as adapter_config.json has {adapter.task_type}", frozenset({task} if task else ()))
    elif pipeline is not None:
        yield Hint("file", f"as model_index.json has {pipeline.class_name}", of_class(pipeline.class_name or ""))
    elif "modules.json" in repo.names:
        yield Hint("file", "as modules.json is that of such a model", frozenset({"sentence-similarity"}))
    elif config is not None and _CHAINED.isdisjoint(repo.names):
        for name in config.architectures[:1]:
            yield Hint("file", f"as config.json has {name}", of_class(name))


def _only(card: Card) -> str:
    """The one id that code loads, in lower case; "" where it loads several, or one that is a base."""
    ids = {claim.value.lower() for claim in card.claims.repo_ids}
    ids -= {value.lower() for _, value in texts(card, "base_model")}
    ids -= {claim.value.lower() for claim in card.claims.base_models}
    return ids.pop() if len(ids) == 1 else ""
