"""Near misses by the name of a vocabulary, as a rule file's ``vocab`` gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.vocab import languages, libraries, licenses, metrics, nearest, tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardlint.vocab.nearest import Near

_OWN: dict[str, Callable[[str], Near]] = {
    "languages": languages.near,
    "libraries": libraries.near,
    "licenses": licenses.near,
    "metrics": metrics.near,
    "pipeline_tags": tasks.near,
}


def near(vocabulary: str, value: str) -> Near:
    """What a value probably means in ``schemas/vocab/VOCABULARY.json``, by that vocabulary's own ways where it has some.

    Raises FileNotFoundError for a vocabulary that does not exist.
    """
    own = _OWN.get(vocabulary)
    return own(value) if own else nearest.near(vocabulary, value)
