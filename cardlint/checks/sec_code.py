"""What a card asks its readers to run or to fetch: pickles, downloads without protection, odd links."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.model import Problem
from cardlint.patterns import Cue, Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Block
    from cardlint.model import Placed

_PICKLE = Pattern(
    r"\b(?:c?pickle|cloudpickle|dill|joblib)\.loads?\(|\bpd\.read_pickle\(|\b(?:np|numpy)\.load\([^)\n]{0,200}allow_pickle\s{0,2}=\s{0,2}True"
    r"|\btorch\.load\("
)
_SAFE_LOAD = Pattern(r"weights_only\s{0,3}=\s{0,3}True")
_UNSAFE_LOAD = Pattern(r"weights_only\s{0,3}=\s{0,3}False")
_SAFE_TORCH = Cue(r"(?i)\btorch ?(?:==|>=|~=) ?(?:2\.(?:[6-9]|\d\d)|[3-9]\.)")
"""Versions that a card has readers install in which `weights_only=True` is the default of `torch.load`."""
_PICKLE_SAID = Cue(r"(?i)pickle|trusted|untrusted|arbitrary code|weights_only|安全")
_CALL = 300


def pickles(card: Card) -> Iterator[Problem]:
    """Code that unpickles a file without protection, in a card whose prose says no word about it.

    `weights_only=True` is the default of `torch.load` since PyTorch 2.6 (its release notes, January 2025).
    """
    for block in _code(card):
        for found in _PICKLE.finditer(block.text):
            if _SAFE_LOAD.search(block.text, found.start(), found.end() + _CALL):
                continue
            if not _PICKLE_SAID.occurs(card.prose):
                call = found.group().split("(")[0]
                place = card.outline.place(block, found.start(), found.start() + len(call))
                denied = _UNSAFE_LOAD.search(block.text, found.start(), found.end() + _CALL)
                if call == "torch.load" and not denied and _SAFE_TORCH.occurs(card.utf8):
                    continue
                how = "with allow_pickle=True " if call.endswith(("np.load", "numpy.load")) else ""
                if call == "torch.load":
                    how = "with weights_only=False " if denied else "without weights_only=True "
                when = " in PyTorch before 2.6" if call == "torch.load" and not denied else ""
                yield Problem(place, f"{call} {how}runs whatever code the file holds{when}", value=call)
            return


def _code(card: Card) -> Iterator[Block]:
    return (block for block in card.outline.blocks if block.kind == "code")


_ADDRESS = Pattern(r"https?://[^\s\"'<>()\[\]{}`\\|,;]+")
_FETCHED = Pattern(
    r"(?i)\.(?:bin|pt|pth|ckpt|safetensors|onnx|h5|hdf5|pb|pkl|pickle|npz|npy|tflite|gguf|zip|tar|tgz|gz|bz2|xz|7z|rar|whl|py|sh|deb|rpm|jar|ipynb)$"
)
_EXECUTABLE = Pattern(r"(?i)\.(?:exe|msi|bat|cmd|scr|ps1|vbs|dmg|pkg|apk|appimage)$")
_LOCAL = Pattern(
    r"(?i)^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1|.*\.(?:local|internal|example|test)$|example\.)"
)
_DOWNLOAD = Pattern(r"(?i)download|weights?\b|checkpoint|\bmodel file|\bckpt|torrent|下载|ダウンロード")


def _addresses(card: Card) -> Iterator[tuple[str, str, Placed]]:
    """Every address with its label, of links and of code, and its place."""
    for link in card.outline.links:
        if link.url[:4].lower() == "http" and not link.image:
            yield link.url, link.text, link
    for block in _code(card):
        if "http" in block.text:
            for match in _ADDRESS.finditer(block.text):
                yield match.group().rstrip(".:"), "", card.outline.place(block, *match.span())


@lru_cache(maxsize=4096)
def _parts(url: str) -> tuple[str, str]:
    """Host and path in lower case, empty where the address is broken."""
    from urllib.parse import urlsplit  # SEC013 is asked on most cards, and few have such an address

    try:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path
    except ValueError:
        return "", ""


def plain_http(card: Card) -> Iterator[Problem]:
    """Files to load or to run that come over plain http."""
    seen: set[str] = set()
    for url, _, place in _addresses(card):
        if not url.lower().startswith("http://") or url in seen:
            continue
        seen.add(url)
        host, path = _parts(url)
        if host and _FETCHED.search(path) and not _LOCAL.match(host):
            yield Problem(place, f"'{path.rsplit('/', 1)[-1]}' is fetched over plain http from {host}", value=url)


_TO_BUILD = "describe how to build the program, or who built it and what its checksum is"


def odd_downloads(card: Card) -> Iterator[Problem]:
    """Links to executables, and downloads behind a shortened address."""
    for url, label, place in _addresses(card):
        host, path = _parts(url)
        if _EXECUTABLE.search(path):
            yield Problem(place, f"a link leads to an executable: '{path.rsplit('/', 1)[-1]}'", help=_TO_BUILD, value=url)
        elif host in data.ids("link_shorteners") and len(path) > 1 and _DOWNLOAD.search(label):
            yield Problem(place, f"a download hides behind a shortened address: {host}", value=url)


_HOST_LABEL = Pattern(r"^(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,12})(?:[/?#:]\S*)?$")


def other_host(card: Card) -> Iterator[Problem]:
    """A link whose label is an address of another site than the one it leads to."""
    for link in card.outline.links:
        if "." not in link.text or link.text == link.url or link.image or link.url[:4].lower() != "http":
            continue
        match = _HOST_LABEL.match(link.text.strip().lower())
        if match is None or ("://" not in link.text and "/" not in link.text and not link.text.lower().startswith("www.")):
            continue
        shown, host = match.group(1).removeprefix("www."), _parts(link.url)[0]
        # A mirror or a bucket that carries the shown site in its path is that site's own.
        if host and shown not in link.url.lower() and _site(shown) != _site(host) and host not in data.ids("link_shorteners"):
            yield Problem(link, f"link text shows {shown} but leads to {host}", value=f"{shown} {host}")


def _site(host: str) -> str:
    """The last two labels of a host; enough to tell sites apart without a list of public suffixes."""
    return ".".join(host.split(".")[-2:])


def lookalike(card: Card) -> Iterator[Problem]:
    """Hosts that mix scripts: a Cyrillic letter among Latin ones."""
    if card.text.isascii():
        return
    for link in card.outline.links:
        if link.url.isascii():
            continue
        host = _parts(link.url)[0]
        for label in host.split("."):
            scripts = {unicodedata.name(char, "?").split(" ")[0] for char in label if char.isalpha()}
            if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN"}:
                yield Problem(link, f"host '{host}' mixes letters of several scripts", value=host)
                break
