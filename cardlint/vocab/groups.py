"""Groups of models and of data that are documented alike: by their task, or by how they were made."""

from __future__ import annotations

from functools import cache, lru_cache

from cardlint import data
from cardlint.tuples import NamedTuple


class Group(NamedTuple):
    """One group: cards of which all tasks are among ``tasks``, and which have one of ``tags`` or ``names``; what is empty asks nothing."""

    id: str
    title: str
    tasks: frozenset[str]
    tags: frozenset[str]
    names: frozenset[str]

    def has_sign(self, marks: frozenset[str], words: frozenset[str]) -> bool:
        """Whether a card has a sign of this group.

        ``marks``: its tags, library, relation to a base, generator and files; ``words``: those of its name.
        """
        return not (self.tags or self.names) or not (self.tags.isdisjoint(marks) and self.names.isdisjoint(words))


@cache
def every() -> tuple[Group, ...]:
    """All groups, the first that are to be asked first."""
    return tuple(
        Group(
            name,
            entry["title"],
            frozenset(each for task in entry.get("tasks", ()) for each in _of_modality().get(task, (task,))),
            frozenset(entry.get("tags", ())),
            frozenset(entry.get("names", ())),
        )
        for name, entry in data.vocabulary("groups")["groups"].items()
    )


@lru_cache(maxsize=256)
def serving(tasks: frozenset[str]) -> tuple[Group, ...]:
    """The groups that a card of these tasks may be of, in the order of `every`."""
    return tuple([group for group in every() if not group.tasks or (tasks and tasks <= group.tasks)])


def titles() -> dict[str, str]:
    """What each group is called, by its id."""
    return {group.id: group.title for group in every()}


def told_by(word: str) -> str | None:
    """The task that a tag, a library, a generator, a file or a class in code stands for; None where it tells none."""
    found: str | None = data.vocabulary("groups")["tells"].get(word)
    return found


@cache
def marks() -> frozenset[str]:
    """Every word that tells a task or marks a group; the names of files are among them."""
    return frozenset(data.vocabulary("groups")["tells"]).union(*[group.tags for group in every()])


def vague(task: str) -> bool:
    """Whether models of many kinds are made for a task."""
    return task in data.words("groups", "vague")


def spoken(tasks: frozenset[str], words: frozenset[str]) -> bool:
    """Whether what is said of these tasks holds for a card with these words in tags and name: not of text that is no language."""
    return words.isdisjoint(data.words("groups", "no_language")) or tasks.isdisjoint(_of_modality()["nlp"])


@cache
def _of_modality() -> dict[str, list[str]]:
    """The tasks of each of the hub's modalities, and the modality itself: data may tell no more."""
    found: dict[str, list[str]] = {}
    for task, entry in data.vocabulary("pipeline_tags")["tasks"].items():
        found.setdefault(entry["modality"], [entry["modality"]]).append(task)
    return found
