"""Checks of an odd kind, for the tests of what the engine makes of them."""

from __future__ import annotations

import os
from functools import wraps

from cardlint.model import Problem


def raises(card):  # noqa: ARG001  # as a check asks for it
    yield 1 // 0


def _passed_on(function):
    @wraps(function)
    def passed_on(*given):
        return function(*given)

    return passed_on


@_passed_on
@_passed_on
def decorated(options, card):
    yield Problem("/metadata", f"{options['word']} {card.front_matter.status}")


def runs_out(card):
    if "huge" in card.text:
        raise MemoryError
    yield Problem("/metadata", "read")


def raises_on_some(card):
    if "odd" in card.text:
        raise ValueError("odd")
    yield Problem("/metadata", "read")


def dies(card):
    if "deadly" in card.text:
        os._exit(3)
    yield Problem("/metadata", "read")
