"""Models that code names as a base: a variable called so, indented text, or what a command that trains starts from."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import re2

from cardlint.card.claims.repoids import is_repo_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardlint.card.claims.body import Body
    from cardlint.card.outline import Block

_LONGEST_ID = 100
_CODED = (
    r"(?i)\bbase_?model(?:_?(?:name|id|path|or|repo))*[\"']?\s*[:=]\s*(?:\w+(?:\.from_pretrained)?\(\s*)?[\"']([^\"'\n]+)[\"']"
    r"|(?m:^[ \t]*base model: *([\w.-]+/[\w.-]+)[ \t]*$)|\bthis `([\w./-]+)` model was fine-tuned"
    r"|--(?:base_model|(?:pretrained_)?model_name_or_path)(?: |=)[ \"']*([\w./-]+)"
)
_VARIABLE, _OPTION = 1, 4
_CODED_STEMS = ("base_model", "BASE_MODEL", "basemodel", "_name_or_path", "ase model:", "` model was fine")


@cache
def _coded_pattern() -> re2._Regexp[str]:
    return re2.compile(_CODED)


def coded_bases(body: Body) -> Iterator[tuple[Block, int, int]]:
    """The models that code names as a base: a variable called so, indented text, or what a command that trains starts from."""
    for block in body.outline.blocks:
        text = block.text
        if block.kind == "code" and any(stem in text for stem in _CODED_STEMS):
            for match in _coded_pattern().finditer(text):
                start, end = match.span(match.lastindex or 0)
                if _says(text, match.lastindex or 0) and end - start <= _LONGEST_ID and is_repo_id(text[start:end], single=True):
                    yield block, start, end


def _says(code: str, form: int) -> bool:
    """Whether code that names a model in this form (a group of ``_CODED``) says that this one was made from it."""
    if form == _VARIABLE:
        return "adapter" in code or "Peft" in code
    return form != _OPTION or "train" in code
