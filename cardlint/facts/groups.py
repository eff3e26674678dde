"""Which groups a card is of: by the tasks that it names, or by how its model was made. Help that knows the task is chosen by them.

A task is taken from the first that names one: the key for it, the tags, the results, what tools leave in tags and files, the features
of the data, the configuration, the code. A card for which none or vague ones alone are named is of no group of tasks.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from cardlint.facts.document import texts
from cardlint.patterns import Pattern
from cardlint.vocab import groups, tasks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_MADE_BY_CODE = Pattern(
    r"\bpipeline\(\s*(?:task\s*=\s*)?[\"']([a-z][0-9a-z-]+)[\"']"
    r"|\b(AutoModelFor[0-9A-Za-z]+|Wav2Vec2ForCTC|StableDiffusion(?:XL)?Pipeline)\b"
)
_WORD = Pattern(r"[^\W_]+")
_MOST = 64
"""Values of a key that are looked at; cards with more tags or results are made to be so."""
_MODALITIES = {"audio": "audio", "image": "cv"}
"""Types of features, and the modality that they tell where no task is named."""


def groups_of(card: Card, name: str | None = None, repo: Repo | None = None) -> tuple[str, ...]:
    """The ids of the groups that a card is of, the first to be asked first; ``name`` is the repository's id, ``repo`` its files."""
    metadata = card.front_matter.metadata
    marks = frozenset(_marks(card, metadata))
    if repo is not None:
        marks |= repo.names & groups.marks()
    own_tasks = _tasks(card, metadata, marks, repo)
    words = frozenset(_WORD.findall((name or _title(card)).rpartition("/")[2].lower()))
    if own_tasks and not groups.spoken(own_tasks, words.union(*[_WORD.findall(mark) for mark in marks])):
        own_tasks = frozenset()
    return tuple([group.id for group in groups.serving(own_tasks) if group.has_sign(marks, words)])


def _marks(card: Card, metadata: dict[str, Any]) -> Iterator[str]:
    """Tags, library, relation to the base and generator, in lower case."""
    for key in ("tags", "library_name", "base_model_relation"):
        yield from (each.lower() for each in texts(metadata.get(key))[:_MOST])
    if card.generator is not None:
        yield card.generator


def _title(card: Card) -> str:
    headings = card.outline.headings
    return headings[0].text if headings else ""


def _tasks(card: Card, metadata: dict[str, Any], marks: frozenset[str], repo: Repo | None) -> frozenset[str]:
    """The tasks of the first that names some which are not vague."""
    for source in _sources(card, metadata, marks, repo):
        named = frozenset(task for task in source if task and not groups.vague(task))
        if named:
            return named
    return frozenset()


def _sources(card: Card, metadata: dict[str, Any], marks: frozenset[str], repo: Repo | None) -> Iterator[Iterable[str | None]]:
    """What may name tasks, the surest first."""
    yield map(tasks.meant, texts(metadata.get("task_categories" if card.kind == "dataset" else "pipeline_tag"))[:_MOST])
    yield (each for each in marks if tasks.known(each))
    yield _of_results(metadata.get("model-index"))
    yield map(groups.told_by, marks)
    yield _of_features(metadata.get("dataset_info"))
    yield _of_config(repo)
    yield _of_code(card)


def _of_results(index: object) -> Iterator[str | None]:
    """The tasks of the results in a ``model-index``."""
    models = [each for each in index if isinstance(each, dict)] if isinstance(index, list) else []
    results = chain.from_iterable(listed for model in models if isinstance(listed := model.get("results"), list))
    for _, result in zip(range(_MOST), results, strict=False):
        task = result.get("task") if isinstance(result, dict) else None
        if isinstance(task, dict) and isinstance(kind := task.get("type"), str) and tasks.known(kind):
            yield kind


def _of_features(infos: object) -> Iterator[str | None]:
    """The modalities that the features of a dataset tell: recordings, images."""
    for info in infos[:_MOST] if isinstance(infos, list) else [infos]:
        features = info.get("features") if isinstance(info, dict) else None
        for each in features[:_MOST] if isinstance(features, list) else ():
            if isinstance(each, dict) and isinstance(kind := each.get("dtype"), str):
                yield _MODALITIES.get(kind)


def _of_config(repo: Repo | None) -> Iterable[str]:
    """The tasks that the class in ``config.json`` serves."""
    config = repo.config.value if repo is not None else None
    if config is None or not config.architectures:
        return ()
    from cardlint.vocab import architectures

    found = architectures.get(config.architectures[0])
    return found.tasks if found is not None and found.listed else ()


def _of_code(card: Card) -> Iterator[str | None]:
    """The tasks of the pipelines and classes that the code of a model's card makes."""
    if card.kind == "model":
        for task, name in _MADE_BY_CODE.findall(card.code):
            yield groups.told_by(name or task) or (task if tasks.known(task) else None)
