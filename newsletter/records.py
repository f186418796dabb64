"""`dataclass` for the many frozen, slotted records of this program: the same result, but faster to define.

`dataclasses` compiles six functions for each class, which takes two thirds of a millisecond. A hundred records took a
quarter of the time of `newsletter check`. Here, records share all methods except `__init__`, which is compiled when the
first record of a class is made. Fields, defaults, equality, hash, repr, pickling, `replace`, `fields` and `asdict` are
the same as in the standard library; tests/test_records.py compares the two.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

    def dataclass(cls: type | None = None, /, **options: Any) -> Any:
        """Does the same as `dataclasses.dataclass`, but faster for frozen, slotted records with plain fields."""
        if options != {"frozen": True, "slots": True}:
            return dataclasses.dataclass(cls, **options)
        return _record if cls is None else _record(cls)


__all__ = ["dataclass", "is_record"]


def is_record(cls: type) -> bool:
    """Whether a class can be defined quickly: it is frozen and slotted, and its fields are plain values."""
    setter: object = cls.__setattr__
    return setter is _setattr


def _record(cls: type) -> Any:
    undocumented = cls.__doc__ is None
    if undocumented:
        cls.__doc__ = cls.__name__  # otherwise dataclasses would compute a signature as docstring
    record: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    fields = dataclasses.fields(record)
    if any(not field.init or field.kw_only or not field.compare or not field.repr for field in fields):
        msg = f"{cls.__name__}: a record has plain fields only"
        raise TypeError(msg)

    def first(self: Any, *given: Any, **named: Any) -> None:
        init = _compiled(record)
        record.__init__ = init
        init(self, *given, **named)

    for name, method in _SHARED.items():
        setattr(record, name, method)
    record.__init__ = first
    return record


def _compiled(record: Any) -> Any:
    """The `__init__` that dataclasses would make, with the names and defaults of the class."""
    names: dict[str, Any] = {"_MISSING": dataclasses.MISSING}
    arguments, body = ["self"], []
    for field in dataclasses.fields(record):
        name, value = field.name, field.name
        if field.default is not dataclasses.MISSING:
            names[f"_default_{name}"] = field.default
            arguments.append(f"{name}=_default_{name}")
        elif field.default_factory is not dataclasses.MISSING:
            names[f"_make_{name}"] = field.default_factory
            arguments.append(f"{name}=_MISSING")
            value = f"_make_{name}() if {name} is _MISSING else {name}"
        else:
            arguments.append(name)
        # The setter of the slot itself: `object.__setattr__`, which has to find it, takes a third longer.
        names[f"_set_{name}"] = getattr(record, name).__set__
        body.append(f" _set_{name}(self, {value})")
    exec(f"def __init__({', '.join(arguments)}):\n" + ("\n".join(body) or " pass"), names)  # noqa: S102 - as dataclasses does
    init = names["__init__"]
    init.__qualname__ = f"{record.__qualname__}.__init__"
    if "__post_init__" in record.__dict__:
        return _with_post_init(init)
    return init


def _with_post_init(init: Any) -> Any:
    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        init(self, *given, **named)
        self.__post_init__()

    return __init__


_GETTERS: dict[type, Callable[[Any], tuple[Any, ...]]] = {}
"""By class, a function that reads all fields of a record at once. It is made for the first comparison."""


def _values(self: Any) -> tuple[Any, ...]:
    getter = _GETTERS.get(self.__class__)
    if getter is None:
        names = tuple(self.__dataclass_fields__)
        # For a single name, attrgetter returns a value instead of a tuple.
        getter = attrgetter(*names) if len(names) > 1 else lambda record: tuple(getattr(record, name) for name in names)
        _GETTERS[self.__class__] = getter
    return getter(self)


def _eq(self: Any, other: object) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash(_values(self))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__dataclass_fields__)
    return f"{self.__class__.__qualname__}({shown})"


def _setattr(self: Any, name: str, value: object) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(self: Any, name: str) -> None:  # noqa: ARG001
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[Any]:
    return list(_values(self))


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__dataclass_fields__, state, strict=True):
        object.__setattr__(self, name, value)


_SHARED = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _setattr,
    "__delattr__": _delattr,
    "__getstate__": _getstate,
    "__setstate__": _setstate,
}
