"""Licences at two revisions: what became allowed, what became forbidden, texts that changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cardlint import data
from cardlint.checks.places import listed
from cardlint.checks.values import texts
from cardlint.model import NotChecked, Problem
from cardlint.tuples import NamedTuple
from cardlint.vocab import licenses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cardlint.card.card import Card
    from cardlint.facts.earlier import Earlier
    from cardlint.repo.license_files import LicenseFile
    from cardlint.repo.repo import Repo

_AT = "/metadata/license"
_SAYS_NOTHING = frozenset({"other", "unknown"})
_YEARS = re.compile(r"(?im)^.{0,20}(?:copyright|©|\(c\)).*$")


class Terms(NamedTuple):
    """The licences of a state and what they forbid or demand together; ``flags`` is None where that is not known."""

    names: tuple[str, ...]
    flags: frozenset[str] | None


def loosened(card: Card, old: Earlier, repo: Repo | None) -> Iterator[Problem | NotChecked]:
    """Restrictions that the licence had and has no more."""
    yield from _moved(card, old, repo, loosened=True)


def tightened(card: Card, old: Earlier, repo: Repo | None) -> Iterator[Problem | NotChecked]:
    """Restrictions that the licence did not have; also where others went."""
    yield from _moved(card, old, repo, loosened=False)


def _moved(card: Card, old: Earlier, repo: Repo | None, *, loosened: bool) -> Iterator[Problem | NotChecked]:
    if old.card is None:
        return
    then, now = _terms(old.card, old.repo), _terms(card, repo)
    if not then.names or not now.names or then.names == now.names:
        return
    if then.flags is None or now.flags is None:
        unknown = (then if then.flags is None else now).names[0]
        yield NotChecked(f"what the license '{unknown}' forbids is not known")
        return
    gone, come = then.flags - now.flags, now.flags - then.flags
    if _told(card, old.card, then.names) or (loosened and (come or not gone)) or (not loosened and not come):
        return
    more = ", ".join(dict.fromkeys(now.names))
    what = f"no more {_words(gone)}" if loosened else f"now {_words(come)}"
    yield Problem(_AT, f"license was '{', '.join(then.names)}' at '{old.name}' and is '{more}': {what}", value=more)


def _terms(card: Card, repo: Repo | None) -> Terms:
    """By the front matter; where that says nothing definite, by the licence files."""
    declared = _declared(card)
    named = tuple(_id(value) for value in declared if value not in _SAYS_NOTHING)
    if not named and repo is not None:
        named = tuple(dict.fromkeys(name for file in _files(repo) if (name := _named(file))))
    if not named:
        return Terms(declared, None if declared else frozenset())
    told = data.vocabulary("revisions")["license_flags"]
    known = all(licenses.known(name) for name in named)
    return Terms(named, frozenset(flag for name in named for flag in licenses.flags(name) if flag in told) if known else None)


def _declared(card: Card) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip().lower() for _, value in texts(card, "license") if value.strip()))


def _id(value: str) -> str:
    near = licenses.near(value)
    return near.ids[0] if near and near.sure else value


def _files(repo: Repo) -> list[LicenseFile]:
    return [file for file in repo.license_files if file.role == "license"]


def _named(file: LicenseFile) -> str | None:
    return None if file.text.modified else file.text.license or file.text.title


def _told(card: Card, then: Card, names: Sequence[str]) -> bool:
    """Whether the body tells readers of the earlier licence, and did not before."""
    bodies = [each.text[each.front_matter.end :].lower() for each in (card, then)]
    for name in names:
        found = licenses.get(name)
        words = [name, name.replace("-", " "), *([found.name.lower()] if found else [])]
        if any(word in bodies[0] for word in words) and not any(word in bodies[1] for word in words):
            return True
    return False


def _words(flags: frozenset[str]) -> str:
    told = data.vocabulary("revisions")["license_flags"]
    return listed([told[flag] for flag in told if flag in flags])


def text_changed(card: Card, old: Earlier, repo: Repo) -> Iterator[Problem | NotChecked]:
    """A licence text that changed in more than holders and years, while the card says the same of the licence."""
    if old.card is None or old.repo is None or _declared(card) != _declared(old.card):
        return
    before = {file.path: file for file in _files(old.repo)}
    for file in _files(repo):
        then = before.get(file.path)
        if then is None:
            continue
        texts_of = [each.whole(file.path) for each in (old.repo, repo)]
        if texts_of[0].value is None or texts_of[1].value is None:
            yield NotChecked(f"{file.path} could not be compared with the earlier revision")
        elif _core(texts_of[0].value) != _core(texts_of[1].value):
            names = [_named(each) for each in (then, file)]
            was = f", the text of '{names[0]}' before, of '{names[1]}' now" if names[0] and names[1] and names[0] != names[1] else ""
            message = f"{file.path} changed since '{old.name}'{was}; the card declares the same license"
            yield Problem(_AT if "license" in card.front_matter.metadata else "/front_matter", message, value=file.path)
            return


def _core(text: bytes) -> list[str]:
    """The words of a licence text without the lines of its holders."""
    return _YEARS.sub("", text[:400_000].decode("utf-8", "replace")).lower().split()
