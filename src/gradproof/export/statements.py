"""Array expressions as Python expressions of an array library: NumPy, PyTorch and JAX agree on all but words.

Contract. A value that is used more than once, or is long to write, is given a name in a statement of its own, and so
computed once. Every kind of node is written by one function, from the words of the dialect. Where the dialect writes in
place, so is a value that reads an array which another is to be written over.

Blind spot. Elsewhere temporaries are the library's own: one array per operation, unless it compiles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from . import collective, inplace, kept, logistic, normals, picked, products
from .array import (
    Align,
    Apply,
    Argument,
    Constant,
    Cumulative,
    Diagonal,
    Equal,
    Fill,
    Fold,
    Guard,
    Label,
    LinearAlgebra,
    Node,
    Normal,
    Order,
    Range,
    Size,
    Solve,
    Unknown,
    Window,
    walk,
)
from .buffers import Buffers, effective
from .dialect import ADD, ATOM, MULTIPLY, STATIC, UNARY, Dialect
from .errors import NotExportable
from .module import Result, Routine
from .names import unused

LONGEST = 76  # characters of an expression that is still written in place
LONGEST_RETURN = 104  # characters of what is returned on one line


class Body:
    """The statements of one function."""

    def __init__(self, routine: Routine, dialect: Dialect, taken: Sequence[str] = ()) -> None:
        self.routine = routine
        self.dialect = dialect
        self.taken = {p.name for p in routine.parameters} | set(routine.sizes())
        self.taken |= {dialect.module, "math", "dtype", "device", "group", "axis_name", *taken}
        self.lines: list[str] = []
        self.helpers: set[str] = set()
        self.written: dict[Node, tuple[str, int]] = {}
        self.nodes = routine.nodes()
        self.taken |= {n.name for n in self.nodes if isinstance(n, Size)}
        self.uses = Counter(c for n in self.nodes for c in n.children)
        self.uses.update(r.node for r in routine.results)
        self.done: set[Node] = set()  # the nodes that statements were written for
        self.over: set[Node] = set()  # those that are left in the memory of an operand by a call
        self.rows = normals.Rows(self.nodes, {r.node for r in routine.results}, dialect)
        self.logistic = logistic.companions(self.nodes)
        self.buffers = Buffers(routine, self.rows.together)

    def code(self, node: Node, least: int = ADD) -> str:
        """An expression for the node, in parentheses where it binds less than `least`."""
        if node not in self.written:
            shown, own = self.write(node)
            if node not in self.written:  # a statement may give names to several
                self.written[node] = self._kept(node, shown, own)
        shown, own = self.written[node]
        return shown if own >= least else f"({shown})"

    def write(self, node: Node) -> tuple[str, int]:
        """The expression and its precedence, whether or not it was written before."""
        if type(node) not in WRITE:
            raise NotExportable(f"target {self.dialect.module} has no operation {type(node).__name__}")
        if self.dialect.in_place and (found := inplace.written(self, node)) is not None:
            return found
        return WRITE[type(node)](self, node)

    def _kept(self, node: Node, shown: str, own: int) -> tuple[str, int]:
        plain = isinstance(node, Argument | Size | Constant) or node.static
        kept = isinstance(node, Normal | Solve) or (self.dialect.in_place and self._frees(node))
        if plain or shown.isidentifier() or (self.uses[node] < 2 and len(shown) <= LONGEST and not kept):
            return shown, own
        if isinstance(node, Align) and isinstance(node.value, Argument):
            return shown, own
        prefix = "root" if isinstance(node, Solve) else normals.NAMES.get(getattr(node, "kind", ""), "t")
        self.lines.append(f"{self.named(node, prefix)} = {shown}")
        return self.written[node]

    def _frees(self, node: Node) -> bool:
        """Whether a statement of its own would free an array for others to be written over."""
        return node not in self.over and self.buffers.worth_naming(node)

    def named(self, node: Node, prefix: str) -> str:
        """A name for the value of the node, which a statement gives it."""
        name = unused(prefix, self.taken)
        self.taken.add(name)
        self.written[node] = name, ATOM
        self.done.add(node)
        return name

    def form(self, name: str, *given: object) -> str:
        """A form of the dialect, filled in."""
        if name not in self.dialect.forms:
            raise NotExportable(f"target {self.dialect.module} has no form {name}")
        return self.filled(self.dialect.forms[name], *given)

    def filled(self, template: str, *given: object) -> str:
        if called := self.dialect.helper_called(template):
            self.helpers.add(called)
        return template.format(*given)

    def permuted(self, shown: str, order: Sequence[int]) -> str:
        """What is shown, with its axes in this order."""
        if list(order) == [1, 0]:
            return self.form("transpose", shown)
        rank = len(order)
        return self.form("permute", shown, tuple(n - rank for n in order), tuple(range(-rank, 0)))

    def helper(self, name: str) -> str:
        self.helpers.add(name)
        return name

    def returned(self, result: Result, name: str = "t") -> str:
        """What is returned for a result: an array, also where it is a plain number."""
        node = result.node
        if node.static:
            return self.form("static", self.code(node))
        if self.uses[node] > 1 or node in self.written:
            return self.code(node)
        shown = self.write(node)[0]
        if node not in self.written and self.dialect.in_place and self._read_before(node):
            self.lines.append(f"{self.named(node, name)} = {shown}")
        return self.written[node][0] if node in self.written else shown

    def _read_before(self, node: Node) -> bool:
        """Whether the value reads something that a later result could be written over."""
        return node != self.routine.results[-1].node and any(self.buffers.worth_naming(n) for n in walk(node))

    def returns(self, plain: bool = False) -> list[str]:
        """The statement that returns all results; `plain`: as a tuple of arrays."""
        groups = []
        words = self.routine.name.split("_and_")
        for n, group in enumerate(self.routine.groups):
            word = words[n] if len(words) == len(self.routine.groups) and len(group) == 1 else "t"
            entries = [(f'"{r.name}": ' if r.name and not plain else "", self.returned(r, word)) for r in group]
            items = [name + shown for name, shown in entries]
            groups += [_enclosed("{", items, "}")] if entries[0][0] else [[item] for item in items]
        if len(groups) == 1:
            return ["return " + groups[0][0], *groups[0][1:]]
        return returned_tuple(*groups)

    def types(self, *written: str) -> list[str]:
        """The statements that define the types that were written of."""
        words = self.dialect.typed if self.real else self.dialect.untyped
        text = " ".join([*self.lines, *written])
        like = self.real[0] if self.real else ""
        return [f"{word} = {shown.format(like)}" for word, shown in words.items() if re.search(rf"\b{word}\b", text)]

    def all(self, plain: bool = False) -> list[str]:
        """All statements, from the types to the return."""
        last = self.returns(plain)
        return [*self.types(*last), *self.lines, *last]

    @property
    def real(self) -> list[str]:
        """The parameters that are no labels."""
        return [p.name for p in self.routine.parameters if not p.label]


def returned_tuple(*values: Sequence[str]) -> list[str]:
    """The statement that returns several values, each of one line or more."""
    if all(len(lines) == 1 for lines in values) and sum(len(lines[0]) for lines in values) <= LONGEST_RETURN:
        return [f"return {', '.join(lines[0] for lines in values)}"]
    return ["return (", *(f"    {line}" for lines in values for line in [*lines[:-1], f"{lines[-1]},"]), ")"]


def _enclosed(opening: str, items: Sequence[str], closing: str) -> list[str]:
    """The items on one line, or on one each."""
    line = f"{opening}{', '.join(items)}{closing}"
    return [line] if len(line) <= LONGEST_RETURN else [opening, *(f"    {item}," for item in items), closing]


def _constant(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Constant)
    value = node.value
    if not isinstance(value, Fraction):
        return "math.pi", ATOM
    if value.denominator == 1:
        return str(value), UNARY if value < 0 else ATOM
    return str(value).replace("/", " / "), MULTIPLY


def _apply(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Apply)
    table = STATIC if node.static else body.dialect.operations
    if node.operation not in table:
        raise NotExportable(f"target {body.dialect.module} has no operation {node.operation}")
    if node in body.rows.together:
        return normals.together(body, node)
    if (shared := logistic.shared(body, node)) is not None:
        return shared
    operation, operands = effective(node)
    if operation == "negative" and isinstance(inner := operands[0], Apply) and inner.operation == "negative":
        return body.code(inner.args[0], ATOM), ATOM
    template, own, needs = table[operation]
    given = [body.code(a, n) for a, n in zip(operands, needs, strict=True)]
    if not node.static and node.operation in ("relentr", "log_add"):  # these need arrays
        given = [body.form("static", g) if a.static else g for a, g in zip(node.args, given, strict=True)]
    return body.filled(template, *given), own


def _align(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Align)
    kept = [n for n in node.axes if n is not None]
    shown = body.code(node.value, ATOM if kept == sorted(kept) else ADD)
    if kept != sorted(kept):
        shown = body.permuted(shown, kept)
    if None in node.axes:
        marks = [":" if n is not None else "None" for n in node.axes]
        while marks and marks[0] == ":":
            marks.pop(0)
        shown = f"{shown}[..., {', '.join(marks)}]"
    return shown, ATOM


def _fold(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Fold)
    inner, depth = node.value, 1
    several = node.operation in body.dialect.folds
    while several and isinstance(inner, Fold) and inner.operation == node.operation and body.uses[inner] < 2:
        inner, depth = inner.value, depth + 1
    axis = "-1" if depth == 1 else str(tuple(range(-depth, 0)))
    return body.form("fold", node.operation, body.code(inner), axis), ATOM


def _guard(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Guard)
    if isinstance(node.value, Normal) and node.fill == 0 and "kept" in body.dialect.forms:
        return body.form("kept", body.code(node.value), body.code(node.weight)), ATOM
    if node.fill == 1 and "positive" in body.dialect.forms:  # below a logarithm
        return body.form("positive", body.code(node.value), body.code(node.weight)), ATOM
    return normals.filled(body, node.weight, node.fill, node.value), ATOM


def _equal(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Equal)
    left, right = node.left, node.right
    if isinstance(left, Align) and isinstance(left.value, Range) and right == Align(left.value, left.axes[::-1]):
        return body.form("eye", body.code(left.value.size)), ATOM
    return body.form("equal", body.code(left), body.code(right)), ATOM


def _cumulative(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Cumulative)

    def turned(shown: str, turn: bool) -> str:
        return body.form("reversed", shown) if turn else shown

    given = [n for n in (node.value, node.weight) if n is not None]
    turns = [node.backwards and n.rank > 0 for n in given]
    shown = [turned(body.code(n, ATOM if t else ADD), t) for n, t in zip(given, turns, strict=True)]
    shown = [body.form("static", s) if n.static else s for n, s in zip(given, shown, strict=True)]
    return turned(body.filled(body.dialect.cumulative[node.operation], *shown), node.backwards), ATOM


def _window(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Window)
    size, start = body.code(node.size, ADD), node.start
    end = f"{start} : {start} + {size}" if start else f":{size}"
    return f"{body.code(node.value, ATOM)}[..., {end}]", ATOM


def _linear(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, LinearAlgebra)
    return body.form(node.operation, body.code(node.value)), ATOM


def _diagonal(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Diagonal)
    return body.form("diagonal", body.code(node.value)), ATOM


def _fill(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Fill)
    zeros = body.form("zeros", body.code(node.size))
    if node.value.static and not node.value.rank:
        return f"{body.code(node.value, ADD)} + {zeros}", ADD
    return f"{body.code(node.value, ATOM)}[..., None] + {zeros}", ADD


def _range(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Range)
    return body.form("range", body.code(node.size)), ATOM


def _search(body: Body, node: Node) -> tuple[str, int]:
    """A function of the unknown, written within this one, and the search for its zero."""
    assert isinstance(node, Solve)
    inside = [n for n in walk(node.gap) if node.unknown in walk(n)]
    for n in walk(node.gap):
        if n not in inside and not any(isinstance(m, Unknown) for m in walk(n)):
            body.code(n)  # what is the same at every value of the unknown, once and outside
    gap, letter = (unused(name, body.taken) for name in ("gap", "u"))
    body.taken |= {gap, letter}
    body.written[node.unknown] = letter, ATOM
    outside, body.lines = body.lines, []
    last = f"return {body.code(node.gap)}"
    body.lines = [*outside, f"def {gap}({letter}):", *(f"    {line}" for line in (*body.lines, last))]
    for n in inside:
        body.written.pop(n, None)
    ends = [f", {name}={float(v)}" for name, v in (("low", node.low), ("high", node.high)) if v is not None]
    return body.form("root", gap, node.rank, "".join(ends), (1,) * node.rank), ATOM


def _order(body: Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Order)
    shown = body.form("argsort", body.code(node.value))
    return (shown if node.kind == "argsort" else body.form("argsort", shown)), ATOM


WRITE: dict[type[Node], Callable[[Body, Node], tuple[str, int]]] = {
    Constant: _constant,
    Apply: _apply,
    Align: _align,
    Fold: _fold,
    **products.WRITE,
    **normals.WRITE,
    Guard: _guard,
    Equal: _equal,
    Cumulative: _cumulative,
    Window: _window,
    Diagonal: _diagonal,
    LinearAlgebra: _linear,
    Fill: _fill,
    Solve: _search,
    Order: _order,
    Range: _range,
    Size: lambda body, node: (node.name, ATOM),  # type: ignore[attr-defined]
    Argument: lambda body, node: (node.name, ATOM),  # type: ignore[attr-defined]
    Label: lambda body, node: (node.name, ATOM),  # type: ignore[attr-defined]
    **collective.WRITE,
    **picked.WRITE,
    **kept.WRITE,
}
