"""Links and addresses that name data where a sentence tells of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import Data, is_never, looks_named
from cardlint.card.claims.datapages import TOOL_BEHIND, Page, describes, in_label, is_data_link, is_label, page_kind
from cardlint.card.claims.datawords import PLURAL
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Anchor, Body
    from cardlint.card.claims.datanames import Found
    from cardlint.card.outline import Block

_HUB_DATA = Pattern(r"https?://(?:(?:huggingface\.co|hf\.co)/datasets/[\w.\-]|(?:www\.)?kaggle\.com/(?:c|competitions|datasets)/)")
_TOOL = Pattern(
    r"(?i)librar|framework|zoo|scikit|package|\bapi\b|model|transformers|pytorch|megatron|trainer|toolkit|gpu|tpu|colab|platform|cloud|supercomputer"
)
_COMPANION = Pattern(r"(?i)\bcompanion [^.]*$")
"""Before what is published beside the model: "a companion preference dataset is published at"."""
_LISTING = Pattern(r"(?i)\b(?:data ?sets|corpora)(?: \w+){0,3}: ?[\"'`*]*$")
_LISTING_LENGTH = 40
_JOINT = Pattern(r"[,;&+\n]|\b(?:and|or)\b")
_FROM = Pattern(
    r"\b(?:data|corpus|sentences|tweets|articles|reviews|criteria|notes|images|(?:scrap|extract|crawl|collect|tak)e[dn]"
    r"|(?:creat|deriv|sampl|sourc)ed|built) from (?:the )?$"
)
_FROM_LENGTH = 30
_COMMA = Pattern(r"[\s\"'`*]*(?:,|,? ?\band\b|&)[\s\"'`*]*(?:the )?[\"'`*]*")
_BETWEEN = Pattern(
    r"(?i)(?: \([^()\n]{1,40}\))?[\s,;*\"'`+&(]*(?:(?-i:[A-Z][\w-]*(?: [A-Z][\w-]*)?)(?:\[\d+\])?(?: corpus)?(?:, (?:and )?| and )){0,3}"
    r"(?:(?:various|several|different|multiple) (?:sources|places|sites|websites) (?:such as|like|including):? )?"
    r"(?:(?:the|and|both|a|an|on|from|of|subsets?|portion|version|part|train(?:ing)?|"
    r"split|data ?sets?|corpus|english|\w+ish|\w+ese)[\s,;*\"'`]+){0,5}$"
)
_OF_IMAGES = Pattern(r"(?i)(?:stable diffusion|sdxl|sd ?\d|flux)")
"""Models that others are tuned on, and that no dataset is called after."""
_TRAINING_LABEL = Pattern(
    r"(?i)[^\w\n]*(?:(?:our|the|full|open|released) )?(?:pre-?|fine-?)?"
    r"(?:training|train|sft|dpo|tuning)[ -](?:data|data ?sets?|corpus|set)\W*"
)
_CONSISTS = Pattern(
    r"(?i)\b(?:consists? of|trained on|tuned on|includes?|using|uses) (?:[\w-]+ ){0,4}data ?sets?,? (?:including|such as|like) $"
)
_CONSISTS_LENGTH = 100
_OWN = Pattern(
    r"(?i)\b(?:my|our)(?: own| custom)? $"
    r"|\bfind (?:all )?the (?:training )?data(?: ?sets?)? (?:(?:used )?(?:on|in|at|here|from)(?: this| the)? )?$"
)
_USED_LABEL = Pattern(r"(?i)\bdata ?sets? (?:(?:that |which )?(?:we|i) )?used\b")
_OWN_LENGTH = 70
_DOMAIN = Pattern(r"\b(?:from|corpus of|dump of) ((?:[A-Za-z0-9-]+\.)+(?:com|org|gov|net|edu|io|info|ru|de|fr|cn|jp|kr))(?![\w/.-]*\w)")
_FROM_PAGE = Pattern(r"\b(?:from|at) <?(https?://[^\s()<>\[\],]*[\w/])")
_DATA_FROM_PAGE = Pattern(r"\b(?:data(?: ?sets?)?|corp(?:us|ora)) (?:[a-z]+ ){0,4}(?:from|at) <?(https?://[^\s()<>\[\],]*[\w/])")
_BARE = Pattern(
    r"https://huggingface\.co/datasets/([\w.\-]+(?:/[\w.\-]*\w)?)|"
    r"https://(?:www\.)?kaggle\.com/(?!code|competitions)[\w\-]+/[\w\-]+(?:/[\w\-]+)?"
)


def keep_links(body: Body, found: Found, start: int, end: int, pointed: int, declared: list[tuple[int, int]]) -> None:
    """Keep the links that name data.

    ``pointed`` is where the object of a verb of training begins, ``declared`` where names stand that the front matter lists.
    """
    block = found.block
    text = block.text
    before = pointed
    anchors = body.anchors_in(block, start, end)
    listed = _listed(text, anchors)
    for anchor in anchors:
        found.taken.append((anchor.start, anchor.end))
        whole = text.endswith("part of the ", 0, anchor.start) and text.startswith(" benchmark", anchor.end)
        if whole or _COMPANION.search(text, start, anchor.start):
            continue
        if (
            ("/datasets/" in anchor.url or "kaggle" in anchor.url)
            and _HUB_DATA.match(anchor.url)
            and (describes(label := text[anchor.start : anchor.end]) or (is_never(label) and label.count(" ") <= 1))
        ):
            found.data.append(Data(block, anchor.start, anchor.end, anchor.url))
        elif (
            anchor in listed
            or anchor[:2] in declared
            or is_data_link(text, anchor)
            or (0 <= before <= anchor.start and (before == pointed or _joins(text, before, anchor)) and _is_object(text, before, anchor))
            or (pointed > 0 and _is_source(text, anchor))
        ):
            before = anchor.end if pointed >= 0 else -1
            found.data.append(Data(block, *in_label(text, anchor)))


def offered(body: Body) -> Iterator[Data]:
    """The pages of the hub that a label calls training data, or that the author calls his own dataset: "my own [dataset](…)"."""
    for block in {block.start: block for stem in ("train", "dataset", "tuning", "sft", "dpo") for block in body.holding(stem)}.values():
        for anchor in body.anchors(block):
            label = block.text[anchor.start : anchor.end]
            if (
                _HUB_DATA.match(anchor.url)
                and (
                    (said := bool(_TRAINING_LABEL.fullmatch(label) or _USED_LABEL.search(label)))
                    or (describes(label) and _OWN.search(block.text, max(0, anchor.start - _OWN_LENGTH), anchor.start))
                    or (is_label(label) and _CONSISTS.search(block.text, max(0, anchor.start - _CONSISTS_LENGTH), anchor.start))
                )
                and body.topic(block) not in ("eval", "license")
            ):
                yield Data(block, anchor.start, anchor.end, anchor.url if said or describes(label) else "")


def whole_link(body: Body, block: Block) -> Iterator[Data]:
    """The link that is all there is of a block: "[RuTweets](…)"."""
    anchors = body.anchors(block)
    if len(anchors) != 1 or anchors[0].start or anchors[0].end < len(block.text.rstrip(" :*")):
        return
    if is_label(block.text[: anchors[0].end]) and page_kind(anchors[0].url) is not Page.OTHER:
        yield Data(block, 0, anchors[0].end)


def keep_addresses(found: Found, start: int, end: int, *, training: bool) -> None:
    """Keep the sites and addresses that data is from, and pages of data wherever they stand."""
    block = found.block
    text = block.text
    stretch = text[start:end]
    if "." in stretch and ("from " in stretch or " of " in stretch):
        found.data += [Data(block, *match.span(1)) for match in _DOMAIN.finditer(text, start, end)]
    if "http" in stretch:
        pages = _FROM_PAGE if training else _DATA_FROM_PAGE
        for match in pages.finditer(text, max(0, start - _FROM_LENGTH), end):
            if is_data_page(match.group(1)):
                found.data.append(Data(block, *match.span(1)))
        found.data += [Data(block, *match.span(match.lastindex or 0)) for match in _BARE.finditer(text, start, end)]


def is_data_page(url: str) -> bool:
    """Whether an address may be one of data; pages of hubs are named by their id."""
    return page_kind(url) is not Page.OTHER and not _BARE.match(url)


def _listed(text: str, anchors: tuple[Anchor, ...]) -> set[Anchor]:
    """The links that one word for data speaks of: "the [A](…) and [B](…) datasets", "datasets: [A](…), [B](…)", whatever they link to."""
    listed: set[Anchor] = set()
    behind: Anchor | None = None
    for anchor in reversed(anchors):
        joined = behind is not None and _COMMA.fullmatch(text, anchor.end, behind.start)
        behind = anchor if joined or PLURAL.match(text, anchor.end) else None
        if behind and _can_be_data(text, anchor):
            listed.add(anchor)
    before: Anchor | None = None
    for anchor in anchors:
        joined = before is not None and _COMMA.fullmatch(text, before.end, anchor.start)
        before = anchor if joined or _LISTING.search(text, max(0, anchor.start - _LISTING_LENGTH), anchor.start) else None
        if before and _can_be_data(text, anchor):
            listed.add(anchor)
    return listed


def _can_be_data(text: str, anchor: Anchor) -> bool:
    label = text[anchor.start : anchor.end]
    return is_label(label) and looks_named(label) and not _TOOL.search(label)


def _is_object(text: str, before: int, anchor: Anchor) -> bool:
    """Whether a link stands right behind ``before`` and can name data."""
    between = text[before : anchor.start]
    return (
        len(between) <= 60
        and bool(_BETWEEN.match(between))
        and _can_be_data(text, anchor)
        and not TOOL_BEHIND.match(text, anchor.end)
        and page_kind(anchor.url) is not Page.OTHER
        and not (page_kind(anchor.url) is Page.UNKNOWN and _OF_IMAGES.match(text, anchor.start))
    )


def _joins(text: str, before: int, anchor: Anchor) -> bool:
    """Whether a comma or the like joins a link to the name before it, which "the Acme dataset from [Maker](…)" does not."""
    return bool(_JOINT.search(text, before, anchor.start))


def _is_source(text: str, anchor: Anchor) -> bool:
    """Whether a link tells where data is from: "scraped from [Acme.org](…)"."""
    label = text[anchor.start : anchor.end]
    return (
        bool(_FROM.search(text, max(0, anchor.start - _FROM_LENGTH), anchor.start))
        and is_label(label)
        and not _TOOL.search(label)
        and not TOOL_BEHIND.match(text, anchor.end)
        and page_kind(anchor.url) is not Page.OTHER
    )
