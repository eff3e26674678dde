"""Metrics: the ids in use, which way is better, and the values that are possible."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from cardlint import data
from cardlint.tuples import NamedTuple
from cardlint.vocab import nearest
from cardlint.vocab.nearest import Near

Better = Literal["higher", "lower"]

_AT = re.compile(r"([a-z_]+?)(?:_at_|@)\d{1,5}")


class Metric(NamedTuple):
    """A metric; ``least`` and ``most`` bound a value in its widest customary scale, None: unbounded.

    ``unit``: authors write it both as a fraction of 1 and as a per cent value, so 0.93 and 93 are both plausible.
    """

    id: str
    least: float | None
    most: float | None
    unit: bool
    better: Better | None


def ids() -> frozenset[str]:
    """Every listed metric."""
    return data.ids("metrics")


def known(identifier: str) -> bool:
    """Whether a metric is listed, or is a listed ranking metric at a rank (``ndcg_at_10``)."""
    return get(identifier) is not None


@lru_cache(maxsize=1024)
def get(identifier: str) -> Metric | None:
    """What is known of a metric, None for one that is not listed."""
    vocabulary = data.vocabulary("metrics")
    entry = vocabulary["metrics"].get(identifier)
    ranked = _AT.fullmatch(identifier) if entry is None else None
    if ranked and ranked.group(1) in vocabulary["ranked"]:
        entry = vocabulary["metrics"][ranked.group(1)]
    if entry is None:
        return None
    return Metric(identifier, entry.get("min"), entry.get("max"), entry.get("unit", False), entry.get("better"))


@lru_cache(maxsize=4096)
def near(value: str) -> Near:
    """The metric that a name or an id probably means; never guessed by distance, as ``cer`` and ``wer`` are one letter apart."""
    if known(value):
        return Near((value,), sure=True)
    return nearest.look_up(value, *nearest.tables("metrics"))
