"""A live hub as other repositories: asked one by one with the official client, and only where the user names it."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.facts.hub import node_of
from cardlint.facts.subject import Subject
from cardlint.hub.hub import Hub
from cardlint.model import KINDS, CardlintError
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cardlint.hub.hub import HubSource
    from cardlint.hub.index import Shared
    from cardlint.hub.node import Node
    from cardlint.hub.world import State
    from cardlint.model import Kind

CARD = "README.md"
TELLING = (CARD, "adapter_config.json", "config.json", "mergekit_config.yml")
"""Files that are fetched of a repository, where it has them."""
MAX_BYTES = 2_000_000
_MISSING = 404


def opened(source: HubSource) -> Hub:
    """The hub that a source names: a live one by its address, else an audit's results. Raises CardlintError."""
    if not _is_live(source.path):
        return source.open()
    if source.known_ids or source.complete:
        raise CardlintError(f"{source.path}: a live hub knows itself what it has; leave out --known-ids and --complete")
    index = LiveIndex(source.path)
    return Hub(index, index)


def _is_live(path: str) -> bool:
    """Whether a hub's name is an address."""
    return path.startswith(("https://", "http://"))


class LiveIndex:
    """Nodes of a live hub, each asked for once; also tells the state of what is not there: only an answer of 404 is ``absent``.

    What the hub hides from this user, and what could not be asked, stays ``unknown``.
    """

    def __init__(self, endpoint: str) -> None:
        try:
            from huggingface_hub import HfApi
        except ImportError:
            raise CardlintError("a live hub needs its client: pip install 'cardlint[hub]'") from None
        self._api = HfApi(endpoint=endpoint)
        self._nodes: dict[str, Node | None] = {}
        self._states: dict[str, State] = {}
        self._cache = tempfile.mkdtemp(prefix="cardlint-")
        weakref.finalize(self, shutil.rmtree, self._cache, ignore_errors=True)

    def find(self, keys: Collection[str]) -> Mapping[str, Node]:
        """As `Index.find`."""
        return {key: node for key in keys if (node := self._node(key)) is not None}

    def state(self, key: str) -> State:
        """As `World.state`."""
        self._node(key)
        return self._states[key]

    def like(self, node: Node) -> list[str]:  # noqa: ARG002  # nobody can be asked
        """As `Index.like`: nothing."""
        return []

    def shared(self, hashes: Collection[int]) -> Mapping[int, Shared]:  # noqa: ARG002  # as above
        """As `Index.shared`: nothing."""
        return {}

    def kinds(self) -> frozenset[Kind]:
        """As `Index.kinds`: a hub has all."""
        return frozenset(KINDS)

    def _node(self, key: str) -> Node | None:
        if key not in self._nodes:
            self._nodes[key], self._states[key] = self._asked(key)
        return self._nodes[key]

    def _asked(self, key: str) -> tuple[Node | None, State]:
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError

        kind: Any
        kind, _, name = key.partition(":")
        try:
            info = self._api.repo_info(name, repo_type=kind)
            names = sorted({each.rfilename for each in info.siblings or ()})
            read = {path: data for path in TELLING if path in names and (data := self._file(info.id, kind, path)) is not None}
        except HfHubHTTPError as error:
            return None, "absent" if getattr(error.response, "status_code", None) == _MISSING else "unknown"
        except (HFValidationError, OSError):
            return None, "unknown"
        return _node(info.id, kind, info.sha, names, read), "present"

    def _file(self, name: str, kind: Kind, path: str) -> bytes | None:
        """A small file; None for one that is too large to be what it is called."""
        from huggingface_hub import get_hf_file_metadata, hf_hub_url

        url = hf_hub_url(name, path, repo_type=kind, endpoint=self._api.endpoint)
        size = get_hf_file_metadata(url).size
        if size is None or size > MAX_BYTES:
            return None
        return Path(self._api.hf_hub_download(name, path, repo_type=kind, cache_dir=self._cache)).read_bytes()


def _node(name: str, kind: Kind, revision: str | None, names: list[str], read: dict[str, bytes]) -> Node:
    files = tuple(FileEntry(path, len(read[path]) if path in read else None) for path in names)
    text = read.get(CARD)
    entry = Entry(name, None, id=name, kind=kind, revision=revision, files=files, text=text, contents=Memory(read))
    return node_of(Subject(entry))
