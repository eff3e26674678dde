"""How many parameters a repository's weights hold: by their headers, by ``config.json``, by the size of their files."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.art_weights import NOT_HERE, size
from cardlint.model import NotChecked
from cardlint.repo.jsonfile import whole_number
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from cardlint.repo.config import Config
    from cardlint.repo.repo import Repo
    from cardlint.repo.weights import Checkpoint

_LEAST, _MOST = 0.6, 1.6
"""What the weights hold, as a share of what is claimed: names round, and leave out embeddings (2B for 2.5 billion)."""
_WHOLE = ("model", "pytorch_model")


class Measured(NamedTuple):
    """A number of parameters as bounds (equal where it was counted), and how it reads after "the card says …"."""

    least: float
    most: float
    words: str

    def fits(self, claimed: float) -> bool:
        """Whether a claim may be this number, rounded and without some parts."""
        return not claimed or (self.most / claimed >= _LEAST and self.least / claimed <= _MOST)


def measure(repo: Repo) -> Measured | NotChecked | None:
    """The parameters of the main weights: by their headers, else by what ``config.json`` describes; None where neither tells."""
    main = repo.weights.main
    if main is not None and main.adapter:
        return None
    config = repo.config.value
    if main is not None and main.parameters and main.state == "ok" and not (main.format == "safetensors" and _packed(main.dtypes, config)):
        if main.format == "gguf" and any(
            answer.value and answer.value.type not in (None, "model") for answer in repo.weights.gguf.values()
        ):
            return None
        return _counted(main.parameters, "the weights hold")
    found = estimate(config) if config is not None else None
    if found is not None:
        return _counted(found, "config.json describes")
    if main is None or main.state != "not-here":
        return None
    return _by_bytes(main) or NotChecked(NOT_HERE)


def _counted(number: int, where: str) -> Measured:
    return Measured(number, number, f"{where} {_words(number)}")


def _by_bytes(main: Checkpoint) -> Measured | None:
    """Bounds by the size of files that hold nothing but weights, of four bits to four bytes each."""
    if main.bytes is None or main.missing or main.name.partition(".")[0] not in _WHOLE or main.format not in ("safetensors", "pytorch"):
        return None
    return Measured(main.bytes / 4, main.bytes * 2, f"the weight files have {size(main.bytes)}")


def _packed(dtypes: dict[str, int], config: Config | None) -> bool:
    """Whether integers are so many that they may hold packed weights of a method that the configuration does not name."""
    integers = sum(count for dtype, count in dtypes.items() if dtype.startswith(("I", "U")))
    return integers > 0.02 * sum(dtypes.values()) and (config is None or config.quantization is None or config.quantization.bits is None)


def estimate(config: Config) -> int | None:
    """About how many parameters a decoder of a known family has, by the sizes of its configuration."""
    table = data.vocabulary("model_sizes")
    gated = config.model_type in table["gated"]
    if not gated and config.model_type not in table["plain"]:
        return None

    def entry(name: str) -> int | None:
        return next((found for key in table["keys"][name] if (found := whole_number(config.data.get(key)))), None)

    hidden, layers, heads = entry("hidden"), entry("layers"), entry("heads")
    if hidden is None or layers is None or heads is None or min(hidden, layers, heads) < 1 or max(hidden, layers, heads) > 10**6:
        return None
    inner = entry("inner") or 4 * hidden
    head = entry("head_dim") or hidden // heads
    attention = 2 * hidden * head * (heads + (entry("kv_heads") or heads))
    tied = config.tie_word_embeddings
    tied = config.model_type in table["tied"] if tied is None else tied
    words = prod((config.vocab_size or 0, hidden, 1 if tied else 2))
    return layers * (attention + hidden * inner * (3 if gated else 2)) + words


def _words(number: int) -> str:
    for unit, name in ((10**9, "billion"), (10**6, "million")):
        if number >= unit:
            return f"{number / unit:.3g} {name}"
    return f"{number:,}"
