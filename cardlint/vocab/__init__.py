"""The vocabularies of a hub as typed, cached look-ups, one module a vocabulary.

The data stand in ``schemas/vocab/*.json`` (see ``docs/vocabularies.md``); a module here reads its file at the first
question and never at import. ``python -m cardlint.vocab.refresh`` rebuilds the files.
"""
