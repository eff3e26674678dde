"""Our named tuples are what `typing.NamedTuple` makes of the same class body."""

from __future__ import annotations

import pickle
import typing
from inspect import signature
from typing import TYPE_CHECKING

import pytest

from cardlint import tuples

if TYPE_CHECKING:
    from collections.abc import Mapping


class Ours(tuples.NamedTuple):
    """A place."""

    name: str
    marks: Mapping[str, int] = {}
    level: int = 1

    @property
    def loud(self) -> str:
        """The name, loud."""
        return self.name.upper()

    def __str__(self) -> str:
        return self.name


class Theirs(typing.NamedTuple):
    """A place."""

    name: str
    marks: Mapping[str, int] = {}
    level: int = 1

    @property
    def loud(self) -> str:
        """The name, loud."""
        return self.name.upper()

    def __str__(self) -> str:
        return self.name


@pytest.mark.parametrize("name", ["__doc__", "__module__", "__match_args__", "_fields", "_field_defaults", "__bases__", "__slots__"])
def test_the_classes_tell_the_same(name: str) -> None:
    assert getattr(Ours, name) == getattr(Theirs, name)


def test_they_are_made_and_shown_in_the_same_way() -> None:
    ours, theirs = Ours("here", level=3), Theirs("here", level=3)
    assert list(signature(Ours).parameters) == list(signature(Theirs).parameters)
    assert ours == theirs
    assert repr(ours).replace("Ours", "Theirs") == repr(theirs)
    assert (str(ours), ours.loud, ours._asdict()) == (str(theirs), theirs.loud, theirs._asdict())
    assert ours._replace(level=4) == theirs._replace(level=4)


def test_one_comes_back_from_a_pickle() -> None:
    again = pickle.loads(pickle.dumps(Ours("here")))
    assert type(again) is Ours
    assert again == Ours("here")


def test_a_class_lets_no_field_be_set() -> None:
    with pytest.raises(AttributeError):
        Ours("here").name = "there"  # type: ignore[misc]
