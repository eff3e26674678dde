"""The process that judges, seen from the server: asked one thing at a time, and stopped when it takes too long."""

from __future__ import annotations

import asyncio
import os
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from cardlint.editor.bench import Bench, Project

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

LIMIT_SECONDS = 10.0
"""How long a question may take. The largest real card takes a second; a hostile one is given up, and the process with it."""


class StoppedError(Exception):
    """The process took too long or died; a new one answers the next question."""


class Worker:
    """One process with a `Bench`. Questions wait for each other, so that two cores are enough for editor and cardlint."""

    def __init__(self, project_of: Callable[[Path], Project], limit: float = LIMIT_SECONDS) -> None:
        self._project_of = project_of
        self._limit = limit
        self._lock = asyncio.Lock()
        self._process: BaseProcess | None = None
        self._line: Connection | None = None

    async def ask(self, method: str, question: Callable[[], tuple[Any, ...]] = tuple) -> Any:
        """What ``Bench.method`` answers; the arguments are taken when it is its turn. Raises StoppedError, or what the method raised."""
        async with self._lock:
            exchange = asyncio.create_task(asyncio.to_thread(self._exchange, method, question()))
            try:
                answer = await asyncio.shield(exchange)
            except asyncio.CancelledError:
                await exchange  # the answer belongs to this question and must not be taken for that of the next one
                raise
        if isinstance(answer, Exception):
            raise answer
        return answer

    def interrupt(self) -> None:
        """Give up the question that is being answered; whoever asked it gets StoppedError."""
        process = self._process
        if process is not None:
            process.kill()

    def stop(self) -> None:
        """End the process."""
        process, line = self._process, self._line
        self._process = self._line = None
        if process is not None and line is not None:
            process.kill()
            process.join(1)
            line.close()

    def _exchange(self, method: str, arguments: tuple[Any, ...]) -> Any:
        line = self._started()
        try:
            line.send((method, arguments))
            if line.poll(self._limit):
                return line.recv()
        except (EOFError, OSError):
            self.stop()
            return StoppedError("the process that read this card died")
        self.stop()
        return StoppedError(f"reading this card took longer than {self._limit:.0f} seconds and was stopped")

    def _started(self) -> Connection:
        if self._line is not None and self._process is not None and self._process.is_alive():
            return self._line
        self.stop()
        context = get_context("spawn")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._project_of), daemon=True)
        self._process.start()
        other.close()
        return self._line


def _serve(line: Connection, project_of: Callable[[Path], Project]) -> None:
    """Answer questions until the server has gone."""
    os.dup2(2, 1)  # standard output is the server's line to the editor
    bench = Bench(project_of)
    while True:
        try:
            method, arguments = line.recv()
        except (EOFError, OSError):
            return
        try:
            answer = getattr(bench, method)(*arguments)
        except Exception as error:  # noqa: BLE001  # told where it was asked
            answer = RuntimeError(f"{type(error).__name__}: {error}")
        line.send(answer)
