"""`NamedTuple` as in `typing`, at a tenth of the price of a class: a first check makes eighty of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["NamedTuple"]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import NamedTuple  # noqa: TID251
else:
    from operator import itemgetter
    from types import FunctionType

    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # pragma: no cover  # as `collections` does where there is none

        def _getter(index: int, doc: str | None) -> property:
            return property(itemgetter(index), doc=doc)

    def _make(cls: type, values: Iterable[Any]) -> Any:
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self: Any, /, **given: Any) -> Any:
        made = self._make(map(given.pop, self._fields, self))
        if given:
            raise TypeError(f"Got unexpected field names: {list(given)!r}")
        return made

    def _repr(self: Any) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in zip(self._fields, self, strict=True))})"

    def _asdict(self: Any) -> dict[str, Any]:
        return dict(zip(self._fields, self, strict=True))

    def _getnewargs(self: Any) -> tuple[Any, ...]:
        return tuple(self)

    _SHARED = {
        "__slots__": (),
        "_make": classmethod(_make),
        "_replace": _replace,
        "__repr__": _repr,
        "_asdict": _asdict,
        "__getnewargs__": _getnewargs,
    }
    """What is the same in all of them."""
    _MAKERS: dict[int, Callable[..., Any]] = {}
    """``__new__`` of so many fields: Python compiles a text for it, so one is made for each number, and another only names its fields."""

    def _new(fields: tuple[str, ...], defaults: tuple[Any, ...]) -> Callable[..., Any]:
        number = len(fields)
        if number not in _MAKERS:
            names = "".join(f"_{index}, " for index in range(number))
            _MAKERS[number] = eval(f"lambda _cls, {names}: _new(_cls, ({names}))", {"_new": tuple.__new__, "__name__": __name__})  # noqa: S307  # our own text
        maker = _MAKERS[number]
        return FunctionType(maker.__code__.replace(co_varnames=("_cls", *fields)), maker.__globals__, "__new__", defaults)

    class _Maker(type):
        """Makes a named tuple of a class body: its annotated names are the fields, what they are set to the defaults."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            annotations: Mapping[str, Any] = body["__annotations__"]
            fields = tuple(annotations)
            given = {field: body[field] for field in fields if field in body}
            described = {
                "_fields": fields,
                "_field_defaults": given,
                "__match_args__": fields,
                "__new__": _new(fields, tuple(given.values())),
            }
            getters = {field: _getter(index, None) for index, field in enumerate(fields)}
            return type(name, (tuple,), {**_SHARED, **described, **body, **getters})

    class NamedTuple(metaclass=_Maker):
        """As `typing.NamedTuple`, which compiles every annotation to see that it is a type; mypy does that for us."""
