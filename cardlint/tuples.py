"""`NamedTuple` as in `typing`, at less than half the price of a class: a first check makes eighty of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from typing import NamedTuple  # noqa: TID251
else:
    from collections import namedtuple

    _NO_MEMBERS = frozenset({"__module__", "__qualname__", "__annotations__"})

    class _Maker(type):
        """Makes a `collections.namedtuple` of a class body: its annotated names are the fields, what they are set to the defaults."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body["__annotations__"]
            made = namedtuple(name, fields, defaults=[body[field] for field in fields if field in body], module=body["__module__"])  # noqa: PYI024
            made.__annotations__ = fields
            for member, value in body.items():
                if member not in fields and member not in _NO_MEMBERS:
                    setattr(made, member, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """As `typing.NamedTuple`, which compiles every annotation to see that it is a type; mypy does that for us."""
