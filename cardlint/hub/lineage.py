"""Ancestors of a model: the shortest path to each, hop by hop, bounded, cycles included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cardlint.hub.node import Node

MAX_HOPS = 32
MAX_ANCESTORS = 200
"""Ancestors followed of one model; the nearest ones, those of equal distance in the order of their paths."""


class Step(NamedTuple):
    """An ancestor: ``path`` holds the keys from the direct base to the ancestor itself."""

    key: str
    path: tuple[str, ...]

    @property
    def hops(self) -> int:
        """How far away it is; 1 is a direct base."""
        return len(self.path)


class Lineage(NamedTuple):
    """All ancestors, the nearest first. ``cycle`` is the shortest path that leads back to the model; ``cut``: a bound was met."""

    steps: tuple[Step, ...] = ()
    cycle: tuple[str, ...] = ()
    cut: bool = False


def walk(node: Node, find: Callable[[Collection[str]], Mapping[str, Node]]) -> Lineage:
    """The lineage of a model. ``find`` gives the nodes at hand among some keys; it is asked once a hop.

    Of several paths of one length the first in the order of the keys is told.
    """
    own = node.key
    steps: list[Step] = []
    seen: set[str] = set()
    cycle: tuple[str, ...] = ()
    cut = False
    reached: dict[str, tuple[str, ...]] = {parent: (parent,) for parent in node.parents()}
    while reached:
        if own in reached:
            cycle = cycle or reached.pop(own)
            reached.pop(own, None)
        level = sorted(reached.items(), key=lambda each: each[1])
        room = MAX_ANCESTORS - len(steps)
        cut = cut or len(level) > room
        level = level[:room]
        steps += [Step(key, path) for key, path in level]
        seen.update(key for key, _ in level)
        reached = {}
        at_hand = find([key for key, _ in level]) if level else {}
        for key, path in level:
            found = at_hand.get(key)
            for parent in found.parents() if found is not None else ():
                if parent in seen or (parent in reached and reached[parent] <= (*path, parent)):
                    continue
                reached[parent] = (*path, parent)
        if reached and level and len(level[0][1]) >= MAX_HOPS:
            return Lineage(tuple(steps), cycle, cut=True)
    return Lineage(tuple(steps), cycle, cut)
