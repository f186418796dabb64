"""Jinja with limits: a template that loops forever or makes gigabytes of text fails with its file and line.

A template can only loop, call and join texts. So each round of a loop, each call and each included template is counted.
Each text is measured before it is made. The bundled templates need a hundredth of the limits for the largest letter.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from threading import local
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateRuntimeError, nodes, pass_eval_context
from jinja2.runtime import markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from newsletter.records import is_record

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping

    from jinja2 import Template
    from jinja2.nodes import EvalContext
    from jinja2.runtime import Context

MOST_ROUNDS = 1_000_000
"""The limit on loop rounds, calls and included templates for one output: some seconds of work."""
LARGEST = 20_000_000
"""The most characters of any single text. A web page with everything that an issue may have is a fifth of that."""
LARGEST_IN_ALL = 100_000_000
"""The most characters of all intermediate texts together."""
_CALL, _TEMPLATE = 10, 100
"""How many rounds a call and an included template count as: they take as long."""
_AT_ONCE = 100
"""The number of pieces of a text that are joined before its size is checked."""
_WIDEST = 10_000
"""The widest that a template may pad or indent a text."""
_COUNTED, _JOINED = "_counted", "_joined"
_OF_DICTIONARIES = frozenset(dir(dict))


class TemplateBoundError(TemplateRuntimeError):
    """A template does more work than any letter needs."""


class _Mind(NodeTransformer):
    """Adds a counter to each loop, and a size check before each `~`."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _COUNTED, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 - Jinja's name
        self.generic_visit(node)
        texts = nodes.List(list(node.nodes), lineno=node.lineno)
        return nodes.Filter(texts, _JOINED, [], [], None, None, lineno=node.lineno)


class _Done(local):
    """The work of the template that is being filled, in each thread."""

    rounds = 0
    size = 0
    """The characters of all texts that it made."""


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """The sandbox with limits on what a template does."""

    intercepted_binops = frozenset(("*", "**", "+", "%"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, finalize=self._shown)
        self._done = _Done()
        self.filters[_COUNTED] = self._counted
        self.filters[_JOINED] = self._joined
        self.filters["format"] = _narrow(self.filters["format"])
        for name in ("center", "indent"):
            self.filters[name] = _narrow(self.filters[name])
        for name, measured in _SIZES.items():
            self.filters[name] = self._of_size(self.filters[name], measured)
        self.globals.pop("lipsum", None)
        # Jinja takes `concat` as an attribute of the class, which makes it a function of one argument.
        self.concat = self._concat  # type: ignore[method-assign]

    def _of_size(self, function: Any, measured: Any) -> Any:
        """One of Jinja's filters, with a size check before it runs."""
        given = getattr(function, "jinja_pass_arg", None)
        places = 1 if given is not None else 0

        def bounded(*args: Any, **kwargs: Any) -> Any:
            values = list(args[places:])
            if values and isinstance(values[0], Iterator):
                values[0] = list(islice(values[0], MOST_ROUNDS))
            self._measure(measured(*values, **kwargs))
            return function(*args[:places], *values, **kwargs)

        if given is not None:
            bounded.jinja_pass_arg = given  # type: ignore[attr-defined]
        return bounded

    def begin(self) -> None:
        """Resets the counters for a new output."""
        self._done.rounds = self._done.size = 0

    def _count(self, rounds: int = 1) -> None:
        done = self._done
        done.rounds += rounds
        if done.rounds > MOST_ROUNDS:
            raise TemplateBoundError(f"the template repeats itself more than {MOST_ROUNDS:,} times")

    def _measure(self, size: int) -> None:
        """Counts a text of `size` characters that is about to be made."""
        done = self._done
        done.size += size
        if size > LARGEST or done.size > LARGEST_IN_ALL:
            _measure(size)
            _measure(done.size, LARGEST_IN_ALL)

    def _shown(self, value: Any) -> Any:
        if isinstance(value, str):
            self._measure(len(value))
        elif isinstance(value, list | tuple | dict | set):
            self._measure(_sized(value))
        return value

    @pass_eval_context
    def _joined(self, context: EvalContext, texts: list[Any]) -> str:
        self._measure(sum(map(_sized, texts)))
        return markup_join(texts) if context.autoescape else str_join(texts)

    def _counted(self, value: Any) -> Any:
        if hasattr(value, "__len__"):
            self._count(len(value))
            return value
        return self._each(value)

    def _each(self, value: Iterable[Any]) -> Iterator[Any]:
        for one in value:
            self._count()
            yield one

    def _concat(self, pieces: Iterable[str]) -> str:
        return _whole(pieces)

    def _generate(self, source: nodes.Template, *rest: Any, **options: Any) -> str:
        return super()._generate(_Mind().visit(source), *rest, **options)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`obj.attribute` in a template.

        Fields of our own records and entries of plain dictionaries are safe, so the sandbox's check is skipped for
        them.
        """
        cls = type(obj)
        if attribute[:1] != "_":
            if cls is dict:
                if attribute in obj and attribute not in _OF_DICTIONARIES:
                    return obj[attribute]
            elif is_record(cls) and attribute in cls.__dataclass_fields__:
                return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template as a plain dictionary.

        Jinja gives a ChainMap, which is copied for each filled template, at ten times the cost.
        """
        return {**self.globals, **(d or {})}

    def _load_template(self, *names: Any) -> Template:
        self._count(_TEMPLATE)
        return super()._load_template(*names)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """An operator that can make a large result from small operands."""
        if operator == "*":
            for text, times in ((left, right), (right, left)):
                if isinstance(times, int) and hasattr(text, "__len__"):
                    self._measure(len(text) * max(times, 0))
            if isinstance(left, int) and isinstance(right, int):
                _measure(left.bit_length() + right.bit_length(), _WIDEST)
        elif operator == "+":
            if hasattr(left, "__len__") and hasattr(right, "__len__"):
                self._measure(len(left) + len(right))
        elif operator == "**":
            _measure(_bits(left) * _bits(right, value=True), _WIDEST)
        elif isinstance(left, str):
            raise TemplateBoundError("`%` cannot be used on texts here: join them with `~`")
        return super().call_binop(context, operator, left, right)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805, PYI063 - as the sandbox has it
        """Calls `__obj` for a template."""
        __self._count(_CALL)
        # The sandbox wraps `format`.
        owner = getattr(getattr(__obj, "__wrapped__", __obj), "__self__", None)
        if isinstance(owner, str):
            __self._measure(_size_of_method(getattr(__obj, "__name__", ""), owner, args, kwargs))
        return super().call(__context, __obj, *args, **kwargs)


def _measure(size: int, most: int = LARGEST) -> None:
    if size > most:
        raise TemplateBoundError(f"the template makes more than {most:,} characters from one value")


def _whole(pieces: Iterable[str]) -> str:
    """The pieces as one text, joined a hundred at a time.

    No piece is larger than LARGEST, and none is made before it is asked for.
    """
    size, texts, each = 0, [], iter(pieces)
    while batch := list(islice(each, _AT_ONCE)):
        text = "".join(batch)
        size += len(text)
        _measure(size)
        texts.append(text)
    return "".join(texts)


def _bits(number: Any, *, value: bool = False) -> int:
    if not isinstance(number, int):
        return 1
    return abs(number) if value else max(1, number.bit_length())


def _size_of_method(name: str, owner: str, args: Any, kwargs: Any) -> int:
    """An upper limit for the characters that a method of a text makes."""
    numbers = [one for one in (*args, *kwargs.values()) if isinstance(one, int)]
    if name in {"ljust", "rjust", "center", "zfill", "expandtabs"}:
        return len(owner) + max(numbers, default=8) * max(1, owner.count("\t"))
    if name == "replace" and len(args) > 1:
        return len(owner) + (len(owner) + 1 if not args[0] else owner.count(str(args[0]))) * len(str(args[1]))
    if name == "join" and args:
        if not hasattr(args[0], "__len__"):
            raise TemplateBoundError("`join` takes a list here")
        return sum(len(str(one)) + len(owner) for one in args[0])
    if name in {"format", "format_map", "translate"}:
        raise TemplateBoundError(f"`{name}` cannot be used here: join texts with `~`")
    return len(owner)


def _sized(value: Any) -> int:
    """A lower limit for the characters of a value as text; more than LARGEST if it is endless."""
    size, waiting = 0, [value]
    while waiting and size <= LARGEST:
        one = waiting.pop()
        if isinstance(one, str):
            size += len(one)
        elif isinstance(one, list | tuple | set | frozenset):
            waiting.extend(one)
            size += 10
        elif isinstance(one, dict):
            waiting.extend(one.values())
            size += 10
        else:
            size += 10
    return size


def _of_any(value: Any, *_rest: Any, **_options: Any) -> int:
    return _sized(value)


def _of_join(value: Any, d: Any = "", attribute: Any = None) -> int:
    return sum(100 if attribute else _sized(one) for one in value) + len(value) * _sized(d)


def _of_replace(value: Any, old: Any, new: Any, *_rest: Any, **_options: Any) -> int:
    text = str(value)
    return len(text) + (text.count(str(old)) if old else len(text) + 1) * len(str(new)) * 5


def _of_wordwrap(value: Any, width: int = 79, *rest: Any, wrapstring: Any = "", **_options: Any) -> int:
    most: int = max(1, len(value) // max(1, int(width)) + value.count(" ") + value.count("\n"))
    return len(value) + most * max([_sized(wrapstring), *(_sized(one) for one in rest if isinstance(one, str))])


def _of_batch(value: Any, linecount: int, *_rest: Any, **_options: Any) -> int:
    return len(value) + int(linecount)


_SIZES = {
    "join": _of_join,
    "replace": _of_replace,
    "wordwrap": _of_wordwrap,
    "batch": _of_batch,
    "slice": _of_batch,
    **dict.fromkeys(
        ("tojson", "pprint", "string", "e", "escape", "forceescape", "xmlattr", "urlencode", "upper", "lower"), _of_any
    ),
    **dict.fromkeys(
        ("title", "capitalize", "striptags", "trim", "safe", "wordcount", "urlize", "unique", "sort"), _of_any
    ),
}
"""Filters that can make large results, each with an upper limit for the characters or entries that it makes."""


def _narrow(function: Any) -> Any:
    """One of Jinja's filters that pad texts, limited to the widths that a letter may have."""

    def narrow(value: Any, *args: Any, **kwargs: Any) -> Any:
        for one in (*args, *kwargs.values()):
            if isinstance(one, int):
                _measure(one, _WIDEST)
        if function.__name__ == "do_format" and any(len(digits) > 4 for digits in _digits(str(value))):
            _measure(LARGEST + 1)
        if function.__name__ == "do_indent":
            width = next((one for one in (*args, *kwargs.values()) if isinstance(one, int | str)), 4)
            _measure(len(value) + value.count("\n") * (len(width) if isinstance(width, str) else width))
        return function(value, *args, **kwargs)

    return narrow


def _digits(text: str) -> list[str]:
    return "".join(char if char.isdigit() or char == "*" else " " for char in text.replace("*", "99999")).split()
