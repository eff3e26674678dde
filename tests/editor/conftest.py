"""The server in a process of its own, and an editor that speaks with it over standard input and output."""

from __future__ import annotations

import asyncio
import contextlib
import sys

import pytest

try:
    from lsprotocol import types
    from pygls.lsp.client import LanguageClient
except ModuleNotFoundError:  # the tests that need them skip themselves
    pass

WAIT = 60


class Editor:
    """A client that keeps what it is told. Every method that asks is a plain function: it runs the loop until the answer is there."""

    def __init__(self, runner, encodings=None, root=None, options=()):
        self.runner = runner
        self.client = LanguageClient("test", "1")
        self.texts = {}
        self.published = {}
        self.news = {}
        self.messages = []
        self.encodings = encodings
        self.root = root
        self.code = None

        @self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params):
            self.published.setdefault(params.uri, []).append(params)
            self.news.setdefault(params.uri, asyncio.Event()).set()

        @self.client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(params):
            self.messages.append(params)

        self.initialized = runner.run(self._start(options))

    async def _start(self, options):
        await self.client.start_io(sys.executable, "-m", "cardlint", "lsp", *options)
        general = types.GeneralClientCapabilities(position_encodings=self.encodings) if self.encodings else None
        watched = types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        workspace = types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True), did_change_watched_files=watched
        )
        folders = [types.WorkspaceFolder(self.root.as_uri(), "root")] if self.root else None
        done = await self.client.initialize_async(
            types.InitializeParams(
                capabilities=types.ClientCapabilities(general=general, workspace=workspace),
                root_uri=self.root.as_uri() if self.root else None,
                workspace_folders=folders,
            )
        )
        self.client.initialized(types.InitializedParams())
        return done

    def open(self, uri, text):
        self.texts[uri] = [1, text]
        self.news[uri] = asyncio.Event()
        item = types.TextDocumentItem(uri, "markdown", 1, text)
        self.runner.run(self._call(self.client.text_document_did_open, types.DidOpenTextDocumentParams(item)))
        return self.diagnostics(uri)

    def change(self, uri, text, *, wait=True):
        self.texts[uri] = [self.texts[uri][0] + 1, text]
        self.news[uri].clear()
        identifier = types.VersionedTextDocumentIdentifier(version=self.texts[uri][0], uri=uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.runner.run(self._call(self.client.text_document_did_change, types.DidChangeTextDocumentParams(identifier, [change])))
        return self.diagnostics(uri) if wait else None

    def diagnostics(self, uri):
        """The diagnostics of the latest version; waits for them."""
        return self.runner.run(self._diagnostics(uri, self.texts[uri][0]))

    async def _diagnostics(self, uri, version):
        async with asyncio.timeout(WAIT):
            while True:
                await self.news[uri].wait()
                self.news[uri].clear()
                if self.published[uri][-1].version == version:
                    return list(self.published[uri][-1].diagnostics)

    def ask(self, method, params):
        """The answer to a request."""
        return self.runner.run(self._ask(method, params))

    async def _ask(self, method, params):
        async with asyncio.timeout(WAIT):
            return await getattr(self.client, f"{method}_async")(params)

    async def _call(self, function, params):
        function(params)

    def at(self, uri, marker, shift=0):
        """The position of a piece of the text, in UTF-16 units."""
        text = self.texts[uri][1]
        before = text[: text.index(marker) + shift]
        line = before.count("\n")
        return types.Position(line, len(before.rpartition("\n")[2].encode("utf-16-le")) // 2)

    def actions(self, uri, place, only=None):
        context = types.CodeActionContext(diagnostics=[], only=only)
        params = types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(place, place), context)
        return self.ask("text_document_code_action", params) or []

    def apply(self, uri, edit):
        """The text after an edit of the protocol, by an applier of its own."""
        changes = edit.document_changes[0]
        assert changes.text_document.uri == uri
        assert changes.text_document.version == self.texts[uri][0]
        lines = self.texts[uri][1].encode("utf-16-le").split("\n".encode("utf-16-le"))
        text = self.texts[uri][1].encode("utf-16-le")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 2)

        def offset(position):
            return starts[position.line] + 2 * position.character

        for each in sorted(changes.edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True):
            text = text[: offset(each.range.start)] + each.new_text.encode("utf-16-le") + text[offset(each.range.end) :]
        return text.decode("utf-16-le")

    def stop(self):
        """Say goodbye, once; the exit code of the server."""
        if self.code is None:
            self.code = self.runner.run(self._stop())
        return self.code

    async def _stop(self):
        async with asyncio.timeout(WAIT):
            await self.client.shutdown_async(None)
            self.client.exit(None)
            process = self.client._server
            code = await process.wait()
        with contextlib.suppress(Exception):
            await self.client.stop()
        return code


@pytest.fixture(scope="module")
def runner():
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def editor(runner):
    started = Editor(runner)
    yield started
    assert started.stop() == 0


@pytest.fixture
def editors(runner):
    """Make editors with their own options."""
    made = []

    def make(**options):
        made.append(Editor(runner, **options))
        return made[-1]

    yield make
    for each in made:
        each.stop()
