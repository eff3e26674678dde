"""The open documents: what was last found in each, and when to look again. The latest text wins."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cardlint.editor.bench import Judged
from cardlint.editor.place import Document
from cardlint.editor.positions import Positions
from cardlint.editor.worker import StoppedError, Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cardlint.model import Kind

DEBOUNCE_SECONDS = 0.15
LONGEST_DEBOUNCE_SECONDS = 1.0
GRACE_SECONDS = 2.0
"""How long a text that is no longer the latest may still be read."""
_LOOKS = 3
"""How often a request looks for the result of a text that goes on changing before it takes the last one."""


@dataclass(frozen=True)
class Text:
    """One version of a document's text."""

    content: str
    version: int | None
    encoding: str

    @cached_property
    def positions(self) -> Positions:
        """The line table, built when it is asked for."""
        return Positions(self.content, self.encoding)


@dataclass(slots=True)
class Open:
    """An open document. ``judged`` is what was found in ``seen``; that is ``text`` itself where nothing was typed since.

    ``running`` waits for its turn or, once ``reading`` is set, for the result of that text.
    """

    uri: str
    path: Path | None
    text: Text
    seen: Text | None = None
    judged: Judged = field(default_factory=lambda: Judged(None))
    kind: Kind = "model"
    took: float = 0.0
    timer: asyncio.Task[None] | None = None
    running: asyncio.Task[None] | None = None
    reading: Text | None = None


class Session:
    """Judges documents when they change; ``publish`` is called with each result that is still about the latest text."""

    def __init__(self, worker: Worker, publish: Callable[[Open], None]) -> None:
        self.worker = worker
        self.publish = publish
        self.roots: tuple[Path, ...] = ()
        self.open: dict[str, Open] = {}

    def opened(self, uri: str, path: Path | None, text: Text) -> None:
        """A document was opened: it is judged at once."""
        self.closed(uri)
        self.open[uri] = each = Open(uri, path, text)
        self._later(each, 0)

    def changed(self, uri: str, text: Text) -> None:
        """A document's text is another: it is judged when no more is typed for a moment, a longer one where judging takes long."""
        if (each := self.open.get(uri)) is not None:
            each.text = text
            self._later(each, min(max(DEBOUNCE_SECONDS, each.took / 2), LONGEST_DEBOUNCE_SECONDS))

    def closed(self, uri: str) -> None:
        """A document was closed."""
        if (each := self.open.pop(uri, None)) is not None and each.timer is not None:
            each.timer.cancel()

    async def again(self) -> None:
        """Configuration or files beside the cards have changed: all is judged anew."""
        await self._asked("forget", lambda: ())
        for each in self.open.values():
            each.seen = None
            self._later(each, 0)

    async def latest(self, uri: str) -> Open | None:
        """A document with the result of its latest text."""
        for _ in range(_LOOKS):
            each = self.open.get(uri)
            if each is None or each.seen is each.text:
                break
            await self._judged(each)
        return self.open.get(uri)

    async def ask(self, method: str, each: Open, *more: Any) -> Any:
        """What the bench answers about a document's latest text; None where it was stopped."""
        return await self._asked(method, lambda: (self._document(each), *more))

    async def _asked(self, method: str, question: Callable[[], tuple[Any, ...]]) -> Any:
        try:
            return await self.worker.ask(method, question)
        except (StoppedError, RuntimeError):
            return None

    def _later(self, each: Open, seconds: float) -> None:
        if each.timer is not None:
            each.timer.cancel()
        each.timer = asyncio.create_task(self._after(seconds, each))

    async def _after(self, seconds: float, each: Open) -> None:
        await asyncio.sleep(seconds)
        await self._judged(each)

    async def _judged(self, each: Open) -> None:
        """Wait for the result of the latest text; the run before it may be about an older one. A run does not end with whoever waits."""
        for _ in range(2):
            if each.seen is each.text or self.open.get(each.uri) is not each:
                return
            running = each.running = each.running or asyncio.create_task(self._run(each))
            if each.reading is not None and each.reading is not each.text:
                done, _ = await asyncio.wait({running}, timeout=GRACE_SECONDS)
                if not done and each.reading is not each.text:
                    self.worker.interrupt()
            await asyncio.shield(running)

    async def _run(self, each: Open) -> None:
        text = each.text
        started = time.monotonic()

        def question() -> tuple[Document]:
            nonlocal text, started
            text = each.reading = each.text
            started = time.monotonic()
            return (self._document(each),)

        try:
            judged: Judged = await self.worker.ask("judge", question)
        except Exception as error:  # noqa: BLE001  # told in the editor; the next text may be a better one
            judged = Judged(None, each.kind, complaint=str(error))
        finally:
            each.running = each.reading = None
        each.took = time.monotonic() - started
        if self.open.get(each.uri) is not each:
            return
        if text is each.text:
            each.seen, each.judged, each.kind = text, judged, judged.kind if judged.outcome else each.kind
            self.publish(each)

    def _document(self, each: Open) -> Document:
        return Document(each.path, each.text.content, self.roots)
