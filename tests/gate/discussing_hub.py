"""The small hub of `hub`, with discussions: listed, opened, commented on, edited, as the official client reads and writes them."""

from __future__ import annotations

from aiohttp import web

from .hub import Hub

DATE = "2026-01-01T00:00:00.000Z"


class DiscussingHub(Hub):
    """``talks`` maps a repository's object to its discussions by number: title, author, pull request or not, comments."""

    def __init__(self):
        self.talks = {}
        super().__init__()

    def of(self, name):
        """The discussions of a repository."""
        return self.talks.setdefault(id(self.repos[name]), {})

    def pull(self, name, tree, author="wren"):
        """Open a pull request, or move the one that is open."""
        talks = self.of(name)
        number = next((number for number, talk in talks.items() if talk["pull"]), None) or self._open(
            talks, "change", author, True, "please"
        )
        return number, self.repos[name].put(f"refs/pr/{number}", tree)

    def texts(self, name):
        """The comments of a repository by discussion: author and text."""
        return {number: [(each["author"], each["text"]) for each in talk["comments"]] for number, talk in self.of(name).items()}

    def _open(self, talks, title, author, pull, text):
        number = len(talks) + 1
        talks[number] = {"title": title, "author": author, "pull": pull, "comments": []}
        self._say(talks[number], author, text)
        return number

    def _say(self, talk, author, text):
        talk["comments"].append({"id": f"{len(talk['comments']) + 1:024x}", "author": author, "text": text, "edits": 0})
        return talk["comments"][-1]

    async def _discussion(self, request, repo, rest):
        talks = self.talks.setdefault(id(repo), {})
        who = request.headers.get("Authorization", "").removeprefix("Bearer hf_") or "nobody"
        asked = await request.json() if request.method == "POST" and request.can_read_body else {}
        if not rest and request.method == "POST":
            return web.json_response({"num": self._open(talks, asked["title"], who, asked["pullRequest"], asked["description"])})
        if not rest:
            query = request.rel_url.query
            rows = [self._about(number, talk) for number, talk in sorted(talks.items(), reverse=True)]
            rows = [row for row in rows if query.get("author") in (None, row["author"]["name"])]
            rows = [row for row in rows if query.get("type") != "discussion" or not row["isPullRequest"]]
            start = 2 * int(query.get("p", 0))  # two a page
            return web.json_response({"discussions": rows[start : start + 2], "count": len(rows), "start": start})
        talk = talks.get(int(rest[0]))
        if talk is None:
            return self._error(404, "EntryNotFound")
        if rest[1:] == ["comment"]:
            return web.json_response({"newMessage": self._event(self._say(talk, who, asked["comment"]))})
        if len(rest) == 4 and rest[3] == "edit":
            comment = next(each for each in talk["comments"] if each["id"] == rest[2])
            if comment["author"] != who:
                return self._error(403, "")
            comment["text"], comment["edits"] = asked["content"], comment["edits"] + 1
            return web.json_response({"updatedComment": self._event(comment)})
        events = [self._event(each) for each in talk["comments"]]
        about = {**self._about(int(rest[0]), talk), "events": events, "changes": {"base": "refs/heads/main"}, "filesWithConflicts": []}
        return web.json_response({**about, "diff": ""})

    def _about(self, number, talk):
        repo = {"name": "acme/gull", "type": "model"}
        about = {"num": number, "title": talk["title"], "status": "open", "isPullRequest": talk["pull"], "createdAt": DATE, "repo": repo}
        return {**about, "author": {"name": talk["author"]}}

    def _event(self, comment):
        author = {"name": comment["author"]}
        latest = {"raw": comment["text"], "html": "", "updatedAt": DATE, "author": author}
        data = {"edited": comment["edits"] > 0, "hidden": False, "latest": latest, "history": []}
        return {"id": comment["id"], "author": author, "createdAt": DATE, "type": "comment", "data": data}
