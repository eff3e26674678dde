"""What a card's prose and code claim: licence, base model, data, loaded models, size, precision, metrics.

Each reader is imported where its kind is asked for: its patterns take milliseconds to compile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.claim import Claim
from cardlint.lazy import lazy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from cardlint.card.card import Card
    from cardlint.card.claims.body import Body
    from cardlint.card.claims.code import Load
    from cardlint.card.claims.datanames import Data
    from cardlint.card.claims.ids import Written

__all__ = ["Claim", "Claims"]

_NAMES = (
    "licenses",
    "base_models",
    "datasets",
    "evaluation_datasets",
    "repo_ids",
    "dataset_ids",
    "code_loads",
    "parameters",
    "context_length",
    "precision",
    "languages",
    "hardware",
    "use",
    "metrics",
)


class Claims:
    """The claims of one card, each kind read when it is asked for, in the order of the text.

    A claim is what the card says and nothing more; the front matter is no part of it.
    """

    def __init__(self, card: Card) -> None:
        self._card = card

    @staticmethod
    def names() -> tuple[str, ...]:
        """The kinds, each an attribute that holds a tuple of `Claim`."""
        return _NAMES

    @lazy
    def licenses(self) -> tuple[Claim, ...]:
        """Licences that the body names for the model."""
        from cardlint.card.claims.licenses import read_licenses

        return read_licenses(self._body)

    @lazy
    def base_models(self) -> tuple[Claim, ...]:
        """What this model was made from; ``detail`` is the relation."""
        from cardlint.card.claims.bases import read_bases

        return read_bases(self._body)

    @lazy
    def datasets(self) -> tuple[Claim, ...]:
        """What this model was trained on."""
        from cardlint.card.claims.data import read_training_data

        return read_training_data(self._body)

    @lazy
    def evaluation_datasets(self) -> tuple[Claim, ...]:
        """What this model was evaluated on."""
        from cardlint.card.claims.data import read_evaluation_data

        return read_evaluation_data(self._body)

    @lazy
    def repo_ids(self) -> tuple[Claim, ...]:
        """Hub ids of models that code loads."""
        from cardlint.card.claims import code

        return code.as_ids(self._loads, self._placed, dataset=False)

    @lazy
    def dataset_ids(self) -> tuple[Claim, ...]:
        """Hub ids of datasets that code loads."""
        from cardlint.card.claims import code

        return code.as_ids(self._loads, self._placed, dataset=True)

    @lazy
    def code_loads(self) -> tuple[Claim, ...]:
        """Every model that code loads as written: ids, local paths, unfilled names; ``detail`` is the call."""
        return tuple([claim for load, claim in zip(self._loads, self._placed, strict=True) if not load.dataset])

    @lazy
    def written_names(self) -> tuple[Written, ...]:
        """The names of what has the form of a hub id in prose outside of links, and their blocks.

        The name of every id among ``datasets`` there begins one of them, and these are read much faster.
        """
        from cardlint.card.claims.ids import written_names

        return tuple(written_names(self._body))

    def training_data_in(self, places: Collection[int]) -> Iterator[Data]:
        """What ``datasets`` can hold of the blocks that begin at ``places``, and more: read faster, and not remembered."""
        from cardlint.card.claims.data import training_data_in

        return training_data_in(self._body, places)

    @lazy
    def _body(self) -> Body:
        from cardlint.card.claims.body import Body

        return Body(self._card)

    @lazy
    def _loads(self) -> tuple[Load, ...]:
        from cardlint.card.claims import code

        return code.read_loads(self._card.outline)

    @lazy
    def _placed(self) -> tuple[Claim, ...]:
        from cardlint.card.claims import code

        return code.placed(self._card.outline, self._loads)

    @lazy
    def parameters(self) -> tuple[Claim, ...]:
        """Parameter counts."""
        from cardlint.card.claims.numbers import read_phrases

        return read_phrases(self._body, "parameters")

    @lazy
    def context_length(self) -> tuple[Claim, ...]:
        """Context or maximum sequence lengths."""
        from cardlint.card.claims.numbers import read_phrases

        return read_phrases(self._body, "context_length")

    @lazy
    def precision(self) -> tuple[Claim, ...]:
        """Number formats and quantisations of weights."""
        from cardlint.card.claims.numbers import read_phrases

        return read_phrases(self._body, "precision")

    @lazy
    def languages(self) -> tuple[Claim, ...]:
        """Languages of the model."""
        from cardlint.card.claims.numbers import read_languages

        return read_languages(self._body)

    @lazy
    def hardware(self) -> tuple[Claim, ...]:
        """Accelerators."""
        from cardlint.card.claims.numbers import read_phrases

        return read_phrases(self._body, "hardware")

    @lazy
    def use(self) -> tuple[Claim, ...]:
        """Statements on commercial or research use; ``detail`` is their reading."""
        from cardlint.card.claims.numbers import read_phrases

        return read_phrases(self._body, "use")

    @lazy
    def metrics(self) -> tuple[Claim, ...]:
        """Results: ``value`` the number, ``detail`` ``name|dataset|split``."""
        from cardlint.card.claims.metrics import read_metrics

        return read_metrics(self._body)
