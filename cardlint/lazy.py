"""A property that is worked out when it is first asked for, and then stands in its object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import cached_property

    lazy = cached_property
else:

    class lazy:  # noqa: N801  # named as what it decorates with
        """As `functools.cached_property` of Python 3.12: that of 3.11 takes a lock, at twice the price; thirty are asked for on a card."""

        def __init__(self, func: Callable[[Any], Any]) -> None:
            self.func = func
            self.name = func.__name__
            self.__doc__ = func.__doc__

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            """The value; what is worked out stands before this in the object's own dictionary."""
            if instance is None:
                return self
            value = instance.__dict__[self.name] = self.func(instance)
            return value
