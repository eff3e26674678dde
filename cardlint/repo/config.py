"""``config.json`` and the small configuration files beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cardlint.repo.answer import Answer
from cardlint.repo.jsonfile import mapping, read_object, text, texts, whole_number
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.repo import Repo

_POSITIONS = ("max_position_embeddings", "n_positions", "max_seq_len", "n_ctx", "seq_length", "max_sequence_length", "max_target_positions")
_NESTED = ("text_config", "llm_config", "language_config", "decoder")


class Quantization(NamedTuple):
    """``quantization_config``: ``method`` in the words of transformers (``bitsandbytes``, ``gptq``), bits of a weight."""

    method: str | None
    bits: int | None
    data: dict[str, Any]


class Config(NamedTuple):
    """What ``config.json`` says; ``data`` is the whole object.

    ``max_positions`` and ``vocab_size`` are looked up in nested text configurations too. ``labels`` maps class numbers to
    names; None where the file names none (transformers then means two). ``custom_code`` holds the files and classes
    that ``auto_map`` wants run. ``dtype`` is the newer ``dtype``, else ``torch_dtype``.
    """

    architectures: tuple[str, ...]
    model_type: str | None
    custom_code: tuple[str, ...]
    labels: dict[int, str] | None
    num_labels: int | None
    problem_type: str | None
    vocab_size: int | None
    max_positions: int | None
    dtype: str | None
    quantization: Quantization | None
    name_or_path: str | None
    tie_word_embeddings: bool | None
    transformers_version: str | None
    data: dict[str, Any]

    @property
    def labels_named(self) -> bool | None:
        """Whether somebody named the classes (``LABEL_0`` is no name); None where there are no labels."""
        if not self.labels:
            return None
        return any(not name.upper().startswith("LABEL_") for name in self.labels.values())


class Processor(NamedTuple):
    """The processor of images, audio or video: its classes, ``modalities`` among image, audio, video, and audio's rate."""

    classes: tuple[str, ...]
    modalities: tuple[str, ...]
    sampling_rate: int | None
    data: dict[str, Any]


def read_config(repo: Repo, path: str = "config.json") -> Answer[Config]:
    """The configuration at a path."""
    return read_object(repo, path, build_config)


def build_config(data: dict[str, Any]) -> Config:
    """A configuration from its parsed object; fields of the wrong type count as not given."""
    labels = _labels(data.get("id2label"))
    tie = data.get("tie_word_embeddings")
    return Config(
        architectures=texts(data.get("architectures")),
        model_type=text(data.get("model_type")),
        custom_code=tuple(sorted({item for value in mapping(data.get("auto_map")).values() for item in texts(value)})),
        labels=labels,
        num_labels=len(labels) if labels else whole_number(data.get("num_labels")),
        problem_type=text(data.get("problem_type")),
        vocab_size=_first(data, ("vocab_size",)),
        max_positions=_first(data, _POSITIONS),
        dtype=_dtype(data),
        quantization=_quantization(data),
        name_or_path=text(data.get("_name_or_path")),
        tie_word_embeddings=tie if type(tie) is bool else None,
        transformers_version=text(data.get("transformers_version")),
        data=data,
    )


def _labels(value: Any) -> dict[int, str] | None:
    labels = {
        int(key): name for key, name in mapping(value).items() if key.isascii() and key.isdigit() and len(key) < 9 and type(name) is str
    }
    return labels or None


def _first(data: dict[str, Any], keys: tuple[str, ...]) -> int | None:
    """The first positive number under one of the keys, in the configuration itself or in a nested one."""
    for part in (data, *(mapping(data.get(name)) for name in _NESTED)):
        for key in keys:
            found = whole_number(part.get(key))
            if found is not None and found > 0:
                return found
    return None


def _dtype(data: dict[str, Any]) -> str | None:
    for part in (data, *(mapping(data.get(name)) for name in _NESTED)):
        found = text(part.get("dtype")) or text(part.get("torch_dtype"))
        if found:
            return found.removeprefix("torch.")
    return None


def _quantization(data: dict[str, Any]) -> Quantization | None:
    for part in (data, *(mapping(data.get(name)) for name in _NESTED)):
        found = mapping(part.get("quantization_config"))
        if found:
            return Quantization(*_method(found), found)
    # MLX writes its own key.
    mlx = mapping(data.get("quantization"))
    return Quantization("mlx", whole_number(mlx["bits"]), mlx) if "bits" in mlx else None


def _method(data: dict[str, Any]) -> tuple[str | None, int | None]:
    method = text(data.get("quant_method"))
    bits = whole_number(data.get("bits")) or whole_number(data.get("w_bit"))
    four, eight = data.get("load_in_4bit") is True, data.get("load_in_8bit") is True
    if four or eight:
        return method or "bitsandbytes", bits or (4 if four else 8)
    return method, bits


_PROCESSOR_FILES = ("processor_config.json", "preprocessor_config.json", "video_preprocessor_config.json")
_CLASS_KEYS = ("processor_class", "image_processor_type", "feature_extractor_type", "video_processor_type")


def read_processor(repo: Repo) -> Answer[Processor]:
    """The processor's files together; the answer names the first that is there, and is bad where any of them is."""
    answers = [read_object(repo, path, dict) for path in _PROCESSOR_FILES if path in repo.names]
    bad = next((answer for answer in answers if not answer.ok), None)
    if bad is not None or not answers:
        return Answer(bad.state, bad.path, reason=bad.reason) if bad else Answer("absent", _PROCESSOR_FILES[0])
    merged: dict[str, Any] = {}
    for answer in reversed(answers):
        merged |= answer.value or {}
    classes = tuple(dict.fromkeys(found for key in _CLASS_KEYS if (found := text(merged.get(key)))))
    rate = whole_number(merged.get("sampling_rate")) or whole_number(mapping(merged.get("feature_extractor")).get("sampling_rate"))
    image = "image_processor_type" in merged or "image_mean" in merged or "image_processor" in merged
    heard = {"image": image, "audio": rate is not None, "video": "video_preprocessor_config.json" in repo.names}
    return Answer("ok", answers[0].path, Processor(classes, tuple(name for name, is_so in heard.items() if is_so), rate, merged))
