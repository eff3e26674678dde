"""A live hub, by its own client: only where it is named, as ``hub:ORG/*``, ``hub:datasets/ORG/NAME`` or ``hub:*``.

Repositories are listed page by page with their commit and files; a card is fetched where it is judged, at that commit.
Contents of other files are not fetched: rules that need them are not checked.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardlint.budgets import BUDGETS
from cardlint.model import CardlintError, Kind
from cardlint.repo.contents import Memory
from cardlint.repo.files import FileEntry
from cardlint.sources.entry import Entry
from cardlint.sources.layout import KIND_FOLDERS
from cardlint.sources.paths import CARD
from cardlint.tuples import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "hub:"


class LiveHub:
    """The repositories of a hub that a name or a pattern means, in the hub's order.

    ``endpoint`` None: the client's own, which the environment may name. Raises CardlintError where the hub does not answer.
    """

    share: float | None = None

    def __init__(self, wanted: str, endpoint: str | None = None) -> None:
        self.wanted = wanted
        self.endpoint = endpoint
        folder, _, rest = wanted.partition("/")
        self.kind: Kind = KIND_FOLDERS.get(folder, "model")
        self.name = rest if folder in KIND_FOLDERS else wanted
        if not self.name or self.name.count("/") > 1 or "*" in self.name.removesuffix("/*").removesuffix("*"):
            raise CardlintError(f"hub:{wanted}: ORG/NAME, ORG/* or * is wanted, with datasets/ or spaces/ before it where that is meant")
        try:
            import huggingface_hub  # noqa: F401
        except ImportError:
            raise CardlintError("a live hub is read with huggingface_hub: pip install 'cardlint[hub]'") from None

    def __iter__(self) -> Iterator[Entry]:
        from huggingface_hub import HfApi

        api = HfApi(endpoint=self.endpoint, library_name="cardlint")
        try:
            for info in self._infos(api):
                yield self._entry(info)
        except Exception as error:  # noqa: BLE001  # those of the client and of what it is built on, which changes
            raise CardlintError(f"hub:{self.wanted}: {_first_line(error)}") from None

    def _infos(self, api: Any) -> Iterator[Any]:
        if not self.name.endswith("*"):
            yield api.repo_info(self.name, repo_type=self.kind)
            return
        owner = self.name.removesuffix("*").rstrip("/") or None
        listing = {"model": api.list_models, "dataset": api.list_datasets, "space": api.list_spaces}[self.kind]
        yield from listing(author=owner, full=True)

    def _entry(self, info: Any) -> Entry:
        names = [each.rfilename for each in info.siblings] if info.siblings is not None else None
        files = tuple(FileEntry(name) for name in sorted(names)) if names is not None else None
        at = f"{_folder(self.kind)}{info.id}"
        has_card = names is None or CARD in names
        return Entry(
            f"hub:{at}/{CARD}" if has_card else f"hub:{at}",
            None,
            id=info.id,
            kind=self.kind,
            kind_from="manifest",
            revision=info.sha,
            files=files,
            contents=Memory({}) if files is not None else None,
            opener=Fetched(self.kind, info.id, info.sha, self.endpoint) if has_card else None,
            stamp=f"{info.sha}" if info.sha else None,
            downloads=getattr(info, "downloads", None),
        )


def _folder(kind: Kind) -> str:
    return "" if kind == "model" else f"{kind}s/"


def _first_line(error: Exception) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)


class Fetched(NamedTuple):
    """Opens a repository of a hub: its card is fetched."""

    kind: Kind
    id: str
    revision: str | None
    endpoint: str | None

    def __call__(self, entry: Entry) -> Entry:
        """See `Opener`. Raises OSError where the hub does not give the card."""
        from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
        from huggingface_hub.errors import EntryNotFoundError

        with tempfile.TemporaryDirectory(prefix="cardlint-") as folder:
            try:
                url = hf_hub_url(self.id, CARD, repo_type=self.kind, revision=self.revision, endpoint=self.endpoint)
                size = get_hf_file_metadata(url).size or 0
                if size > BUDGETS.file_bytes:
                    raise OSError(None, f"{size:,} bytes are no card; it is not fetched")
                path = hf_hub_download(
                    self.id,
                    CARD,
                    repo_type=self.kind,
                    revision=self.revision,
                    endpoint=self.endpoint,
                    local_dir=folder,
                    library_name="cardlint",
                )
            except EntryNotFoundError:
                return entry._replace(opener=None)
            except Exception as error:  # noqa: BLE001  # as above
                raise OSError(None, f"{type(error).__name__}: {_first_line(error)}") from None
            with Path(path).open("rb") as stream:
                text = stream.read(BUDGETS.file_bytes)
        return entry._replace(opener=None, text=text)
