"""What is known of repositories that are not at hand: a mirror is a part of the world."""

from __future__ import annotations

import json
from array import array
from bisect import bisect_left
from copy import copy
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from cardlint.hub.names import key, owner
from cardlint.model import KINDS, CardlintError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from cardlint.model import Kind

State = Literal["present", "absent", "unknown"]
EVERYTHING = "*"


class World:
    """Tells whether a repository that is not at hand exists.

    ``known`` lists the keys of all that exist, of the kinds that occur in it; ``complete`` names owners of whom
    everything is at hand, ``*`` stands for all of them.
    """

    def __init__(self, known: Iterable[str] = (), complete: Iterable[str] = ()) -> None:
        self._known = array("Q")
        kinds = set()
        for each in known:
            self._known.append(_hash(each))
            kinds.add(each.partition(":")[0])
        self._known = array("Q", sorted(self._known))
        self._listed = frozenset(kinds)
        self.complete = frozenset(each.strip().lower() for each in complete if each.strip())
        self._at_hand = frozenset(KINDS)

    def within(self, kinds: Iterable[Kind]) -> World:
        """The same where no repository is at hand but of these kinds: a mirror of models tells nothing of datasets."""
        other = copy(self)
        other._at_hand = frozenset(kinds)
        return other

    def lists(self, key: str) -> bool:
        """Whether a listing of ids names it."""
        wanted = _hash(key)
        at = bisect_left(self._known, wanted)
        return at < len(self._known) and self._known[at] == wanted

    def state(self, key: str) -> State:
        """The state of a repository that is not at hand; a name without an owner may still be a redirect."""
        if self._known and self.lists(key):
            return "present"
        if not owner(key):
            return "unknown"
        kind = key.partition(":")[0]
        whole = kind in self._at_hand and (EVERYTHING in self.complete or owner(key) in self.complete)
        return "absent" if whole or kind in self._listed else "unknown"


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def read_known_ids(path: Path) -> Iterator[str]:
    """The keys of a listing: an id a line, with ``datasets/`` or ``spaces/`` before it, or JSON lines with id and kind.

    Raises CardlintError for a file that cannot be read and for a line that is no id.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                yield _listed(line, f"{path}:{number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CardlintError(f"{path}: {getattr(error, 'strerror', None) or error}") from None


def _listed(line: str, where: str) -> str:
    if line.startswith("{"):
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            raise CardlintError(f"{where}: not JSON") from None
        kind, name = data.get("kind", "model"), data.get("id", data.get("modelId"))
    else:
        kind, name = listed_name(line)
    if not isinstance(name, str) or kind not in KINDS or name.count("/") > 1 or any(each.isspace() for each in name):
        raise CardlintError(f"{where}: {line[:80]!r} is no id; write owner/name, datasets/owner/name or spaces/owner/name")
    return key(kind, name)


def listed_name(text: str) -> tuple[Kind, str]:
    """Kind and id of a name with its kind before it, as in ``datasets/acme/letters``; without one it is a model's."""
    head, slash, tail = text.partition("/")
    if slash and (head in ("datasets", "spaces") or (head == "models" and "/" in tail)):
        return ("dataset" if head == "datasets" else "space" if head == "spaces" else "model"), tail
    return "model", text


def listed_key(text: str) -> str:
    """The key of `listed_name`."""
    return key(*listed_name(text))
