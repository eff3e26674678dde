"""Signs in the body that checks wait for, told in one walk: a check is not called on a card that has none of its signs.

A sign is a cheap test that misses nothing its checks look for; they look closer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.patterns import Cues, Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardlint.card.card import Card
    from cardlint.card.outline import Block, Heading, Link

SIGNS = {
    "table": "a table",
    "code-at-end": "the last block is code",
    "code-alone": "blocks of code and no others",
    "marks-in-code": "a block of code with the marks of one inside",
    "bracketed-address": "prose with brackets, parentheses and an address",
    "leading-hash": "a paragraph that begins with #",
    "dashes": "a line of the body that begins with ---",
    "key-below": "a key of the metadata right behind the front matter",
    "bare-heading": "a heading with no text before the next one, or none at the end, or without words of its own",
    "skipped-level": "a heading more than one level below the one before it",
    "repeated-heading": "two headings of one level and text",
    "title": "a first heading of level 1",
    "title-alone": "no block and no link, and one heading at most",
    "comment": "an HTML comment",
    "image-text": "an image with an alternative text of a few words",
    "bare-image": "an image without alternative text",
    "anchor-link": "a link to a heading",
    "vague-label": "a link whose label says nothing",
    "address-label": "a link whose label has a dot and is not its address",
    "unset-link": "a link without text, or whose address may be a filler",
    "odd-scheme": "a link whose address begins with h or t and not with https://, or has it twice",
    "bare-host": "a link whose address has no scheme and a dot before its first slash",
    "non-ascii-link": "a link whose address has letters beyond ASCII",
    "yaml-comment": "a # in the front matter",
    "quoted-path": "code with a string that begins like a path, or with two slashes",
    "open-name": "code with a name that a template or a tutorial may have left open",
    "tag-character": "one of the invisible tag characters, U+E0001 to U+E007F, or of those up to U+E0FFF",
}
"""Every sign by its name, in words."""

SURELY_SET = ("https://h", "https://a", "https://g", "https://w", "https://c", "./", "#")
"""How addresses begin that are no filler, but for ``#`` alone."""

SHORTEST_ORDER = 12
"""Characters below which a text gives no order."""

LONGEST_GAP = 200
"""Characters between two headings above which something stands there."""

BARE = " \t\r\n-_*>"
"""What may stand between two headings that have nothing between them."""

_IN_CODE = Cues(
    {
        "quoted-path": r"""["'](?:[/.~]|file:|[A-Za-z]:|[\w.-]+/+[\w.-]+/)""",
        "open-name": (
            r"(?i)\{model|model_name|[\"']none|path_to_this_repo|sentence_transformers_model_id|(?:user(?:name)?|org(?:anization)?|owner)>?/"
            r"|your[-_ ]?(?:hf[-_ ]?)?(?:user|org|name|hub|account|repo|model)"
            r"|(?:seu|tuo?|su|votre|ton|dein|ihr|jouw|ваш|твой)[-_](?:usu|nom|util|user|name|benutzer|nutzer|organi|gebruiker|utente|логин|имя|ник)"
            r"|kullan[ıi]c[ıi]|pengguna/|username[-_][ak]|пользователя/|placeholder/|你的|您的|あなたの|用户名/|用戶名/|ユーザー名/|사용자"
        ),
    }
)
KEY_BELOW = Pattern(
    r"\s*(license|tags|language|datasets|pipeline_tag|library_name|base_model|metrics|widget|model-index|inference|thumbnail)"
    r"[ \t]*:(?=[ \t]*[^\s.]*(?:\.[^\s.]+)*(?:[ \t]+[^\s.]+)?[ \t]*(?:\r?\n|$))"
)
"""What stands behind a closing fence that came too early."""
_VAGUE = frozenset(
    {"here", "link", "this link", "click here", "click", "this", "see here", "read more", "more", "url", "page"}
    | {"这里", "此处", "点击这里", "こちら", "aquí", "ici", "hier", "qui", "здесь", "여기"}
)
_LONGEST_VAGUE = 30
_MARKS = ("```", "~~~")
_SCHEME = 8
"""The length of ``https://``."""
_SCHEME_LETTERS = frozenset("hHtT")
_NO_LEVEL = 9
_RUNNING = ("paragraph", "item")
_TAG_CHARACTERS = b"\xf3\xa0"
"""What U+E0000 to U+E0FFF begin with in UTF-8."""


def signs(card: Card) -> frozenset[str]:
    """The signs that a card has."""
    outline, block = card.outline, card.front_matter
    found = {"comment"} if outline.comments else set()
    if card.text.find("\n---", max(block.end - 1, 0)) >= 0:
        found.add("dashes")
    if block.end and KEY_BELOW.match(card.text, block.end):
        found.add("key-below")
    if card.text.find("#", block.start, block.closing) >= 0:
        found.add("yaml-comment")
    if _TAG_CHARACTERS in card.utf8:
        found.add("tag-character")
    if not outline.blocks and not outline.links and len(outline.headings) < 2:
        found.add("title-alone")
    _in_blocks(outline.blocks, card.prose, found)
    if card.code:
        found |= _IN_CODE.occurring(card.code)
    _in_headings(card.text, outline.headings, found)
    _in_links(outline.links, found)
    return frozenset(found)


def shows_nothing(source: str) -> bool:
    """Whether a stretch of a card holds marks alone, or a comment, of which a page shows nothing."""
    rest = source.strip(BARE)
    return not rest or (rest.startswith("<!--") and source.count("-->") == 1 and source.rstrip().endswith("-->"))


def is_vague(label: str) -> bool:
    """Whether a link's label is "here" or the like."""
    return len(label) <= _LONGEST_VAGUE and label.strip(" .:[]()*_").lower() in _VAGUE


def _in_blocks(blocks: Sequence[Block], prose: str, found: set[str]) -> None:
    """``prose`` is the text of the blocks that are no code, an empty line between them."""
    if not blocks:
        return
    if _has_bracketed_address(prose) and any(_has_bracketed_address(block.text) for block in blocks if block.kind in _RUNNING):
        found.add("bracketed-address")
    if prose[:1] == "#" or "\n\n#" in prose:
        found.add("leading-hash")
    kinds = [block.kind for block in blocks]
    if "table" in kinds:
        found.add("table")
    if "code" in kinds and any(_has_marks(block.text) for block in blocks if block.kind == "code"):
        found.add("marks-in-code")
    if kinds[-1] == "code":
        found.add("code-at-end")
        if kinds.count("code") == len(kinds):
            found.add("code-alone")


def _has_bracketed_address(text: str) -> bool:
    return "]" in text and "(" in text and ("://" in text or "www." in text)


def _has_marks(code: str) -> bool:
    return "\n```" in code or "\n~~~" in code or code[:3] in _MARKS


def _in_headings(text: str, headings: Sequence[Heading], found: set[str]) -> None:
    if not headings:
        return
    level, said, _, end, kind = headings[0]
    if level == 1:
        found.add("title")
    elif not said:
        found.add("bare-heading")
    above = _NO_LEVEL if kind == "bold" else level
    for heading in headings[1:]:
        before = level
        level, said, start, stop, kind = heading
        if not said or (level <= before and start - end < LONGEST_GAP and shows_nothing(text[end:start])):
            found.add("bare-heading")
        end = stop
        if kind != "bold":
            if level > above + 1:
                found.add("skipped-level")
            above = level
    if len(text) - end < LONGEST_GAP and shows_nothing(text[end:]):
        found.add("bare-heading")
    if len({heading[:2] for heading in headings}) != len(headings):
        found.add("repeated-heading")


def _in_links(links: Sequence[Link], found: set[str]) -> None:
    for url, text, _, _, _, image in links:
        if image:
            if not text.strip():
                found.add("bare-image")
            elif len(text) >= SHORTEST_ORDER:
                found.add("image-text")
        elif not text:
            found.add("unset-link")
        else:
            if is_vague(text):
                found.add("vague-label")
            if "." in text and text != url:
                found.add("address-label")
        if url[:_SCHEME] == "https://":
            if url[_SCHEME : _SCHEME + 4] == "http":
                found.add("odd-scheme")
        elif url[:1] in _SCHEME_LETTERS:
            found.add("odd-scheme")
        if not url.startswith(SURELY_SET):
            if "/" not in url[_SCHEME:] or url[0].isspace():
                found.add("unset-link")
            if "." in url and "://" not in url and "." in url.partition("/")[0]:
                found.add("bare-host")
        elif url[0] == "#":
            found.add("anchor-link" if len(url) > 1 else "unset-link")
        if not url.isascii():
            found.add("non-ascii-link")
