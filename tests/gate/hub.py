"""A small hub: repositories with branches and pull requests, commits, large files, listings, as the official client speaks to it.

Written after the requests that the client sends and the answers that it reads; nothing of a hub's own code.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import threading
from dataclasses import dataclass, field
from urllib.parse import unquote

from aiohttp import web

KINDS = {"models": "", "datasets": "datasets/", "spaces": "spaces/"}
PAGE = 100


def blob_id(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


@dataclass
class Repo:
    """``trees`` maps commits to {path: content or ("lfs", sha256, size)}, ``refs`` names to commits."""

    trees: dict[str, dict] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    pulls: int = 0
    messages: list[str] = field(default_factory=list)

    def put(self, ref: str, tree: dict, message: str = "") -> str:
        commit = hashlib.sha1(f"{ref} {sorted(map(str, tree))} {len(self.trees)}".encode()).hexdigest()
        self.trees[commit] = tree
        self.refs[ref] = commit
        self.messages.append(message)
        return commit

    def at(self, revision: str) -> tuple[str, dict] | None:
        commit = self.refs.get(revision) or self.refs.get(f"refs/heads/{revision}")
        commit = commit or next((each for each in self.trees if len(revision) >= 7 and each.startswith(revision)), None)
        return None if commit is None else (commit, self.trees[commit])


class Hub:
    """The hub in a thread of its own. ``public`` is the address that clients use; ``fault`` may answer any request instead."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.large: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}
        self.seen: list[tuple[str, str]] = []
        self.headers: list[dict] = []
        self.commits: list[list[dict]] = []
        self.lfs_bytes = 0
        self.public = ""
        self.fault = None
        self.before_commit = None
        self.redirects_cards = False
        self.elsewhere: dict[str, bytes] | None = None
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._ready.wait(10)

    def repo(self, name: str, files: dict | None = None) -> Repo:
        """A repository with a first commit, made anew."""
        made = self.repos[name] = Repo()
        made.put("main", {".gitattributes": b"*.safetensors filter=lfs\n", **(files or {})}, "initial commit")
        return made

    def files(self, name: str, ref: str = "main") -> dict:
        return self.repos[name].trees[self.repos[name].refs[ref]]

    def card(self, name: str, ref: str = "main") -> str | None:
        data = self.files(name, ref).get("README.md")
        return data.decode() if isinstance(data, bytes) else data

    def asked(self, part: str) -> list[str]:
        return [f"{method} {path}" for method, path in self.seen if part in path]

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._listen())
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.close()

    async def _listen(self) -> web.ServerRunner:
        runner = web.ServerRunner(web.Server(self._handle, auto_decompress=False, access_log=None), shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = self.public = f"http://127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        raw = request.raw_path.partition("?")[0]
        self.seen.append((request.method, request.raw_path))
        self.headers.append(dict(request.headers))
        if self.fault is not None:
            answer = await self.fault(request)
            if answer is not None:
                return answer
        if raw == "/api/whoami-v2":
            token = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return web.json_response({"name": token.removeprefix("hf_") or "nobody", "type": "user", "orgs": []})
        if raw == "/api/validate-yaml":
            return web.json_response({"errors": [], "warnings": [{"message": "the hub's own warning"}]})
        if raw == "/api/repos/create":
            return await self._create(request)
        if raw.startswith("/lfs/"):
            return await self._storage(request, raw.removeprefix("/lfs/"))
        if raw.startswith("/stored/"):  # as object stores do with addresses that are signed, it takes no other credentials
            body = (self.elsewhere or {}).get(raw.removeprefix("/stored/"))
            refused = body is None or "Authorization" in request.headers
            return web.Response(status=404) if refused else web.Response(body=body)
        if raw == "/big":
            return await self._big(request)
        if raw.endswith("/info/lfs/objects/batch"):
            return await self._batch(request)
        if raw.startswith("/api/"):
            return await self._api(request, raw)
        if "/resolve/" in raw:
            return self._resolve(request, raw)
        return web.Response(status=404, text="no such page")

    async def _create(self, request: web.BaseRequest) -> web.Response:
        asked = await request.json() if request.can_read_body else {}
        kind = asked.get("type") or "model"
        name = f"{asked['organization']}/{asked['name']}" if asked.get("organization") else f"nobody/{asked['name']}"
        key = name if kind == "model" else f"{kind}s/{name}"
        url = f"{self.public}/{key}"
        if key in self.repos:
            return web.json_response({"error": "You already created this repo", "url": url}, status=409)
        self.repo(key)
        return web.json_response({"url": url, "name": name, "id": "1"})

    async def _storage(self, request: web.BaseRequest, oid: str) -> web.StreamResponse:
        if request.method == "PUT":
            digest, size, kept = hashlib.sha256(), 0, bytearray()
            async for data in request.content.iter_any():
                digest.update(data)
                size += len(data)
                if size < 32 << 20:
                    kept += data
            if digest.hexdigest() != oid:
                return web.Response(status=400, text="not what was announced")
            self.lfs_bytes += size
            self.large[oid], self.sizes[oid] = bytes(kept), size
            return web.Response(headers={"ETag": f'"{oid}"'})
        return self._ranged(request, self.large[oid])

    async def _big(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.method in ("PUT", "POST"):
            size = 0
            async for data in request.content.iter_any():
                size += len(data)
            return web.json_response({"size": size})
        answer = web.StreamResponse()
        size = int(request.query["size"]) if hasattr(request, "query") else 0
        answer.content_length = size
        await answer.prepare(request)
        chunk = b"\0" * (1 << 18)
        while size > 0:
            await answer.write(chunk[:size])
            size -= len(chunk)
        await answer.write_eof()
        return answer

    async def _batch(self, request: web.BaseRequest) -> web.Response:
        asked = await request.json()
        objects = []
        for each in asked["objects"]:
            actions = {} if each["oid"] in self.large else {"upload": {"href": f"{self.public}/lfs/{each['oid']}", "header": {}}}
            objects.append({"oid": each["oid"], "size": each["size"], "authenticated": True, "actions": actions})
        body = json.dumps({"transfer": "basic", "objects": objects}).encode()
        return web.Response(body=body, content_type="application/vnd.git-lfs+json")

    def _ranged(self, request: web.BaseRequest, data: bytes, headers: dict | None = None) -> web.Response:
        wanted = request.headers.get("Range", "")
        if wanted.startswith("bytes="):
            start, _, end = wanted.removeprefix("bytes=").partition("-")
            first, last = int(start or 0), min(int(end or len(data) - 1), len(data) - 1)
            more = {"Content-Range": f"bytes {first}-{last}/{len(data)}", "Accept-Ranges": "bytes"}
            return web.Response(status=206, body=data[first : last + 1], headers={**(headers or {}), **more})
        return web.Response(body=data, headers={**(headers or {}), "Accept-Ranges": "bytes"})

    def _resolve(self, request: web.BaseRequest, raw: str) -> web.Response:
        name, _, rest = raw.lstrip("/").partition("/resolve/")
        revision, _, path = rest.partition("/")
        repo = self.repos.get(name)
        found = repo.at(unquote(revision)) if repo else None
        if found is None:
            return self._error(404, "RepoNotFound" if repo is None else "RevisionNotFound")
        commit, tree = found
        data = tree.get(unquote(path))
        if data is None:
            return self._error(404, "EntryNotFound")
        headers = {"X-Repo-Commit": commit}
        if isinstance(data, tuple):
            headers |= {
                "Location": f"{self.url.replace('127.0.0.1', 'localhost')}/lfs/{data[1]}",
                "X-Linked-Etag": f'"{data[1]}"',
                "X-Linked-Size": str(data[2]),
            }
            return web.Response(status=302, headers=headers)
        if self.redirects_cards and not request.headers.get("X-Cached") and "?cached" not in request.raw_path:
            return web.Response(status=307, headers={**headers, "Location": f"{raw}?cached"})
        if self.elsewhere is not None:
            place = f"{self.url.replace('127.0.0.1', 'localhost')}/stored/{blob_id(data)}"
            return web.Response(status=302, headers={**headers, "Location": place, "X-Linked-Etag": blob_id(data)})
        return self._ranged(request, data, {**headers, "ETag": f'"{blob_id(data)}"'})

    async def _api(self, request: web.BaseRequest, raw: str) -> web.StreamResponse:
        parts = raw.split("/")
        name = f"{KINDS.get(parts[2], '')}{'/'.join(parts[3:5])}"
        what, rest = (parts[5] if len(parts) > 5 else ""), [unquote(part) for part in parts[6:]]
        repo = self.repos.get(name)
        if repo is None:
            return self._error(404, "RepoNotFound")
        if what == "discussions":
            return await self._discussion(request, repo, rest)
        revision = rest[0] if rest else "main"
        found = repo.at(revision)
        if found is None:
            return self._error(404, "RevisionNotFound")
        commit, tree = found
        if what in ("", "revision"):
            siblings = [{"rfilename": path} for path in sorted(tree)]
            identity = {"_id": "1", "id": "/".join(parts[3:5]), "private": False, "sha": commit, "siblings": siblings, "tags": []}
            return web.json_response({**identity, "modelId": identity["id"], "downloads": 0, "likes": 0, "author": parts[3]})
        if what == "tree":
            return self._tree(request, tree)
        if what == "paths-info":
            asked = await request.post()
            return web.json_response([self._row(path, tree[path]) for path in asked.getall("paths") if path in tree])
        if what == "preupload":
            return web.json_response({"files": [self._named(tree, each) for each in (await request.json())["files"]]})
        if what == "commit" and request.method == "POST":
            return await self._commit(request, repo, name, revision)
        return self._error(404, "EntryNotFound")

    def _named(self, tree: dict, each: dict) -> dict:
        large = each["path"].endswith((".safetensors", ".bin", ".gguf")) or each["size"] > 10_000_000
        there = tree.get(each["path"])
        oid = blob_id(there) if isinstance(there, bytes) else (there[1] if there else None)
        return {"path": each["path"], "uploadMode": "lfs" if large else "regular", "shouldIgnore": False, "oid": oid}

    def _tree(self, request: web.BaseRequest, tree: dict) -> web.Response:
        start = int(request.rel_url.query.get("cursor", 0))
        paths = sorted(tree)
        headers = {}
        if start + PAGE < len(paths):
            onward = request.rel_url.update_query(cursor=start + PAGE)
            headers["Link"] = f'<{self.public}{onward}>; rel="next"'
        return web.json_response([self._row(path, tree[path]) for path in paths[start : start + PAGE]], headers=headers)

    def _row(self, path: str, data) -> dict:
        if isinstance(data, tuple):
            large = {"oid": data[1], "size": data[2], "pointerSize": 134}
            return {"type": "file", "path": path, "size": data[2], "oid": "0" * 40, "lfs": large}
        return {"type": "file", "path": path, "size": len(data), "oid": blob_id(data)}

    async def _commit(self, request: web.BaseRequest, repo: Repo, name: str, revision: str) -> web.Response:
        assert request.headers["Content-Type"].startswith("application/x-ndjson"), request.headers
        body = bytearray()
        async for data in request.content.iter_any():
            body += data
        if request.content_length is not None and len(body) != request.content_length:
            return web.Response(status=400)
        rows = [json.loads(line) for line in body.decode().splitlines() if line]  # parted as a real hub does: at Unicode's line ends too
        if self.before_commit is not None:
            self.before_commit(repo, revision)
        commit, tree = repo.at(revision)
        header = rows[0]["value"]
        parent = header.get("parentCommit")
        pull = "create_pr=1" in request.raw_path
        if parent and not pull and not commit.startswith(parent):
            return web.json_response({"error": "A commit has happened since. Please refresh and try again."}, status=412)
        tree = dict(tree if not (pull and parent) else repo.at(parent)[1])
        for row in rows[1:]:
            value = row["value"]
            if row["key"] == "file":
                text = value["content"]
                tree[value["path"]] = base64.b64decode(text) if value.get("encoding") == "base64" else text.encode()
            elif row["key"] == "lfsFile":
                tree[value["path"]] = ("lfs", value["oid"], value.get("size") or self.sizes.get(value["oid"], 0))
            elif row["key"] == "deletedFile":
                del tree[value["path"]]
            elif row["key"] == "deletedFolder":
                folder = value["path"].rstrip("/") + "/"
                tree = {path: data for path, data in tree.items() if not path.startswith(folder)}
        self.commits.append(rows)
        ref, answer = revision, {}
        if pull:
            repo.pulls += 1
            ref = f"refs/pr/{repo.pulls}"
            answer["pullRequestUrl"] = f"{self.public}/{name}/discussions/{repo.pulls}"
        oid = repo.put(ref, tree, header["summary"])
        url = f"{self.public}/{name}/commit/{oid}"
        return web.json_response({"success": True, "commitOid": oid, "commitUrl": url, "hookOutput": "", **answer})

    async def _discussion(self, request: web.BaseRequest, repo: Repo, rest: list[str]) -> web.Response:
        if request.method == "POST" and not rest:
            repo.pulls += 1
            repo.put(f"refs/pr/{repo.pulls}", dict(repo.at("main")[1]))
            return web.json_response({"num": repo.pulls, "url": "x"})
        number = int(rest[0])
        if rest[1:] == ["merge"]:
            repo.put("main", dict(repo.at(f"refs/pr/{number}")[1]), "merged")
            return web.json_response({"success": True, "newStatus": "merged"})
        about = {
            "num": number,
            "title": "t",
            "status": "draft",
            "author": {"name": "x"},
            "isPullRequest": True,
            "createdAt": "2026-01-01T00:00:00.000Z",
        }
        event = {"id": "1", "author": {"name": "x"}, "createdAt": "2026-01-01T00:00:00.000Z", "type": "comment"}
        event["data"] = {
            "edited": False,
            "hidden": False,
            "latest": {"raw": "", "html": "", "updatedAt": event["createdAt"], "author": {"name": "x"}},
        }
        return web.json_response({**about, "events": [event], "changes": {"base": "refs/heads/main"}, "diff": ""})

    def _error(self, status: int, code: str) -> web.Response:
        return web.json_response({"error": code}, status=status, headers={"X-Error-Code": code})
