"""What cardlint knows of other repositories: lineage, licences, likeness. `open_hub` opens an audit's results as a hub."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cardlint.hub.hub import Hub


def open_hub(path: str | Path, known_ids: str | Path | None = None, complete: Iterable[str] = ()) -> Hub:
    """The hub that an audit's results are; ``hub.facts_for(cardlint.facts.hub.node_of(subject))`` is the part ``hub`` of the facts.

    Args:
        path: the folder that ``cardlint audit --out`` wrote.
        known_ids: a listing of every id there is (see `world.read_known_ids`); of the kinds in it, what it lacks is absent.
        complete: owners of whom everything was audited; ``*`` for the whole hub. What the audit lacks of theirs is absent.

    Raises:
        CardlintError: the folder or the listing cannot be read.
    """
    from cardlint.hub.hub import HubSource

    return HubSource(str(path), str(known_ids) if known_ids is not None else None, tuple(complete)).open()
