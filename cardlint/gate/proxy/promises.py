"""What the gate remembers of a caller for some minutes: cards that were announced, repositories just made, uploads under way.

The hub's early check of a card carries no repository id, and the files before the card in a large upload carry no card; this is
what ties them together. Callers are known by a keyed hash of their credentials; the key lives as long as the process. What is
forgotten here only makes a refusal later: every commit is decided on its own.
"""

from __future__ import annotations

import hmac
import secrets
import time
from base64 import b64encode
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from cardlint.gate.paths import CARD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from cardlint.model import Kind

MINUTES = 10 * 60.0
"""Seconds for which an announced card, a repository just made and an upload in parts are remembered."""
SOON = 60.0
"""Seconds within which the first files are named after the early check: clients do one right after the other."""
SAMPLE = 512
"""Bytes of each file that a client sends ahead."""
FULL = 256
"""Files that a client names in one call at most; a call with as many may be followed by more."""
MAX_CALLERS = 4096
MAX_CARDS = 16
"""Cards remembered of one caller."""
MAX_CARD = 1_000_000
MAX_BYTES = 128 << 20
MAX_PATHS = 20_000

Repo = tuple["Kind", str]


@dataclass(slots=True, eq=False)
class Card:
    """A card that was announced; ``of`` are the repositories it turned out to be for, ``open``: it may be for one not yet named."""

    kind: Kind
    content: bytes
    at: float
    of: set[Repo] = field(default_factory=set)
    open: bool = True

    @property
    def sample(self) -> str:
        """What clients send ahead of it."""
        return b64encode(self.content[:SAMPLE]).decode()


@dataclass(slots=True)
class _Caller:
    cards: deque[Card] = field(default_factory=deque)
    created: dict[Kind, tuple[str, float]] = field(default_factory=dict)
    parts: dict[Repo, tuple[float, str]] = field(default_factory=dict)
    refused: dict[Repo, tuple[frozenset[bytes], float]] = field(default_factory=dict)
    name: tuple[str, float] | None = None


class Promises:
    """The memory of one gate process, bounded in callers and bytes. ``clock`` counts seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._callers: OrderedDict[bytes, _Caller] = OrderedDict()
        self._bytes = 0

    def caller(self, headers: Mapping[str, str]) -> bytes | None:
        """The keyed hash of a request's credentials; None for a request without any, of which nothing is remembered."""
        credentials = headers.get("Authorization") or headers.get("Cookie")
        return hmac.digest(self._key, credentials.encode("utf-8", "surrogateescape"), "sha256") if credentials else None

    # Cards.

    def announce(self, caller: bytes | None, kind: Kind, content: bytes) -> None:
        """A card was sent to be checked; the same one again only counts anew."""
        if caller is None or len(content) > MAX_CARD:
            return
        each = self._of(caller)
        same = next((card for card in each.cards if card.kind == kind and card.content == content), None)
        card = same or Card(kind, content, self._clock())
        card.at, card.open = self._clock(), True
        if same is not None:
            each.cards.remove(same)
        else:
            self._bytes += len(content)
        each.cards.append(card)
        while len(each.cards) > MAX_CARDS:
            self._drop(each, each.cards[0])
        while self._bytes > MAX_BYTES and len(self._callers) > 1:
            self._forget_oldest()

    def named(self, caller: bytes | None, kind: Kind, repo: str, sample: str, size: int) -> Card | None:
        """The announced card that a file named ahead is; from then on it belongs to the repository."""
        for card in reversed(self._cards(caller, kind)):
            if len(card.content) == size and card.sample == sample:
                self.belongs(card, kind, repo)
                return card
        return None

    def belongs(self, card: Card, kind: Kind, repo: str) -> None:
        """A card turned out to be for a repository."""
        card.of.add((kind, repo))
        card.open = False

    def candidates(self, caller: bytes | None, kind: Kind, repo: str, paths: Sequence[str]) -> list[Card]:
        """The announced cards that may follow the files of a full call, the first of its upload, that all sort before the card.

        Clients name files in the order of their paths: a call that begins behind the last one goes on with the same upload.
        """
        each = self._callers.get(caller) if caller else None
        last = each.parts.get((kind, repo), (0.0, ""))[1] if each else ""
        if len(paths) < FULL or any(path >= CARD for path in paths) or (last and paths[0] > last):
            return []
        return [card for card in self._cards(caller, kind) if card.open and self._clock() - card.at < SOON]

    def promised(self, caller: bytes | None, kind: Kind, repo: str) -> Card | None:
        """The announced card of a repository that is still to come."""
        return next((card for card in reversed(self._cards(caller, kind)) if (kind, repo) in card.of), None)

    def forget(self, caller: bytes | None, kind: Kind, repo: str) -> None:
        """The repository's card came, or was refused: what was announced for it counts no more."""
        each = self._callers.get(caller) if caller else None
        if each is not None:
            for card in list(each.cards):
                card.of.discard((kind, repo))
                if not card.of and not card.open:
                    self._drop(each, card)
            each.created = {at: created for at, created in each.created.items() if (at, created[0]) != (kind, repo)}

    # Repositories and uploads.

    def created(self, caller: bytes | None, kind: Kind, repo: str) -> None:
        """The caller made a repository."""
        if caller is not None:
            self._of(caller).created[kind] = (repo, self._clock())

    def just_created(self, caller: bytes | None, kind: Kind) -> str | None:
        """The repository of a kind that the caller made last, as long as nothing was pushed to it."""
        each = self._callers.get(caller) if caller else None
        repo, at = each.created.get(kind, ("", -MINUTES)) if each else ("", -MINUTES)
        return repo if repo and self._clock() - at < MINUTES else None

    def named_ahead(self, caller: bytes | None, kind: Kind, repo: str, paths: Sequence[str]) -> None:
        """Files were named ahead of an upload; as many as fit in a call mean that more may come."""
        if caller is not None and len(paths) >= FULL:
            self._of(caller).parts[kind, repo] = (self._clock(), paths[-1])

    def in_parts(self, caller: bytes | None, kind: Kind, repo: str) -> bool:
        """Whether an upload to a repository comes in parts."""
        each = self._callers.get(caller) if caller else None
        return each is not None and self._clock() - each.parts.get((kind, repo), (-MINUTES, ""))[0] < MINUTES

    def refused(self, caller: bytes | None, kind: Kind, repo: str, paths: Iterable[str]) -> None:
        """A commit was refused for its card: its other files are not to be sent without it."""
        if caller is not None:
            short = frozenset(_short(path) for path in list(paths)[:MAX_PATHS] if path != CARD)
            if short:
                self._of(caller).refused[kind, repo] = (short, self._clock())

    def is_rest_of_refused(self, caller: bytes | None, kind: Kind, repo: str, paths: Iterable[str]) -> bool:
        """Whether a commit holds nothing but files of a commit that was refused for its card some moments ago."""
        each = self._callers.get(caller) if caller else None
        short, at = each.refused.get((kind, repo), (frozenset(), -MINUTES)) if each else (frozenset[bytes](), -MINUTES)
        sent = [_short(path) for path in paths]
        return self._clock() - at < MINUTES / 5 and bool(sent) and short.issuperset(sent)

    def accepted(self, caller: bytes | None, kind: Kind, repo: str) -> None:
        """A card passed: an earlier refusal counts no more."""
        each = self._callers.get(caller) if caller else None
        if each is not None:
            each.refused.pop((kind, repo), None)

    # Names of accounts.

    def name(self, caller: bytes | None) -> str | None:
        """The account's name that the hub told."""
        each = self._callers.get(caller) if caller else None
        if each is None or each.name is None or self._clock() - each.name[1] > MINUTES:
            return None
        return each.name[0]

    def is_called(self, caller: bytes | None, name: str) -> None:
        """The hub told the account's name."""
        if caller is not None:
            self._of(caller).name = (name, self._clock())

    # Bounds.

    def _of(self, caller: bytes) -> _Caller:
        each = self._callers.get(caller)
        if each is None:
            each = self._callers[caller] = _Caller()
            while len(self._callers) > MAX_CALLERS:
                self._forget_oldest()
        self._callers.move_to_end(caller)
        for kept in (each.parts, each.refused):
            while len(kept) > FULL:
                kept.pop(next(iter(kept)))
        return each

    def _cards(self, caller: bytes | None, kind: Kind) -> list[Card]:
        each = self._callers.get(caller) if caller else None
        if each is None:
            return []
        for card in [card for card in each.cards if self._clock() - card.at >= MINUTES]:
            self._drop(each, card)
        return [card for card in each.cards if card.kind == kind]

    def _drop(self, each: _Caller, card: Card) -> None:
        each.cards = deque(kept for kept in each.cards if kept is not card)
        self._bytes -= len(card.content)

    def _forget_oldest(self) -> None:
        _, each = self._callers.popitem(last=False)
        self._bytes -= sum(len(card.content) for card in each.cards)


def _short(path: str) -> bytes:
    return sha256(path.encode("utf-8", "surrogatepass")).digest()[:12]
