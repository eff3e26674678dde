"""Links and images: files that are not there, headings that are not there, labels that say nothing, broken syntax."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cardlint.checks.places import listed, quoted
from cardlint.checks.signs import SURELY_SET, is_vague
from cardlint.model import Edit, Fix, Problem, Range, Related
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.card import Card
    from cardlint.card.outline import Link
    from cardlint.repo.repo import Repo

_MOST_RELATED = 20
_SCHEME = Pattern(r"[a-zA-Z][a-zA-Z0-9+.\-]*:|//|#|/|www\.|$")
_DOMAIN = Pattern(r"(?i)[\w\-]+(?:\.[\w\-]+)*\.(?:com|org|net|io|ai|co|edu|dev|app|gov|de|fr|uk|cn|ru|jp|me|ml|to|ly)(?:[/:?#]|$)")
_PLAIN_TEXT = Pattern(r"(?i)(?:readme|todo|notes?|index|changelog|history|news|install|docs?)\.org$|[\w\-.]+\.ml$")
_OPEN = Pattern(r"[{}<>$()\s]|(?i:^(?:url|link|tbd|todo|none|n/?a|null|path|x+|\.+)$)")
_UNSET = Pattern(r"(?i)url|link|tbd|todo|none|n/?a|null|x+|\.{2,}|https?:/?/?|(?:add[-_ ]?)?(?:your[-_ ]?)?(?:link|url)(?:[-_ ]here)?")
_OWN_FILE = Pattern(
    r"https?://(?:huggingface\.co|hf\.co)/(?:datasets/|spaces/)?([\w.\-]+/[\w.\-]+)/(?:resolve|blob|raw|tree)/main/([^?#]+)"
)
_HUB = Pattern(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/?")
_NO_ANSWERS = frozenset({"n/a", "none", "unknown", "-"})
_WORD = Pattern(r"[^\W_]+")
_MOST_COMPARED = 10_000
"""Files of a repository up to which a missing one is looked for in another case."""
_LONGEST_LABEL = 40
_UNPARSED = Pattern(r"\]\s?\(\s*(?:https?://|www\.)[^\s()]*\)?")
_TYPO = Pattern(r"(?i)(?:https?//|https?:/[a-z0-9]|h?t?tps?:://|hhttps?:|htt?p?s?;//|htpps?:|ttps?://|https?:\\\\|https?://https?:)")


def missing_file(card: Card, repo: Repo, facts: dict[str, object]) -> Iterator[Problem]:
    """Relative links, and links to files of this repository, whose target is not among its files; one problem a card."""
    own = str(facts["id"] or "").lower()
    home = posixpath.dirname(card.path)
    targets = [(link, target) for link in card.outline.links if (target := _target(link, own, home)) not in (None, "", ".")]
    if not targets:
        return
    known = _paths(repo)
    lost = [(link, target) for link, target in targets if target not in known]
    if lost:
        first, name = lost[0]
        if len(lost) == 1:
            message = f"the {'image' if first.image else 'link'} leads to {quoted(str(name))}, which is not in the repository"
        else:
            names = listed(list(dict.fromkeys(quoted(str(target)) for _, target in lost)))
            message = f"{len(lost)} links and images lead to files that are not in the repository: {names}"
        related = tuple(Related(link, "this file is missing too") for link, _ in lost[1 : _MOST_RELATED + 1])
        yield Problem(first, message, help=_respelt([str(target) for _, target in lost], known), value=name, related=related)


def _respelt(lost: list[str], known: set[str]) -> str | None:
    """Advice where a file of the same letters in another case is there."""
    wanted = {name.casefold(): name for name in known} if len(known) <= _MOST_COMPARED else {}
    found = next((wanted[name.casefold()] for name in lost if name.casefold() in wanted), None)
    return f"{quoted(found)} is there." if found else None


def _target(link: Link, own: str, home: str) -> str | None:
    """The path inside this repository that a link means, None where it leads elsewhere or is no path."""
    url = link.url.strip()
    page = _OWN_FILE.match(url)
    if page:
        return posixpath.normpath(unquote(page.group(2))) if page.group(1).lower() == own else None
    if _SCHEME.match(url) or _OPEN.search(url) or _DOMAIN.match(url) or "@" in url:
        return None
    path = unquote(url.split("#", 1)[0].split("?", 1)[0])
    return posixpath.normpath(posixpath.join(home, path)) if path else None


def _paths(repo: Repo) -> set[str]:
    """Every file and folder of the repository."""
    known = set(repo.names)
    for name in repo.names:
        folder = posixpath.dirname(name)
        while folder and folder not in known:
            known.add(folder)
            folder = posixpath.dirname(folder)
    return known


def missing_anchor(card: Card) -> Iterator[Problem]:
    """Links to a heading of the card that it does not have; one problem a card."""
    outline = card.outline
    lost: list[Link] = []
    given: set[str] = set()
    for link in [each for each in outline.links if each.url[:1] == "#" and len(each.url) > 1]:
        if link.image or _OPEN.search(link.url[1:]):
            continue
        if not given:
            given = {_letters(each.text) for each in outline.headings} | {_letters(each) for each in outline.anchors}
            given |= {f"{name}{number}" for name in tuple(given) for number in ("1", "2")} | {"top", "readme", ""}
        if _letters(unquote(link.url)) not in given:
            lost.append(link)
    if lost:
        names = listed(list(dict.fromkeys(quoted(link.url) for link in lost)))
        related = tuple(Related(link, "no heading for this one either") for link in lost[1 : _MOST_RELATED + 1])
        yield Problem(lost[0], f"no heading of the card has the anchor {names}", value=lost[0].url, related=related)


def _letters(text: str) -> str:
    """Letters and digits alone: what every way of making anchors keeps."""
    return "".join(_WORD.findall(text.lower()))


def no_alternative(card: Card) -> Iterator[Problem]:
    """Images without a text for those who do not see them; one problem a card."""
    bare = [link for link in card.outline.links if link.image and not link.text.strip()]
    if bare:
        count = "an image has" if len(bare) == 1 else f"{len(bare)} images have"
        related = tuple(Related(link, "nor has this one") for link in bare[1 : _MOST_RELATED + 1])
        yield Problem(bare[0], f"{count} no alternative text", value="images", related=related)


def vague_label(card: Card) -> Iterator[Problem]:
    """Links whose label is "here" or the like; one problem a card."""
    text = card.text  # the words of a badge are what it shows, which tells enough
    vague = [link for link in card.outline.links if link.url and not link.image and is_vague(link.text)]
    vague = [link for link in vague if not text.startswith("[![", link.start)]
    if vague:
        count = "a link is" if len(vague) == 1 else f"{len(vague)} links are"
        names = listed(list(dict.fromkeys(quoted(link.text) for link in vague)))
        related = tuple(Related(link, "another one") for link in vague[1 : _MOST_RELATED + 1])
        yield Problem(vague[0], f"{count} labelled {names}", value="label", related=related)


def empty_link(card: Card) -> Iterator[Problem]:
    """Links without a target or without a text; one problem of each a card."""
    text = card.text
    lost: list[Link] = []
    mute: list[Link] = []
    for link in card.outline.links:
        url = link.url.strip()
        if url in ("", "#") or (not url.startswith(SURELY_SET) and _UNSET.fullmatch(url)):
            if not lost or lost[-1].start != link.start:
                lost.append(link)
        elif not link.image and text.startswith("[](", link.start):
            mute.append(link)
    if lost:
        names = listed(list(dict.fromkeys(quoted(link.text) for link in lost if link.text.strip())))
        count = "a link has" if len(lost) == 1 else f"{len(lost)} links have"
        related = tuple(Related(link, "nor has this one") for link in lost[1 : _MOST_RELATED + 1])
        message = f"{count} no target" + (f": {names}" if names else "")
        yield Problem(lost[0], message, value=lost[0].text, fix=_unlinked(card, lost), related=related)
    if mute:
        related = tuple(Related(link, "nor has this one") for link in mute[1 : _MOST_RELATED + 1])
        message = f"the link to {quoted(mute[0].url)} has no text"
        help_text = "Its text goes between the brackets."
        if _HUB.fullmatch(mute[0].url):
            help_text = "The tool that wrote this knew no base: name and link it, or say that the model was trained from scratch."
        yield Problem(mute[0], message, help=help_text, value=mute[0].url, related=related)


def _unlinked(card: Card, links: list[Link]) -> Fix | None:
    """The fix that leaves the text where each link stands for an answer that nobody gave, as tools write it (``[n/a]()``)."""
    if any(link.image or link.text.lower() not in _NO_ANSWERS for link in links):
        return None
    if any(card.text[link.start : link.end] != f"[{link.text}]()" for link in links):
        return None
    return Fix(tuple(Edit(Range(link.start, link.end), link.text) for link in links), "unsafe")


def _is_bare_host(link: Link) -> bool:
    """Whether a link leads to a site whose address was written without its scheme; an image or an Org file of the name may be there."""
    url = link.url
    if url[:4] == "www.":
        return True
    return _DOMAIN.match(url) is not None and ("/" in url or not (link.image or _PLAIN_TEXT.match(url)))


def malformed_link(card: Card) -> Iterator[Problem]:
    """Links that stay plain text, and addresses with a misspelt scheme or without one; of the last one problem a card."""
    outline = card.outline
    bare = [link for link in outline.links if link.url[:4] != "http" and _is_bare_host(link)]
    if bare:
        names = listed(list(dict.fromkeys(quoted(link.url) for link in bare)))
        message = f"the address {names} has no scheme" if len(bare) == 1 else f"{len(bare)} addresses have no scheme: {names}"
        related = tuple(Related(link, "nor has this one") for link in bare[1 : _MOST_RELATED + 1])
        advice = f"Write `https://{bare[0].url}`: without it the link leads to a file beside the card."
        yield Problem(bare[0], message, help=advice, value=bare[0].url, related=related)
    for link in outline.links:
        if (link.url[:8] != "https://" or link.url[8:12] == "http") and _TYPO.match(link.url):
            yield Problem(link, f"the address {quoted(link.url)} has a misspelt scheme", value=link.url)
    for block in outline.blocks:
        if block.kind in ("paragraph", "item") and "(" in block.text and "]" in block.text:
            match = _UNPARSED.search(block.text)
            if match:
                opening = block.text.rfind("[", 0, match.start())
                shown = block.text[max(opening, match.start() - _LONGEST_LABEL, 0) : match.end()]
                message = f"{quoted(shown)} is not a link: brackets and parentheses do not join"
                yield Problem(outline.place(block, *match.span()), message, value=match.group())
