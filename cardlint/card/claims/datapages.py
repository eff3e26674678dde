"""Links to data: what an address is that of, and whether a link's label names what stands there."""

from __future__ import annotations

from enum import Enum
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from cardlint.card.claims.datanames import (
    ARTICLE,
    LONGEST_NAME,
    MOST_BLANKS,
    WITH_FIRST_WORD,
    is_known,
    is_never,
    known_names,
    looks_named,
    tells_no_more,
    without_word,
)
from cardlint.card.claims.names import holds_model, page_id
from cardlint.data import vocabulary
from cardlint.patterns import Pattern

if TYPE_CHECKING:
    from cardlint.card.claims.body import Anchor

_DATA_WORD = Pattern(r"(?i)[\s\"'`*]*(?:\w+ )?(?:data ?-?sets?\b|corpus\b|corpora\b|数据集|语料|データ|コーパス|데이터|датасет|корпус)")
TOOL_BEHIND = Pattern(r"[\s\"'`*]*(?:(?:AI )?supercomputers?|scripts?|notebooks?|code|examples?|library|framework|recipe|toolkit)\b")
_DATA_NEXT = Pattern(r"[\s\"'`*)]*(?:[a-z][a-z-]+ )?(?:data ?sets?|corpus|corpora)\b|[\"'`*)]* data\b")
_TITLED = Pattern(r"\b(?:[dD]ata ?[sS]et|[cC]orpus|[cC]orpora|[dD]atabase|Treebank)s?(?: ?\([\w-]+\))?$")
_DATA_BEHIND = Pattern(
    r"(?i)(?!`?['’]s\b)[\s\"'`*]*(?:(?!(?:and|or|on|of|for|with|from|in|is|to|as|using|by|the|a|models?)\b)[\w-]+ ){0,4}"
    r"(?:data ?-?sets?\b|corpus\b|corpora\b|数据集|语料|データ|コーパス|데이터|датасет|корпус)"
)
_DATA_BEFORE = (" dataset ", " data set ", " corpus ")
_NO_LABEL = Pattern(
    r"(?i)^(?:(?:here|this|link|paper|repo(?:sitory)?|website|download|homepage|check|doi|huggingface|hugging face)(?![\w-])"
    r"|my |our |open in |http|🤗|\(|[~≈]?\d|.* card$|.*\bet al\b.*|.*(?:链接|連結|リンク|링크)"
    r"|(?:github|code|models?|source|arxiv|scripts?)(?![\w-])(?!.*(?:data ?set|corpus))"
    r"|(?:pre-?|fine-?)?(?:trained|tuned) on |.*\bpre-?trained (?:[\w-]+ )?(?:model|weights|checkpoint)"
    r"|the (?:data ?set|paper|link)|(?:training |original )?data[ -]?sets?(?:$| for | consisting | containing )"
    r"|(?:(?:pre-?|mid-?|post-?)training|fine-?tuning|annealing)(?:/\S+| data(?: ?sets?)?| mix(?:ture)?)?$"
    r"|(?:data(?: ?bases?)?|corpus|corpora)$|kaggle(?: (?:competition|challenge|dataset|tutorial|notebook))?$"
    r"|.*\b(?:corpus|data(?: ?sets?)?) (?:maps?|explorer|viewer)$|.* (?:classifier|detector)$)"
)
_HUB_ID = Pattern(
    r"(?:huggingface\.co|hf\.co)/datasets/(?!viewer\b)([\w.\-]+(?:/[\w.\-]*\w)?)|kaggle\.com/(?:c|competitions|datasets/[\w-]+)/([\w-]{4,})"
)
_DOCUMENT = Pattern(r"/blob/.*\.(?:md|ipynb|py|sh)$")
DATA_FILE = Pattern(r"\w\.(?:jsonl|csv|tsv|parquet|json\.gz)(?:\.gz)?$")
_DATA_ENDS = (" datasets", " dataset", " data", " corpora")
_SITES = ("website", " site", " page", " repository", " project")


@cache
def _pages() -> tuple[Pattern, Pattern]:
    """Addresses of data, and of papers, models and programs."""
    read = vocabulary("claims_datasets")
    return Pattern("|".join(read["data_pages"])), Pattern("|".join(read["other_pages"]))


def hub_id(url: str) -> str:
    """The id of the dataset that an address of the hub names, or what Kaggle calls it there, else ""."""
    match = _HUB_ID.search(url)
    return match.group(match.lastindex or 0) if match else ""


class Page(Enum):
    """What an address is that of: of data, or of a paper, a model or a program."""

    DATA = "data"
    OTHER = "other"
    UNKNOWN = "unknown"


@lru_cache(2048)
def page_kind(url: str) -> Page:
    """What an address is that of."""
    if url.startswith("#") or _DOCUMENT.search(url):
        return Page.OTHER
    if _pages()[0].search(url):
        return Page.DATA
    return Page.OTHER if _pages()[1].search(url) else Page.UNKNOWN


def describes(label: str) -> bool:
    """Whether a label speaks of data without naming it: "here", "dataset for spoken questions"."""
    return bool(_NO_LABEL.match(without_article(label))) or (label.islower() and label.count(" ") >= MOST_BLANKS)


def is_label(label: str) -> bool:
    """Whether a link's label can be a name."""
    name = without_article(label)
    return len(label) <= LONGEST_NAME and not (
        _NO_LABEL.match(label) or _NO_LABEL.match(name) or is_never(name) or (name.lower().endswith(_DATA_ENDS) and tells_no_more(name))
    )


def without_article(label: str) -> str:
    """A label without the article at its front."""
    article = ARTICLE.match(label)
    return label[article.end() :] if article else label


def is_data_link(text: str, anchor: Anchor) -> bool:
    """Whether a link names a dataset, by its target, its label or the words around it."""
    label = text[anchor.start : anchor.end]
    if len(label) > LONGEST_NAME or anchor.url.startswith("#"):
        return False
    kind = page_kind(anchor.url)
    if kind is Page.DATA:
        return not _NO_LABEL.match(without_article(label)) and (not is_never(label) or label.count(" ") >= MOST_BLANKS)
    if not is_label(label):
        return False
    if DATA_FILE.search(label) and label[0].isalnum():
        return True
    if TOOL_BEHIND.match(text, anchor.end):
        return False
    if kind is Page.OTHER and ("/" in page_id(anchor.url) or not is_known(label)):
        return looks_named(label) and not holds_model(label) and bool(_DATA_NEXT.match(text, anchor.end) or _TITLED.search(label))
    return bool(
        _DATA_WORD.search(label)
        or _TITLED.search(label)
        or _DATA_BEHIND.match(text, anchor.end, anchor.end + 60)
        or text.endswith(_DATA_BEFORE, 0, anchor.start)
        or is_known(label)
    )


def in_label(text: str, anchor: Anchor) -> tuple[int, int]:
    """Where the name stands in a link's label: "Common Voice" of "Common Voice website"."""
    label = text[anchor.start : anchor.end]
    if (first := anchor.start - len("the ")) >= 0 and WITH_FIRST_WORD.match(text, first, anchor.end):
        return without_word(text, first, anchor.end)
    if label.endswith(_SITES) and (known := known_names(label)):
        return anchor.start + known[0][0], anchor.start + known[0][1]
    return without_word(text, anchor.start, anchor.end)
