"""What a reader answers: a value, or why there is none."""

from __future__ import annotations

from typing import Generic, Literal, NamedTuple, TypeVar  # noqa: TID251  # ours is not generic

State = Literal["ok", "absent", "not-here", "unreadable"]
"""``absent``: the complete listing lacks the file. ``not-here``: it is listed, its content is not at hand (a pointer of
Git LFS, a partial copy), so nothing follows. ``unreadable``: it is malformed, over a bound, or leads out of the repository.
"""

T = TypeVar("T")


class Answer(NamedTuple, Generic[T]):
    """The answer of a reader about one file. ``value`` is None unless ``state`` is ``ok``; ``reason`` says why."""

    state: State
    path: str
    value: T | None = None
    reason: str = ""

    @property
    def ok(self) -> bool:
        """Whether there is a value."""
        return self.state == "ok"


class Unreadable(Exception):
    """A file that is malformed or over a bound, with the reason in words. Readers turn it into an answer."""
