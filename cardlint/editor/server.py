"""The protocol: requests of an editor to the modules that answer them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from cardlint import __version__
from cardlint.editor.actions import FIX_ALL, KINDS, MOST_SILENCED, Case
from cardlint.editor.completion import completion
from cardlint.editor.diagnostics import diagnostics
from cardlint.editor.hover import hover
from cardlint.editor.session import Open, Session, Text
from cardlint.editor.worker import Worker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cardlint.editor.bench import Project
    from cardlint.editor.positions import Positions
    from cardlint.editor.symbols import Symbol

_WATCHED = ("**/cardlint.toml", "**/pyproject.toml", "**/{config,adapter_config,tokenizer_config}.json", "**/LICENSE*")
_SLOW_SECONDS = 0.5
"""A card that takes longer to judge is not judged again and again to find places for comments."""


def serve(project_of: Callable[[Path], Project]) -> None:
    """Serve one editor over standard input and output until it says goodbye."""
    if sys.stdin.isatty():
        sys.stderr.write("cardlint: this is for editors, which start it themselves; end it with Ctrl-C\n")
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing but the protocol may reach the editor
    worker = Worker(project_of)
    try:
        _server_of(worker).start_io(sys.stdin.buffer, out)
    finally:
        worker.stop()


def _server_of(worker: Worker) -> LanguageServer:
    """The server with its features. Documents are sent whole, for editors and Python disagree on what ends a line."""
    server = LanguageServer("cardlint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
    session = Session(worker, lambda each: _publish(server, each))
    _documents(server, session)
    _requests(server, session)
    _workspace(server, session)
    return server


def _publish(server: LanguageServer, each: Open) -> None:
    found = diagnostics(each.judged, each.text.positions, each.uri)
    server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(each.uri, found, each.text.version))


def _text(server: LanguageServer, uri: str) -> Text:
    document = server.workspace.get_text_document(uri)
    encoding = server.workspace.position_encoding or types.PositionEncodingKind.Utf16
    return Text(document.source, document.version, types.PositionEncodingKind(encoding).value)


def _documents(server: LanguageServer, session: Session) -> None:
    """Opening, changing, closing."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.opened(uri, _path(uri), _text(server, uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        session.changed(params.text_document.uri, _text(server, params.text_document.uri))

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        session.closed(uri)
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))


def _requests(server: LanguageServer, session: Session) -> None:
    """What is asked of a document."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def on_hover(params: types.HoverParams) -> types.Hover | None:
        each = session.open.get(params.text_document.uri)
        return hover(each.text.positions, params.position, each.kind) if each else None

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=[":", " ", "-", "[", ","]))
    async def on_completion(params: types.CompletionParams) -> types.CompletionList | None:
        each = session.open.get(params.text_document.uri)
        return completion(each.text.positions, params.position, each.kind) if each else None

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def on_symbols(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
        each = await session.latest(params.text_document.uri)
        return _nested(each.judged.symbols, each.seen.positions) if each and each.seen else None

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=list(KINDS)))
    async def on_action(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        each = await session.latest(params.text_document.uri)
        return await _actions(server, session, each, params) if each and each.seen is each.text else None


async def _actions(server: LanguageServer, session: Session, each: Open, params: types.CodeActionParams) -> list[types.CodeAction]:
    text = each.text

    def write(edits: list[types.TextEdit]) -> types.WorkspaceEdit:
        edit = server.client_capabilities.workspace and server.client_capabilities.workspace.workspace_edit
        if edit and edit.document_changes:
            identifier = types.OptionalVersionedTextDocumentIdentifier(uri=each.uri, version=text.version)
            return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(edits))])
        return types.WorkspaceEdit(changes={each.uri: edits})

    case = Case(each.judged, text.positions, each.uri, write)
    found: list[types.CodeAction] = []
    if _wanted(params.context.only, types.CodeActionKind.QuickFix.value):
        indices = case.under(params.range)
        found += case.fixes(indices)
        tried = indices[:MOST_SILENCED] if each.took < _SLOW_SECONDS else []
        changes = await session.ask("silence", each, tuple(case.findings[index] for index in tried)) if tried else []
        found += case.silencers(tried, changes or [None] * len(tried))
    if _wanted(params.context.only, FIX_ALL) and any(finding.fix and finding.fix.safety == "safe" for finding in case.findings):
        found += case.fix_all(await session.ask("mend", each))
    return found if each.text is text else []


def _wanted(only: Sequence[types.CodeActionKind | str] | None, kind: str) -> bool:
    """Whether a kind of action is asked for: by its own name or that of a kind around it."""
    if only is None:
        return True
    names = [each.value if isinstance(each, types.CodeActionKind) else each for each in only]
    return any(kind == name or not name or kind.startswith(f"{name}.") for name in names)


def _workspace(server: LanguageServer, session: Session) -> None:
    """Folders, and files that change under our eyes."""

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        session.roots = _roots(server)
        workspace = server.client_capabilities.workspace
        watching = workspace and workspace.did_change_watched_files
        if watching and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(each) for each in _WATCHED])
            registration = types.Registration("cardlint-watch", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            server.client_register_capability(types.RegistrationParams([registration]))
        await session.again()  # the process starts before the first card is opened

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def folders(_: types.DidChangeWorkspaceFoldersParams) -> None:
        session.roots = _roots(server)

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def files(_: types.DidChangeWatchedFilesParams) -> None:
        await session.again()

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def saved(_: types.DidSaveTextDocumentParams) -> None:
        await session.again()


def _roots(server: LanguageServer) -> tuple[Path, ...]:
    uris = [*server.workspace.folders, *([server.workspace.root_uri] if server.workspace.root_uri else [])]
    return tuple(dict.fromkeys(path for uri in uris if (path := _path(uri)) is not None))


def _path(uri: str) -> Path | None:
    """The file of a document, None for one that is not saved or not on this machine."""
    place = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(place) if place else None


def _nested(symbols: Sequence[Symbol], positions: Positions) -> list[types.DocumentSymbol]:
    """Symbols inside each other, as their levels say."""
    top: list[types.DocumentSymbol] = []
    around = [(-1, top)]
    for each in symbols:
        inside: list[types.DocumentSymbol] = []
        made = types.DocumentSymbol(
            name=each.name,
            kind=types.SymbolKind.String if each.level else types.SymbolKind.Object,
            range=positions.of_span(each.whole),
            selection_range=positions.of_span(each.at),
            detail=each.detail or None,
            children=inside,
        )
        while around[-1][0] >= each.level:
            around.pop()
        around[-1][1].append(made)
        if each.level:
            around.append((each.level, inside))
    return top
