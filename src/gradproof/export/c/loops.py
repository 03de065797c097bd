"""Loops: where a statement stands, what is known there, and how it is shown.

Contract. A loop's items run in order. A value is looked up in the loops around it, innermost first. A second body may
be put into a loop that is already closed (fusion): what it needs outside is then inserted before that loop.

Blind spot. Whether fusing keeps the order right is decided by the caller, through `Loop.after`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .terms import Term

if TYPE_CHECKING:
    from .lanes import Lanes

PLUS = {"sum": "+", "prod": "*", "max": "max"}


@dataclass(frozen=True)
class Value:
    """An expression in C of kind `real`, `double`, `int` or `literal`, and the loops that it varies with."""

    text: str
    kind: str
    loops: frozenset[Loop] = frozenset()

    @property
    def depth(self) -> int:
        return max((n.depth for n in self.loops), default=0)


@dataclass(eq=False)
class Statement:
    """A line; one that accumulates has an operation, the name of what it adds to, and what it adds."""

    text: str
    operation: str = ""
    name: str = ""


@dataclass(eq=False)
class Loop:
    """`for` a variable below a length; the outermost one stands for one row and has none."""

    variable: str = ""
    length: str = ""
    parent: Loop | None = None
    items: list[Statement | Loop] = field(default_factory=list)
    known: dict[tuple[Term, tuple[str, ...] | None], tuple[Value, Statement | Loop | None]] = field(
        default_factory=dict
    )
    head: str = ""  # of a loop that does not count
    lanes: Lanes | None = None  # how several rows are visited together, where they may be
    flat: Loop | None = None  # one loop over all entries that does the same
    before: Loop | None = None  # new items stand before this one of the items

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    def around(self) -> Iterator[Loop]:
        """This loop and those around it."""
        yield self
        if self.parent is not None:
            yield from self.parent.around()

    def add(self, item: Statement | Loop) -> None:
        self.items.insert(len(self.items) if self.before is None else self.items.index(self.before), item)

    def last(self) -> Statement | Loop | None:
        """The item that a new one follows."""
        place = len(self.items) if self.before is None else self.items.index(self.before)
        return self.items[place - 1] if place else None

    def earlier(self) -> list[Loop]:
        """The closed loops that new items follow, the nearest first."""
        end = len(self.items) if self.before is None else self.items.index(self.before)
        return [n for n in reversed(self.items[:end]) if isinstance(n, Loop)]

    def after(self, inner: Loop) -> set[Term]:
        """The terms that are known here only once the inner loop is through."""
        place = self.items.index(inner)
        return {t for (t, _), (_, item) in self.known.items() if item is not None and self.items.index(item) >= place}

    @property
    def leaf(self) -> bool:
        return not self.head and not any(isinstance(n, Loop) for n in self.items)

    def sums(self) -> list[Statement]:
        return [n for n in self.items if isinstance(n, Statement) and n.operation]

    def lines(self, indent: str) -> Iterator[str]:
        for item in self.items:
            if isinstance(item, Statement):
                yield indent + item.text
            else:
                yield from item.shown(indent)

    def shown(self, indent: str) -> Iterator[str]:
        head = f"for (ptrdiff_t {self.variable} = 0; {self.variable} < {self.length}; ++{self.variable}) {{"
        if not self.leaf:
            if self.head:
                yield from (indent + self.head, *self.lines(indent + "    "), indent + "}")
            elif self.flat is not None:
                yield from self.flat.entries(indent)
            elif self.depth == 1:
                yield from self._rows(indent)
            else:
                yield from (indent + head, *self.lines(indent + "    "), indent + "}")
            return
        parts = [s for s in self.sums() if s.operation == "sum"]
        if parts:
            yield from self._in_blocks(indent, parts)
            return
        place = self._apart()
        if place:
            yield from self._without(place, indent)
            return
        yield from (indent + self._pragma(), indent + head, *self.lines(indent + "    "), indent + "}")

    def _apart(self) -> str:
        """The one index at which entries are different, such as the true class, where there is one."""
        texts = [n.text for n in self.items if isinstance(n, Statement)]
        found = {m for t in texts for m in re.findall(rf"\({self.variable} == (\w+)\)", t)}
        return found.pop() if len(found) == 1 and not self.sums() else ""

    def _without(self, place: str, indent: str) -> Iterator[str]:
        """That entry first, then all as if there were none, then the entry put in: no comparison in the loop."""
        v, inner = self.variable, indent + "    "
        texts = [n.text for n in self.items if isinstance(n, Statement)]
        here, others = (
            [re.sub(rf"(\(real\))?\({v} == {place}\)", value, t) for t in texts] for value in ("1.0r", "0.0r")
        )
        written = [t.split(" = ", 1)[0] for t in texts if not t.startswith("const ")]
        names = {w: f"apart_{v}{n or ''}" for n, w in enumerate(written)}
        below = f"{place} < {self.length}"
        inside = f"if ({below}) {{" if place.isdigit() else f"if (0 <= {place} && {below}) {{"
        yield f"{indent}real {', '.join(f'{n} = 0' for n in names.values())};"
        yield indent + inside
        yield f"{inner}const ptrdiff_t {v} = {place};"
        for text in here:
            left, right = text.split(" = ", 1)
            yield f"{inner}{names.get(left, left)} = {right}"
        yield indent + "}"
        yield indent + "SIMD()"
        yield f"{indent}for (ptrdiff_t {v} = 0; {v} < {self.length}; ++{v}) {{"
        yield from (inner + text for text in others)
        yield indent + "}"
        yield indent + inside
        yield f"{inner}const ptrdiff_t {v} = {place};"
        yield from (f"{inner}{left} = {name};" for left, name in names.items())
        yield indent + "}"

    def _rows(self, indent: str) -> Iterator[str]:
        """A loop over rows, in parallel; where rows are short, many at a time first."""
        clauses = " ".join(f"reduction({PLUS[s.operation]} : {s.name})" for s in self.sums())
        v, n, start, inner = self.variable, self.length, "0", indent + "    "
        if self.lanes is not None:
            start = f"{v}_done"
            yield f"{indent}ptrdiff_t {start} = 0;"
            yield f"{indent}if ({self.lanes.axis} <= NARROW) {{"
            yield f"{inner}{start} = {n} - {n} % LANES;"
            yield f"{inner}PARALLEL({clauses})"
            yield f"{inner}for (ptrdiff_t {v}_first = 0; {v}_first < {start}; {v}_first += LANES) {{"
            yield from (*self.lanes.lines(inner + "    "), inner + "}", indent + "}")
        yield f"{indent}PARALLEL({clauses})"
        yield f"{indent}for (ptrdiff_t {v} = {start}; {v} < {n}; ++{v}) {{"
        yield from (*self.lines(inner), indent + "}")

    def entries(self, indent: str) -> Iterator[str]:
        """A loop over all entries of matrices, in parallel."""
        clauses = " ".join(f"reduction(+ : {s.name})" for s in self.sums())
        yield f"{indent}PARALLEL({clauses})"
        yield from self._in_blocks(indent, self.sums())

    def _pragma(self) -> str:
        clauses = "".join(
            f" reduction({PLUS[s.operation]} : {s.name + '_part' if s.operation == 'sum' else s.name})"
            for s in self.sums()
        )
        return f"SIMD({clauses.strip()})"

    def _in_blocks(self, indent: str, parts: list[Statement]) -> Iterator[str]:
        v, inner = self.variable, indent + "    "
        yield f"{indent}for (ptrdiff_t {v}_from = 0; {v}_from < {self.length}; {v}_from += BLOCK) {{"
        yield f"{inner}const ptrdiff_t {v}_end = {self.length} - {v}_from < BLOCK ? {self.length} : {v}_from + BLOCK;"
        if parts:
            yield f"{inner}real {', '.join(f'{s.name}_part = 0' for s in parts)};"
        yield inner + self._pragma()
        yield f"{inner}for (ptrdiff_t {v} = {v}_from; {v} < {v}_end; ++{v}) {{"
        for item in self.items:
            assert isinstance(item, Statement)
            text = item.text.replace(item.name, f"{item.name}_part", 1) if item in parts else item.text
            yield f"{inner}    {text}"
        yield inner + "}"
        yield from (f"{inner}{s.name} += {s.name}_part;" for s in parts)
        yield indent + "}"
