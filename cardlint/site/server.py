"""The pages of an audit over HTTP, from the store, for hubs of any size: read only, with a JSON API.

Requests are answered from a DuckDB database in a temporary file, which is made at the start and can be neither changed nor led to other
files afterwards. Texts of cards leave as JSON, as CSV without formulas, or as pages that never parse them as HTML.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from cardlint.audit.store import require_audit
from cardlint.model import CardlintError
from cardlint.site.charts import charts
from cardlint.site.lineage import families
from cardlint.site.listing import COLUMNS, chosen
from cardlint.site.routes import ROUTES, Refused, checked, openapi
from cardlint.site.rules import rules
from cardlint.site.spreadsheet import lines
from cardlint.site.standards import standards
from cardlint.site.static import assets, front
from cardlint.site.tables import build

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

    import duckdb

    from cardlint.site.routes import Route

AT_ONCE = 4
"""Questions that the database answers at the same time; the others wait."""
PATIENCE = 30.0
"""Seconds after which a question is given up."""
_ROWS = 2_000
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_PAGE_POLICY = f"{_POLICY}; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
_DATABASE: web.AppKey[Database] = web.AppKey("database")
_log = logging.getLogger("cardlint.site")


class Database:
    """The tables of an audit, asked by several requests at once."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="cardlint-question")
        self._free = asyncio.Semaphore(AT_ONCE)

    async def ask(self, question: Callable[[duckdb.DuckDBPyConnection], Any]) -> Any:
        """What a question finds. Raises TimeoutError after `PATIENCE`; the database stops working on it."""
        async with self._free:
            cursor = self._connection.cursor()
            work = asyncio.get_running_loop().run_in_executor(self._pool, question, cursor)
            try:
                return await asyncio.wait_for(asyncio.shield(work), PATIENCE)
            except (TimeoutError, asyncio.CancelledError):
                cursor.interrupt()
                with suppress(Exception):
                    await work
                raise

    def close(self) -> None:
        """Stop."""
        self._pool.shutdown(cancel_futures=True)
        self._connection.close()


def application(audit: Path, earlier: Sequence[Path], folder: Path, hosts: frozenset[str] | None) -> web.Application:
    """The server's application. ``folder`` takes the database; ``hosts`` are the names it may be called by, None for any.

    Raises CardlintError where a folder holds no audit.
    """
    connection = build(audit, str(folder / "site.duckdb"))
    run = require_audit(audit)
    first = front(connection, run, earlier, audit)
    fixed = {
        "overview": first,
        "rules": rules(connection, run),
        "lineage": families(connection),
        "standards": standards(connection),
        "openapi.json": openapi(),
    }
    _lock(connection)

    app = web.Application(middlewares=[_guard(hosts)], client_max_size=1024)

    async def database(app: web.Application) -> AsyncIterator[None]:
        app[_DATABASE] = Database(connection)
        yield
        app[_DATABASE].close()

    app.cleanup_ctx.append(database)
    for name, value in fixed.items():
        app.router.add_get(f"/api/v1/{name}", _fixed(orjson.dumps(value), "application/json", _POLICY))
    for route in ROUTES:
        app.router.add_get(f"/api/v1/{route.path}" + ("/{key:.+}" if route.key else ""), _json(route))
        if route.csv:
            app.router.add_get(f"/api/v1/{route.path}.csv", _csv(route))
    for name, content in assets():
        kind = _TYPES[name.rpartition(".")[2]]
        if name == "index.html":
            app.router.add_get("/", _fixed(_served(content), kind, _PAGE_POLICY))
        else:
            app.router.add_get(f"/assets/{name}", _fixed(content, kind, _PICTURE_POLICY if name.endswith(".svg") else _POLICY))
    for name, picture in charts(first).items():
        app.router.add_get(f"/charts/{name}.svg", _fixed(picture.encode(), "image/svg+xml", _PICTURE_POLICY))
    app.router.add_get("/healthz", _fixed(b'{"status":"ok"}', "application/json", _POLICY))
    return app


def _lock(connection: duckdb.DuckDBPyConnection) -> None:
    """No other file can be read and no setting changed, whatever a question says."""
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")


def _served(index: bytes) -> bytes:
    """The page with the data of the API in place of files; its policy comes as a header, which may say more than a page may."""
    start = index.index(b'<meta http-equiv="Content-Security-Policy"')
    end = index.index(b">", start) + 2
    return (index[:start] + index[end:]).replace(b"assets/files.js", b"assets/http.js")


def _fixed(content: bytes, kind: str, policy: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=content, content_type=kind, charset="utf-8", headers={"Content-Security-Policy": policy})

    return answer


def _json(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def answer(request: web.Request) -> web.StreamResponse:
        query = checked(route, _given(request))
        if route.key:
            query["key"] = request.match_info["key"]
        found = await request.app[_DATABASE].ask(lambda connection: orjson.dumps(route.answer(connection, query), default=str))
        if found == b"null" and route.path != "lineage":
            return _fault(404, f"no such {'repository' if route.path == 'repos' else route.path.removesuffix('s')}")
        return web.Response(body=found, content_type="application/json", charset="utf-8")

    return answer


def _csv(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The whole list, sent piece by piece so that it is never whole in memory."""

    async def answer(request: web.Request) -> web.StreamResponse:
        choice = chosen(route.path, checked(route, _given(request)))
        database = request.app[_DATABASE]
        cursor = await database.ask(lambda connection: connection.execute(choice.rows, choice.values))
        response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{route.path}.csv"'})
        response.content_type, response.charset = "text/csv", "utf-8"
        await response.prepare(request)
        await response.write(lines([COLUMNS[route.path]]).encode())
        while piece := await database.ask(lambda _: lines(cursor.fetchmany(_ROWS))):
            await response.write(piece.encode())
        await response.write_eof()
        return response

    return answer


def _given(request: web.Request) -> dict[str, str]:
    pairs = list(request.query.items())
    given = dict(pairs)
    if len(given) != len(pairs):
        raise Refused("a parameter is given twice")
    return given


def _fault(status: int, message: str) -> web.Response:
    return web.Response(status=status, body=orjson.dumps({"error": message}), content_type="application/json", charset="utf-8")


def _guard(hosts: frozenset[str] | None) -> Any:
    """Headers on every answer, faults as one line, and no answer to a browser that was led here under another name (DNS rebinding)."""

    @web.middleware
    async def guard(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
        try:
            if hosts is not None and (request.host or "").rpartition(":")[0].lower() not in hosts and request.host.lower() not in hosts:
                response: web.StreamResponse = _fault(421, "this server is not called so")
            else:
                response = await handler(request)
        except Refused as error:
            response = _fault(400, str(error))
        except web.HTTPException as error:
            response = _fault(error.status, error.reason)
        except TimeoutError:
            response = _fault(503, f"the question took longer than {PATIENCE:.0f} s; ask for less")
        except Exception:  # noqa: BLE001  # told to the operator, not to the asker
            _log.exception("a request failed")
            response = _fault(500, "cardlint failed on this request")
        return response

    return guard


async def _headers(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["Server"] = "cardlint"


async def _listen(audit: Path, earlier: Sequence[Path], host: str, port: int, told: Callable[[str], None]) -> None:
    loopback = host in ("127.0.0.1", "::1", "localhost")
    hosts = frozenset(("127.0.0.1", "localhost", "[::1]")) if loopback else None
    with tempfile.TemporaryDirectory(prefix="cardlint-serve-") as folder:
        app = application(audit, earlier, Path(folder), hosts)
        app.on_response_prepare.append(_headers)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        stopped = asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, stopped.set)
        try:
            place = web.TCPSite(runner, host, port)
            await place.start()
            at = runner.addresses[0]
            told(f"http://{f'[{at[0]}]' if ':' in at[0] else at[0]}:{at[1]}/")
            await stopped.wait()
        finally:
            await runner.cleanup()


def serve(audit: Path, earlier: Sequence[Path], host: str, port: int, told: Callable[[str], None]) -> None:
    """Serve until stopped; ``told`` hears the address when requests are answered.

    Raises CardlintError where a folder holds no audit or the address cannot be had.
    """
    try:
        asyncio.run(_listen(audit, earlier, host, port, told))
    except OSError as error:
        raise CardlintError(f"{host}:{port}: {error.strerror or error}") from None
