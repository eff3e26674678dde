"""The hub behind the gate: requests go to it, streamed; the state of a repository comes from it, read with the caller's own rights."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
import orjson
from multidict import CIMultiDict
from yarl import URL

from cardlint.gate.paths import CARD
from cardlint.gate.proxy.listing import MAX_SMALL, file_of, git_id, is_small_text, names_told, next_page
from cardlint.repo.contents import Memory
from cardlint.sources.entry import Entry
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Mapping

    from cardlint.model import Kind
    from cardlint.repo.files import FileEntry

PREFIX: dict[Kind, str] = {"model": "", "dataset": "datasets/", "space": "spaces/"}
PATIENCE = aiohttp.ClientTimeout(total=20, sock_connect=5)
"""For the small requests by which a state is read."""
STREAMING = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=600)
MAX_JSON = 32 << 20
MAX_CARD = 16_000_000
MAX_PAGES = 20
"""Pages of a listing, a thousand files each; of a larger repository the files are not known and rules on them not checked."""
MAX_SMALL_FILES = 32
_CACHED_BYTES = 64 << 20
_CACHED_STATES = 128
_CACHED_FILES = 2000
"""Files of a repository whose state is kept."""
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)?")
_GIT_ID = re.compile(r"[0-9a-f]{40}")
_IDENTITY = ("Authorization", "Cookie")


class UpstreamDown(Exception):
    """The hub did not answer, or with nonsense; the message says what."""


class Refused(Exception):
    """The hub itself answered with an error, which the client is to see."""

    def __init__(self, status: int, headers: CIMultiDict[str], body: bytes) -> None:
        super().__init__(f"the hub answered {status}")
        self.status, self.headers, self.body = status, headers, body


class Answer(NamedTuple):
    """A small answer, read whole."""

    status: int
    headers: CIMultiDict[str]
    body: bytes


def object_of(answer: Answer) -> dict[str, Any]:
    """The JSON object that an answer holds. Raises Refused where the hub says no, UpstreamDown for anything but an object."""
    if answer.status >= 500:
        raise UpstreamDown(f"it answered {answer.status}")
    if answer.status >= 300:
        raise Refused(*answer)
    try:
        data = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        data = None
    if not isinstance(data, dict):
        raise UpstreamDown("it answered no JSON")
    return data


@dataclass(frozen=True, slots=True)
class State:
    """A repository at a revision. ``head`` is its commit (None: the hub names none), ``entry`` what is judged.

    ``unreadable``: a card is there and cannot be read (it is a large file).
    """

    id: str
    head: str | None
    entry: Entry
    contents: Mapping[str, bytes]
    unreadable: bool = False


class Upstream:
    """The hub at an address. ``read_files``: listing and small files are read for rules on what stands beside the card."""

    def __init__(self, session: aiohttp.ClientSession, address: str, *, read_files: bool = True) -> None:
        self.session = session
        self.address = address.rstrip("/")
        self.read_files = read_files
        self._states: OrderedDict[tuple[str, str, str, bytes], State] = OrderedDict()
        self._key = secrets.token_bytes(32)
        self._blobs: OrderedDict[str, bytes] = OrderedDict()
        self._blob_bytes = 0

    # Requests of clients.

    async def send(
        self, method: str, raw_path: str, headers: CIMultiDict[str], data: AsyncIterable[bytes] | bytes | None
    ) -> aiohttp.ClientResponse:
        """The hub's answer to a client's request, its body not yet read. Raises UpstreamDown."""
        try:
            return await self.session.request(
                method,
                URL(self.address + raw_path, encoded=True),
                headers=headers,
                data=data,
                allow_redirects=False,
                timeout=STREAMING,
                skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
            )
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UpstreamDown(_why(error)) from None

    # The state of a repository.

    async def who(self, headers: Mapping[str, str]) -> str:
        """The name of the account that the request's own token belongs to; empty where the hub does not say."""
        try:
            answer = await self.ask("GET", "/api/whoami-v2", headers)
            name = orjson.loads(answer.body).get("name") if answer.status == 200 else None
        except (UpstreamDown, orjson.JSONDecodeError, AttributeError):
            return ""
        return name[:100] if isinstance(name, str) else ""

    async def state(self, kind: Kind, repo: str, revision: str, headers: Mapping[str, str]) -> State:
        """A repository at a revision, as the caller may see it.

        Raises Refused where the hub does not show it, UpstreamDown where it does not answer sensibly.
        """
        about = await self._json(f"/api/{kind}s/{repo}/revision/{quote(revision, safe='')}", headers)
        if about is None:  # the branch is not there yet
            return _state(repo, None, kind, None, (), {})
        head = about.get("sha") if isinstance(about.get("sha"), str) else None
        repo = about["id"] if isinstance(about.get("id"), str) and _ID.fullmatch(about["id"]) else repo
        key = (kind, repo, head or "", self._identity(headers))
        if head and key in self._states:  # a commit never changes; that the caller may see it has just been told
            self._states.move_to_end(key)
            return self._states[key]
        at = head or revision
        card, files = await asyncio.gather(self._card(kind, repo, at, headers), self._files(kind, repo, at, headers))
        contents = await self._small(kind, repo, at, files, headers) if files else {}
        state = _state(repo, head, kind, card, names_told(about) if files is None else files, contents)
        size = len(state.entry.text or b"") + sum(map(len, contents.values()))
        if head and len(state.entry.files or ()) <= _CACHED_FILES and size <= MAX_SMALL:
            self._states[key] = state
            if len(self._states) > _CACHED_STATES:
                self._states.popitem(last=False)
        return state

    async def head(self, kind: Kind, repo: str, revision: str, headers: Mapping[str, str]) -> str | None:
        """The commit that a revision is at. Raises as `state`."""
        about = await self._json(f"/api/{kind}s/{repo}/revision/{quote(revision, safe='')}", headers)
        return about.get("sha") if about else None

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        data: bytes | None = None,
        limit: int = MAX_JSON,
        more: Mapping[str, str] | None = None,
    ) -> Answer:
        """A small request of the gate's own, with the caller's identity and nothing else of his. Raises UpstreamDown.

        Hubs that keep every file in object storage send on to it also for a small one: there the identity stays behind.
        """
        own = {"User-Agent": "cardlint-gate", "Accept-Encoding": "identity", **(more or {})}
        identity = {name: headers[name] for name in _IDENTITY if name in headers}
        address = URL(self.address + path, encoded=True)
        elsewhere = False
        try:
            for _ in range(4):
                sent = {**identity, **own}
                async with self.session.request(
                    method, address, headers=sent, data=data, allow_redirects=False, timeout=PATIENCE
                ) as answer:
                    onward = _onward(answer, address) if method == "GET" else None
                    if onward is not None:
                        if onward.origin() != address.origin():
                            identity, elsewhere = {}, True
                        address = onward
                        continue
                    if elsewhere and answer.status != 200:  # a storage's "not there" is not the hub's
                        return Answer(502, CIMultiDict(), b"")
                    body = await _read(answer, limit)
                    return Answer(answer.status, CIMultiDict(answer.headers), body)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise UpstreamDown(_why(error)) from None
        raise UpstreamDown("it redirects without end")

    async def _json(self, path: str, headers: Mapping[str, str]) -> dict[str, Any] | None:
        """A JSON object; None where the revision is not there."""
        answer = await self.ask("GET", path, headers)
        if answer.status == 404 and answer.headers.get("X-Error-Code") in ("RevisionNotFound", "EntryNotFound"):
            return None
        return object_of(answer)

    async def _card(self, kind: Kind, repo: str, at: str, headers: Mapping[str, str]) -> bytes | bool | None:
        """The card; None where there is none, False where it stands in large-file storage."""
        answer = await self.ask("GET", f"/{PREFIX[kind]}{repo}/resolve/{quote(at, safe='')}/{CARD}", headers, limit=MAX_CARD)
        if answer.status == 200:
            return answer.body
        if answer.status == 404 and answer.headers.get("X-Error-Code", "EntryNotFound") == "EntryNotFound":
            return None
        if 300 <= answer.status < 400:
            return False
        if answer.status >= 500:
            raise UpstreamDown(f"it answered {answer.status}")
        raise Refused(*answer)

    async def _files(self, kind: Kind, repo: str, at: str, headers: Mapping[str, str]) -> tuple[FileEntry, ...] | None:
        """The whole listing; None where it is not read, too long, or not to be had."""
        if not self.read_files:
            return None
        path = f"/api/{kind}s/{repo}/tree/{quote(at, safe='')}?recursive=true&expand=false"
        found: list[FileEntry] = []
        for _ in range(MAX_PAGES):
            answer = await self.ask("GET", path, headers)
            try:
                rows = orjson.loads(answer.body) if answer.status == 200 else None
            except orjson.JSONDecodeError:
                rows = None
            if not isinstance(rows, list):
                return None
            found += [
                file_of(row) for row in rows if isinstance(row, dict) and row.get("type") == "file" and isinstance(row.get("path"), str)
            ]
            onward = next_page(answer.headers.get("Link", ""), self.address)
            if onward is None:
                return tuple(sorted(found, key=lambda file: file.path))
            path = onward
        return None

    async def _small(self, kind: Kind, repo: str, at: str, files: tuple[FileEntry, ...], headers: Mapping[str, str]) -> dict[str, bytes]:
        """The contents of small texts, each read once: git's blob id names them."""
        wanted = [file for file in files if is_small_text(file)][:MAX_SMALL_FILES]
        gate = asyncio.Semaphore(8)

        async def read(file: FileEntry) -> bytes | None:
            if file.blob and file.blob in self._blobs:
                self._blobs.move_to_end(file.blob)
                return self._blobs[file.blob]
            async with gate:
                path = quote(file.path, safe="/")
                answer = await self.ask("GET", f"/{PREFIX[kind]}{repo}/resolve/{quote(at, safe='')}/{path}", headers, limit=MAX_SMALL)
            if answer.status != 200 or (file.size is not None and len(answer.body) != file.size):
                return None
            if file.blob and file.blob == git_id(answer.body):
                self._keep(file.blob, answer.body)
            return answer.body

        bodies = await asyncio.gather(*(read(file) for file in wanted))
        return {file.path: body for file, body in zip(wanted, bodies, strict=True) if body is not None}

    def _identity(self, headers: Mapping[str, str]) -> bytes:
        """A keyed hash of the caller's credentials, which are kept nowhere."""
        told = "\0".join(headers.get(name, "") for name in _IDENTITY)
        return hmac.digest(self._key, told.encode("utf-8", "surrogateescape"), "sha256")

    def _keep(self, blob: str, body: bytes) -> None:
        self._blobs[blob] = body
        self._blob_bytes += len(body)
        while self._blob_bytes > _CACHED_BYTES:
            self._blob_bytes -= len(self._blobs.popitem(last=False)[1])


def _state(
    repo: str,
    head: str | None,
    kind: Kind,
    card: bytes | bool | None,
    files: tuple[FileEntry, ...] | None,
    contents: dict[str, bytes],
) -> State:
    text = card if isinstance(card, bytes) else None
    entry = Entry(CARD, None, id=repo, kind=kind, kind_from="hub", revision=head, files=files, text=text, contents=Memory(contents))
    return State(repo, head, entry, contents, unreadable=card is False)


def _onward(answer: aiohttp.ClientResponse, asked: URL) -> URL | None:
    """Where the hub sends on: within itself (a renamed repository, its own cache), or for a small file to its storage.

    A large file, which is named by a SHA-256, is not followed. Nor is what would leave TLS.
    """
    if answer.status not in (301, 302, 303, 307, 308) or "Location" not in answer.headers:
        return None
    onward = asked.join(URL(answer.headers["Location"], encoded=True))
    if onward.scheme not in (asked.scheme, "https"):
        return None
    small = _GIT_ID.fullmatch(answer.headers.get("X-Linked-Etag", "").strip('"')) and "X-Xet-Hash" not in answer.headers
    return onward if small or onward.origin() == asked.origin() else None


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """A body up to a bound. Raises ValueError where it is longer."""
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_any():
        size += len(part)
        if size > limit:
            answer.close()
            raise ValueError(f"an answer of more than {limit:,} bytes")
        parts.append(part)
    return b"".join(parts)


def _why(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "it cannot be reached"
    return f"{type(error).__name__}: {error}"[:200] if isinstance(error, ValueError) else type(error).__name__
