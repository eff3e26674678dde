"""Files that changed since an earlier revision while the card did not; code that loading runs since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.checks.art_files import TOP
from cardlint.checks.places import listed, quoted
from cardlint.model import NotChecked, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.facts.earlier import Earlier
    from cardlint.repo.compare import Change


def same_words(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but white space."""
    return one == other or one.split() == other.split()


def weights(card: Card, old: Earlier) -> Iterator[Problem | NotChecked]:
    """Weights with another content under the same card; other files that changed with them are named too."""
    if old.changes is None or not _same_card(card, old):
        return
    changes = old.changes
    found = _changed(changes.weights)
    if found:
        others = _changed(changes.tokenizer) + _changed(changes.config)
        yield _problem(found + others, old)
    else:
        yield from _unknown(changes.weights)


def tokenizer(card: Card, old: Earlier) -> Iterator[Problem | NotChecked]:
    """A tokenizer that changed under the same card, where the weights did not."""
    if old.changes is None or not _same_card(card, old) or _changed(old.changes.weights):
        return
    yield from _told(old.changes.tokenizer, old)


def config(card: Card, old: Earlier) -> Iterator[Problem | NotChecked]:
    """A configuration that changed under the same card, where neither weights nor tokenizer did."""
    if old.changes is None or not _same_card(card, old) or _changed(old.changes.weights) or _changed(old.changes.tokenizer):
        return
    yield from _told(old.changes.config, old)


def data(card: Card, old: Earlier) -> Iterator[Problem | NotChecked]:
    """Data files of a dataset that changed under the same card."""
    if old.changes is None or not _same_card(card, old):
        return
    yield from _told(old.changes.data, old)


def new_code(old: Earlier) -> Iterator[Problem | NotChecked]:
    """Code of the repository that loading runs now and did not run before."""
    if old.changes is None:
        return
    config = old.changes.old.config
    if config.state in ("not-here", "unreadable") and old.changes.new.config.ok:
        yield NotChecked(f"config.json of '{old.name}' could not be read")
    added = old.changes.added_code
    if added:
        shown = listed([quoted(name) for name in added])
        yield Problem(TOP, f"config.json makes loading run code that it did not run at '{old.name}': {shown}", value=" ".join(added))


def changed_code(old: Earlier) -> Iterator[Problem | NotChecked]:
    """Python files that loading runs and that changed."""
    if old.changes is None:
        return
    found = _changed(old.changes.code)
    if found:
        shown = listed([quoted(change.path) for change in found])
        yield Problem(TOP, f"code that loading runs changed since '{old.name}': {shown}", value=" ".join(each.path for each in found))
    else:
        yield from _unknown(old.changes.code)


def _same_card(card: Card, old: Earlier) -> bool:
    return old.card is not None and same_words(card.text, old.card.text)


def _told(changes: Sequence[Change], old: Earlier) -> Iterator[Problem | NotChecked]:
    found = _changed(changes)
    if found:
        yield _problem(found, old)
    else:
        yield from _unknown(changes)


def _changed(changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if change.changed]


def _unknown(changes: Sequence[Change]) -> Iterator[NotChecked]:
    """Why nothing follows, where a file could not be compared."""
    open_ones = [change.path for change in changes if change.changed is None]
    if open_ones:
        yield NotChecked(f"{open_ones[0]} could not be compared with the earlier revision")


def _problem(changes: Sequence[Change], old: Earlier) -> Problem:
    names = [f"{quoted(change.path)} ({change.said})" if change.said else quoted(change.path) for change in changes]
    message = f"changed since '{old.name}', though the card did not: {listed(names)}"
    return Problem(TOP, message, value=" ".join(change.path for change in changes))
