"""The task of a model by what its card tells of it in other places: code, widget, tags, data, results, title, first sentence, family.

Everything that is found must agree: where two things speak of different tasks, or one of several, none is told.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from cardlint.checks.met_widget import lacking_inputs, without_mask
from cardlint.checks.task_code import Hint, of_code, of_files
from cardlint.checks.values import texts
from cardlint.data import vocabulary
from cardlint.patterns import Cue, Cues, Pattern
from cardlint.tuples import NamedTuple
from cardlint.vocab import tasks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.repo.repo import Repo

_MASK = Pattern(r"\[MASK\]|<mask>")
_LABELLED = Pattern(
    r"(?mi)^[ \t>*|+_-]*(pipeline[ _-]?tag|pipeline|tasks?|task type|(?:nlp|ml|primary|model|main) task)[*_ \t]*[:|：][ \t*_|]*"
    r"([^|\n]{3,80})(?:\|[ \t]*)?$"
)
_BLANK = Pattern(r"[-_/]")
_SENTENCE = Pattern(r"(?<=[.!?])\s")
_SHORT = 30
_LONGEST = 400
_LEAD = 1200
_ON_MODEL = Pattern(r"(?i)\bmodel\b|fine-?tuned|trained|\bthis is\b|\bbert\b")
_ON_OTHERS = Pattern(r"(?i)downstream|such as|e\.g\.|for example|can be (?:used|fine)|including|could be|intended to be fine")
"""A sentence that names tasks of what may be made from the model."""
_MEASURED = Pattern(r"(?m)^- (?:Train |Validation |Eval |Test )?(Accuracy|F1|Precision|Recall|Matthews Correlation|Wer): ")
_WRITTEN = Pattern(
    r"(?i)\bocr\b|\bhtr\b|hand-?writ|translitera|romani[sz]|optical character|text recognition|lip-?read|diacriti|captcha|手写|文字识别"
)
"""Work other than on speech of which errors are counted by words."""
_ENCODER = Pattern(r"(?<![a-z0-9])(?:[a-z0-9]*bert[a-z0-9]*|electra|xlnet|minilm|funnel|ernie|longformer)(?![a-z])")
_VISION = Pattern(r"(?<![a-z])(?:vit|swin|resnet|beit|convnext|deit)(?![a-z])")
_LIKE_CLASSIFYING = Cues(
    {
        "entails": r"(?i)\bnli\b|[mxs]nli|natural language inference|entail",
        "zero-shot": r"(?i)zero[- ]?shot",
        "ranks": r"(?i)re-?rank|cross-?encoder|ms[- ]?marco",
    }
)
"""What a card says whose model only looks like a classifier."""
_CLASSIFIES = Pattern(r"\bdetector|classifi")
_SEES = Pattern(r"(?i)vision|visual|vlm|image|video|caption|multi-?modal|speech|audio|classif|embedding|reward|retriev|rank")
"""Words of what is made from a language model and is none."""
_SEES_TOO = Pattern(r"(?<![a-z])(?:vlm?|vision|visual|multi ?modal|omni|llava|pixtral|moondream|paligemma)(?![a-z])")
"""Words of names of models that write, and see or hear besides."""
_TELLING = frozenset({"sentence-similarity", "zero-shot-classification"})
"""Tasks whose words leave nothing open."""
_CERTAIN = frozenset({"pipeline", "results"})
_FIRM = frozenset({"pipeline", "results", "class", "file", "widget", "tag", "tool", "rate"})
"""Kinds of hints that hold where a title, a name or a first sentence leaves the task open."""
_OPEN = "open"
_TRAINERS = frozenset({"hf-trainer", "keras-callback"})


class _Family(NamedTuple):
    """A name of a model, the tasks that such models serve, and the one that is meant where nothing else is said."""

    name: str
    served: frozenset[str]
    alone: frozenset[str]


class Told(NamedTuple):
    """A task, and the words that say what tells it."""

    task: str
    words: str


def task_told(card: Card, own_id: str, repo: Repo | None = None) -> Told | None:
    """The one task that all hints in a card and the files beside it agree on; None where it is not sure enough to be advised."""
    hints = [hint for hint in _hints(card, own_id, repo) if hint.tasks]
    if any(hint.kind == _OPEN for hint in hints):
        hints = [hint for hint in hints if hint.kind in _FIRM]
    names = _names(card, own_id)
    families = list(_families_of(names))
    if not hints:
        hints = _alone(card, families, names)
    if not hints or all(hint.kind == "name" for hint in hints):
        return None
    left = frozenset.intersection(*[hint.tasks for hint in hints], *[family.served for family in families])
    if len(left) != 1 or _is_doubtful(card, own_id, next(iter(left)), {hint.kind for hint in hints}):
        return None
    first = next((hint for hint in hints if hint.tasks == left and hint.kind != "name"), hints[0])
    return Told(next(iter(left)), first.words)


def task_of(card: Card, own_id: str) -> str | None:
    """The task that a card declares, under ``pipeline_tag`` or as the one task among its tags, else the one that it tells."""
    declared = [value for _, value in texts(card, "pipeline_tag") if tasks.known(value)] or [
        value for _, value in texts(card, "tags") if tasks.known(value)
    ]
    if declared:
        return declared[0] if len(declared) == 1 else None
    told = task_told(card, own_id)
    return told.task if told else None


def _hints(card: Card, own_id: str, repo: Repo | None) -> Iterator[Hint]:
    task = of_results(card.front_matter.metadata.get("model-index"))
    if task:
        yield Hint("results", "the task of the results", frozenset({task}))
    if repo is not None:
        yield from of_files(repo)
    tool = card.generator or ""
    task = vocabulary("task_words")["tools"].get(tool)
    if task:
        yield Hint("tool", f"for which {tool} makes models", frozenset({task}))
    yield from of_code(card, own_id)
    yield from _of_metadata(card)
    yield from _of_measures(card, own_id)
    yield from _of_text(card, own_id)


def of_results(index: object) -> str | None:
    """The one task that all results of a ``model-index`` are of; None where they are of several or of none that the hub knows."""
    models = [each for each in index if isinstance(each, dict)] if isinstance(index, list) else []
    lists = [listed for model in models if isinstance(listed := model.get("results"), list)]
    listed_tasks = [result.get("task") for listed in lists for result in listed if isinstance(result, dict)]
    found = {str(task.get("type")) for task in listed_tasks if isinstance(task, dict)}
    return found.pop() if len(found) == 1 and tasks.known(next(iter(found))) else None


def _of_metadata(card: Card) -> Iterator[Hint]:
    """Widget, tags, library and data."""
    known = vocabulary("task_words")
    widget = _of_widget(card.front_matter.metadata.get("widget"))
    if widget:
        yield Hint("widget", "for which the examples of the widget are", frozenset({widget}))
    for key in ("tags", "library_name"):
        for _, value in texts(card, key):
            task = known["tags"].get(value.strip().lower())
            if task:
                yield Hint("tag", f"as {value!r} says", frozenset({task}))
    data = {known["data"].get(value) for _, value in texts(card, "datasets")}
    task = data.pop() if len(data) == 1 else None
    if task and (task != "text-classification" or _MEASURED.search(card.text)):
        yield Hint("data", "for which its data are made", frozenset({task}))


def _of_widget(widget: object) -> str | None:
    examples = [each for each in (widget if isinstance(widget, list) else [widget]) if isinstance(each, dict)]
    if not examples:
        return None
    held = set.intersection(*[{key for key, value in each.items() if value} for each in examples])
    if "source_sentence" in held:
        return "sentence-similarity"
    if {"text", "context"} <= held:
        return "question-answering"
    if "candidate_labels" in held and held & {"text", "src"}:
        return "zero-shot-classification" if "text" in held else "zero-shot-image-classification"
    if "text" in held and all(_MASK.search(str(each["text"])) for each in examples):
        return "fill-mask"
    return None


def _of_measures(card: Card, own_id: str) -> Iterator[Hint]:
    """What was measured: the rate of words, and what a tool writes of a classifier or a tagger."""
    declared = {value.lower() for _, value in texts(card, "metrics")}
    found = list(dict.fromkeys(match[1] for match in _MEASURED.finditer(card.text))) if card.generator in _TRAINERS else []
    words = "for which such results are measured"
    if ("wer" in declared or "Wer" in found) and not _WRITTEN.search(card.text[: card.front_matter.end + _LEAD]):
        yield Hint("rate", words, frozenset({"automatic-speech-recognition"}))
    if "seqeval" in declared:
        yield Hint("measure", words, frozenset({"token-classification"}))
    names = " ".join(_names(card, own_id)) if found else ""
    if _ENCODER.search(names) and "hubert" not in names and "t5" not in names:
        if found[:4] == ["Precision", "Recall", "F1", "Accuracy"]:
            yield Hint("measure", words, frozenset({"token-classification"}))
        elif not {"Precision", "Recall"}.intersection(found) and {"Accuracy", "Matthews Correlation"}.intersection(found):
            yield Hint("measure", words, frozenset({"text-classification"}))
    elif _VISION.search(names) and "Accuracy" in found:
        yield Hint("measure", words, frozenset({"image-classification"}))


def _of_text(card: Card, own_id: str) -> Iterator[Hint]:
    """Name, title and the first sentence, where that speaks of this model."""
    headings = card.outline.headings
    yield from _of_labels(card)
    said = [("name", own_id.rpartition("/")[2]), ("title", headings[0].text if headings else "")]
    first = next((block.text for block in card.outline.blocks if block.kind == "paragraph" and len(block.text) > _SHORT), "")
    sentence = _SENTENCE.split(first[:_LONGEST], 1)[0]
    if _ON_MODEL.search(sentence) and not _ON_OTHERS.search(sentence):
        said.append(("sentence", sentence))
    read = [(kind, _plain(text)) for kind, text in said]
    found = [Hint(kind, f"as the {kind} says", _said(text, kind)) for kind, text in read]
    yield from found
    if any(_is_open(text, hint.tasks) for (_, text), hint in zip(read, found, strict=True)):
        yield Hint(_OPEN, "", frozenset({_OPEN}))


def _of_labels(card: Card) -> Iterator[Hint]:
    """What stands behind a label "Task" in a list, a table of two columns or a line of its own."""
    for match in _LABELLED.finditer(card.prose):
        name, value = match[1].strip(), match[2].strip(" \t*_`|").rstrip(".")
        task = value.lower()
        above = card.prose[max(0, match.start() - 2) : match.start()]
        is_head = "|" in card.prose[match.start() : match.start(2)] and above in ("", "\n\n")
        if "text2text" in task or is_head:
            continue
        found = frozenset({task}) if tasks.known(task) else _said(_plain(value), "label")
        if found and (task in found or not _is_open(_plain(value), found)):
            yield Hint("label", f"as '{name}' says", found)
        elif found:
            yield Hint(_OPEN, "", frozenset({_OPEN}))


def _is_open(text: str, found: frozenset[str]) -> bool:
    """Whether words leave the task open, or speak of several."""
    if len(found) > 1:
        return True
    task = next(iter(found), "")
    if _CLASSIFIES.search(text) and not task.endswith(("classification", "detection", "ranking", "segmentation")):
        return True
    return task not in _TELLING and _unclear().occurs(text)


def _said(text: str, kind: str) -> frozenset[str]:
    """The tasks that a text in lower case names; one whose words are a part of another's is not told beside it."""
    found = set(_saying("said").occurring(text))
    if kind != "sentence":
        found |= _saying("named").occurring(text)
    for task, parts in vocabulary("task_words")["over"].items():
        if task in found:
            found.difference_update(parts)
    return frozenset(found)


def _families_of(names: list[str]) -> Iterator[_Family]:
    """The families that names are of."""
    for name in names:
        for pattern, served, alone in _families():
            if "speecht5" not in name and pattern.search(name):
                yield _Family(name, served, alone)


def _alone(card: Card, families: list[_Family], names: list[str]) -> list[Hint]:
    """What models of its family are for, where the card says nothing else."""
    found = [family for family in families if family.alone]
    if not found or any(_SEES.search(text) for text in (*names, card.text[card.front_matter.end : card.front_matter.end + _LEAD])):
        return []
    return [Hint("family", f"for which '{found[0].name}' and its like are made", found[0].alone)]


def _names(card: Card, own_id: str) -> list[str]:
    """The names of a model: its own, the title's, its base's."""
    headings = card.outline.headings
    bases = [value for _, value in texts(card, "base_model")] or [
        claim.value for claim in card.claims.base_models if claim.detail == "finetuned"
    ][:1]
    names = [own_id.rpartition("/")[2], headings[0].text if headings else "", *[base.rpartition("/")[2] for base in bases]]
    return [_plain(name) for name in names if name]


def _plain(text: str) -> str:
    """A name or a sentence in lower case, dashes as blanks, no longer than is read."""
    return _BLANK.sub(" ", text[:_LONGEST]).lower()


def _is_doubtful(card: Card, own_id: str, task: str, kinds: set[str]) -> bool:
    """Whether a task may be another one that looks alike, or that of what others may make from the model."""
    if task == "text-classification":
        said = _LIKE_CLASSIFYING.occurring(card.text)
        if not said.isdisjoint(("zero-shot", "ranks")) or ("entails" in said and kinds.isdisjoint(_CERTAIN)):
            return True
    if task == "text-generation" and any(_SEES_TOO.search(name) for name in _names(card, own_id)):
        return True
    if any(lacking_inputs(card, task)) or (task == "fill-mask" and any(without_mask(card))):
        return True
    words = _words().get(task)
    if words is None or not kinds <= {"class", "family", "tag"} or "class" not in kinds:
        return False
    return not any(words.search(name) for name in _names(card, own_id))


@cache
def _saying(where: str) -> Cues:
    return Cues(vocabulary("task_words")[where])


@cache
def _unclear() -> Cue:
    return Cue(vocabulary("task_words")["unclear"])


@cache
def _families() -> tuple[tuple[Pattern, frozenset[str], frozenset[str]], ...]:
    return tuple((Pattern(pattern), frozenset(served), frozenset(alone)) for pattern, served, alone in vocabulary("task_words")["families"])


@cache
def _words() -> dict[str, Any]:
    return {task: Pattern(pattern) for task, pattern in vocabulary("task_words")["words"].items()}
