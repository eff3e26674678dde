"""Numbers that training and evaluation left beside the card: Trainer's files and ``.eval_results``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.repo.answer import Answer, Unreadable
from cardlint.repo.jsonfile import MAX_JSON, mapping, read_object, text, whole_number
from cardlint.repo.yamlfile import read_yaml_file
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

MAX_STATE = 16_000_000
"""Bytes of a ``trainer_state.json``, which logs every few steps."""
MAX_FILES = 100
MAX_RESULTS = 1_000
_TRAINER = ("all_results.json", "eval_results.json", "train_results.json", "test_results.json", "predict_results.json")


class Metric(NamedTuple):
    """A number under its name in a file."""

    path: str
    name: str
    value: float


class EvalResult(NamedTuple):
    """An entry of ``.eval_results/*.yaml``: the benchmark's dataset and task, the value as written, its date and source."""

    path: str
    dataset: str | None
    task: str | None
    value: Any
    date: str | None
    source: str | None


class Training(NamedTuple):
    """The end of Trainer's log: steps, epochs, the best metric, and the last numbers of evaluation by name."""

    steps: int | None
    epochs: float | None
    best_metric: float | None
    best_checkpoint: str | None
    evaluation: dict[str, float]


class Results(NamedTuple):
    """All results beside the card; ``unread`` holds the answers of listed files that could not be read."""

    metrics: tuple[Metric, ...]
    eval_results: tuple[EvalResult, ...]
    training: Training | None
    unread: tuple[Answer[Any], ...]


def read_results(repo: Repo) -> Results:
    """The results at the top of the repository."""
    unread: list[Answer[Any]] = []
    metrics: list[Metric] = []
    for path in _TRAINER:
        if path in repo.names:
            found = read_object(repo, path, _numbers, MAX_JSON)
            if found.value is None:
                unread.append(found)
            metrics += (Metric(path, name, value) for name, value in (found.value or {}).items())
    entries: list[EvalResult] = []
    for path in sorted(name for name in repo.names if name.startswith(".eval_results/") and name.endswith((".yaml", ".yml")))[:MAX_FILES]:
        read = read_yaml_file(repo, path, _list)
        if read.value is None:
            unread.append(read)
        entries += (_entry(path, item) for item in read.value or ())
    state = read_object(repo, "trainer_state.json", _training, MAX_STATE)
    if state.state in ("not-here", "unreadable"):
        unread.append(state)
    return Results(tuple(metrics[:MAX_RESULTS]), tuple(entries[:MAX_RESULTS]), state.value, tuple(unread))


def _list(value: Any) -> list[dict[str, Any]]:
    if type(value) is not list:
        raise Unreadable("a list is expected")
    return [item for item in value if type(item) is dict]


def _entry(path: str, item: dict[str, Any]) -> EvalResult:
    dataset, source = mapping(item.get("dataset")), mapping(item.get("source"))
    return EvalResult(
        path, text(dataset.get("id")), text(dataset.get("task_id")), item.get("value"), text(item.get("date")), text(source.get("url"))
    )


def _numbers(data: dict[str, Any]) -> dict[str, float]:
    return {name: float(value) for name, value in data.items() if type(value) in (int, float) and abs(value) < 1e300}


def _training(data: dict[str, Any]) -> Training:
    history = data.get("log_history")
    last: dict[str, float] = {}
    for entry in history if type(history) is list else ():
        if type(entry) is dict:
            last |= {name: value for name, value in _numbers(entry).items() if name.startswith(("eval_", "test_"))}
    numbers = _numbers(data)
    return Training(
        steps=whole_number(data.get("global_step")),
        epochs=numbers.get("epoch"),
        best_metric=numbers.get("best_metric"),
        best_checkpoint=text(data.get("best_model_checkpoint")),
        evaluation=last,
    )
