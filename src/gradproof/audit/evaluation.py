"""The value of a term at a point.

Contract. An `Evaluator` turns each term once into a closure, equal terms into the same one, and remembers at the
present point what each closure gave for the bound indices it uses; so a new line costs what is new in it.
Derivatives come from jets of the original definitions: the entry z_k, or the symbol, gets a nilpotent unit added.

Blind spot. What stands under an empty sum is not evaluated, so it is not noticed where it is undefined.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from gradproof import expression as x
from gradproof.audit import implicit
from gradproof.audit.arithmetic import Arithmetic, Jet, Real, Undefined, Value, from_int, parts_of, whole
from gradproof.audit.meaning import MEANINGS, Base, Count, Moves, Run, Where, no_number
from gradproof.expression import Array, Expr, Index, Symbol

WORKING_BITS = 150  # 45 digits
LIMIT_BITS = 700


@dataclass
class Point:
    """Sizes, free indices, and a value for every symbol (a real) and array (its entries)."""

    sizes: dict[Symbol, int]
    indices: dict[Index, int]
    values: dict[Base, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Node:
    """A term made ready: `used` bound indices, `bases` (numbered symbols and arrays) its value depends on."""

    number: int
    run: Run
    used: frozenset[int] = frozenset()
    bases: frozenset[int] = frozenset()


class Evaluator:
    """Values of terms at the point last given to `begin`."""

    def __init__(self, precision: int = WORKING_BITS, host: Evaluator | None = None) -> None:
        self.arithmetic = Arithmetic(precision)
        self.host = host
        self.bases: dict[Base, int] = {} if host is None else host.bases
        self.values: dict[int, Any] = {} if host is None else host.values
        self.indices: dict[Index, int] = {} if host is None else host.indices
        self.sizes: set[Symbol] = set() if host is None else host.sizes  # symbols that say how far an index runs
        self.nodes: dict[tuple[Any, ...], Node] = {}
        self.by_identity: dict[int, tuple[Expr, Node]] = {}
        self.counts: dict[int, tuple[Expr, Count]] = {}
        self.memos: list[dict[Any, Value]] = []
        self.fine: Evaluator | None = None

    def begin(self, point: Point) -> None:
        """Evaluate at this point from now on."""
        self.forget()
        self.values.clear()
        for symbol, n in point.sizes.items():
            self.values[self.base(symbol)] = from_int(n)
        for base, value in point.values.items():
            self.values[self.base(base)] = value
        self.indices.clear()
        self.indices.update(point.indices)

    def forget(self) -> None:
        """Drop what was remembered: the point has changed."""
        self.arithmetic.memo.clear()
        self.arithmetic.nodes.clear()
        self.arithmetic.failed.clear()
        for memo in self.memos:
            memo.clear()
        if self.fine is not None:
            self.fine.forget()

    def value(self, e: Expr, where: Where = ()) -> Real:
        found = self.node(e).run(where, ())
        return found if not isinstance(found, Jet) else found.parts[0]

    def base(self, base: Base) -> int:
        return self.bases.setdefault(base, len(self.bases))

    def node(self, e: Expr) -> Node:
        known = self.by_identity.get(id(e))
        if known is None:
            known = self.by_identity[id(e)] = (e, self._structural(e))  # keeps e alive, so that its id stays its own
        return known[1]

    def _structural(self, e: Expr) -> Node:
        children = () if isinstance(e, Index) else tuple(self.node(a) for a in e.args)
        name: tuple[Any, ...] = (e.args,) if isinstance(e, Index) else tuple(c.number for c in children)
        key = (type(e).__name__, e.data, name)
        found = self.nodes.get(key)
        if found is None:
            found = self.nodes[key] = self._make(e, children)
        return found

    def _make(self, e: Expr, children: tuple[Node, ...]) -> Node:
        build = MEANINGS.get(type(e)) or implicit.MEANINGS.get(type(e))
        if build is None:
            return Node(len(self.nodes), no_number(e))
        used = frozenset().union(*(c.used for c in children)) if children else frozenset()
        bases = frozenset().union(*(c.bases for c in children)) if children else frozenset()
        if isinstance(e, x.Bound):
            used = frozenset((int(e.data[0]),))
        elif isinstance(e, x.Binder):
            used = children[0].used | {u - 1 for u in children[1].used if u}
        elif isinstance(e, Symbol):
            bases = frozenset((self.base(e),))
        elif isinstance(e, x.Root):
            bases -= {self.base(e.data[0])}
        elif isinstance(e, (x.Limit, x.Expectation)):
            bases = (children[0].bases - {self.base(e.data[0])}).union(*(c.bases for c in children[1:]))
        elif isinstance(e, (x.Entry, x.OfMatrix)):
            base = e.base
            bases |= {self.base(base)} if isinstance(base, Array) else self.node(base.body).bases
        run = build(self, e, tuple(c.run for c in children))
        if isinstance(e, x.OfMatrix) or (e.args and not isinstance(e, (x.Entry, x.Delta, x.Ranking, Index))):
            run = self._remembering(run, used, bases)
        return Node(len(self.nodes), run, used, bases)

    def _remembering(self, run: Run, used: frozenset[int], bases: frozenset[int]) -> Run:
        memo: dict[Any, Value] = {}
        self.memos.append(memo)
        pick: Callable[[Where], Any] = itemgetter(*sorted(used)) if used else lambda where: 0

        def remembered(where: Where, moves: Moves) -> Value:
            key = pick(where)
            if moves:
                moves = tuple([m for m in moves if m[0] in bases])
                if moves:
                    key = (key, moves)
            found = memo.get(key)
            if found is None:
                found = memo[key] = run(where, moves)
            return found

        return remembered

    def count(self, e: Expr) -> Count:
        """The whole number a term stands for, where it is an index or a size."""
        known = self.counts.get(id(e))
        if known is None:
            known = self.counts[id(e)] = (e, self._count(e))
        return known[1]

    def _count(self, e: Expr) -> Count:
        if isinstance(e, x.Bound):
            position = int(e.data[0])
            return lambda where: where[position]
        if isinstance(e, x.Ranking):
            return implicit.ranking(self, e)
        if isinstance(e, Index):
            indices = self.indices
            return lambda where: indices[e]
        if isinstance(e, x.Number) and e.value.denominator == 1:
            fixed = int(e.value)
            return lambda where: fixed
        for symbol in x.subterms(e):
            if isinstance(symbol, Symbol):
                self.sizes.add(symbol)
        run = self.node(e).run
        return lambda where: _whole(run(where, ()))

    def limit_evaluator(self) -> Evaluator:
        if self.host is not None:
            return self
        if self.fine is None:
            self.fine = Evaluator(LIMIT_BITS, self)
        return self.fine


def _whole(value: Value) -> int:
    found = whole(parts_of(value)[0])
    if found is None:
        raise Undefined("a size or an index that is not a whole number")
    return found
