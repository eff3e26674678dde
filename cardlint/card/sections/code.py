"""What a code block is there for."""

from __future__ import annotations

import re

from cardlint.patterns import Pattern

_LONGEST = 20_000
_BIBTEX = Pattern(r"@\s?\w{4,20}\s?\{")
_USES = (
    *("import", "from_pretrained", "pipeline", "install", "python", "clone", "curl", "docker", "load", "model"),
    *("predict", "generate", "wget", "ollama", "run", "tokenizer", ">>>"),
)
"""What a text of usage holds one of: most code that is none is told by that alone."""
_USABLE = Pattern(
    r"\b(?:import|from_pretrained|pipeline|pip3? install|python3?|git clone|curl|docker|load|model|predict|generate|wget|ollama|run)\b"
    r"|\btokenizer\b|>>>"
)
_UNUSABLE = ('"None"', "'None'", "{MODEL_NAME}", "{MODEL}", "PATH_TO_THIS_REPO", "sentence_transformers_model_id", "TODO: add an example")
_COMMENT_ONLY = Pattern(r"\s*#[^\n]*\s*")
_LONGEST_COMMENT = 120
_DATA_LANGUAGES = frozenset({"yaml", "yml", "json", "text", "txt", "bibtex", "xml", "csv"})
_TOOL_WORKS = ("vonwerra2022trl", "reimers-2019-sentence-bert", "henderson2017efficient", "tunstall2022")
_OUTPUT = Pattern(r"""['"](?:score|token_str|sequence|label)['"]\s*:""")
_OUTPUTS = ("score", "token_str", "sequence", "label")
_AUTHOR = Pattern(r"\bauthors?\s*=", re.IGNORECASE)


def unfilled(text: str) -> bool:
    """Whether nothing was written in the block but a comment or an import of nothing."""
    if not text or text.isspace() or "{...," in text or "import ..." in text:
        return True
    return len(text) < _LONGEST_COMMENT and "#" in text and _COMMENT_ONLY.fullmatch(text) is not None


def is_citation(text: str) -> bool:
    """Whether the block is BibTeX."""
    return "@" in text and _BIBTEX.search(text, 0, _LONGEST) is not None


def cites_tool(text: str) -> bool:
    """Whether BibTeX cites the tool that wrote the card, not the work."""
    return any(work in text for work in _TOOL_WORKS)


def is_output(text: str) -> bool:
    """Whether it shows what a pipeline answered, scores of single answers included."""
    return any(key in text for key in _OUTPUTS) and _OUTPUT.search(text, 0, _LONGEST) is not None


def names_authors(text: str) -> bool:
    """Whether BibTeX names authors."""
    return _AUTHOR.search(text, 0, _LONGEST) is not None


def is_usage(language: str, text: str) -> bool:
    """Whether the block shows how something is run, rather than settings or output."""
    if language in _DATA_LANGUAGES:
        return False
    return " import " in text or (any(word in text for word in _USES) and _USABLE.search(text, 0, _LONGEST) is not None)


def is_unusable(text: str) -> bool:
    """Whether it cannot run as it stands: its model was never filled in."""
    return any(mark in text for mark in _UNUSABLE)


def loads_model(text: str) -> bool:
    """Whether it loads a model, whatever the heading above."""
    return "from_pretrained" in text or "pipeline(" in text
