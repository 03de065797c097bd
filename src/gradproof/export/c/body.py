"""The body of one function: terms as loops, each value computed in the outermost place where it is known.

Contract. A reduction or a transcendental function that varies with the loops around it, outermost first, is computed
in the innermost of those; where a loop between does not touch it, it is stored before, so that nothing is computed
again and again. A reduction that several loops need is stored too. Loops of one length become one where the order of
computation allows, so that loss and gradient visit a row together. Reductions are double, entries `real`; the
type of an entry depends on its operands alone, so that it is the same number in every loop.

Blind spot. A stored array is stored whole, in the caller's workspace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..names import unused
from .columns import summed
from .elements import COMPUTE, computed
from .indices import Indices, flat, index, literal, union, unknowns
from .loops import Loop, Statement, Value
from .operations import CHEAP, NAMES, as_kind
from .products import multiplied
from .terms import ONE, Term, walk

LEAVES = ("argument", "label", "constant", "size", "range")


@dataclass(frozen=True)
class Row:
    """The loop that writes the last axis of a result."""

    name: str
    term: Term
    loop: Loop
    at: Indices


@dataclass(frozen=True)
class Waiting:
    """The array of a result in which a term is kept until then, and which of its loops, as found, runs first."""

    array: str
    first: int


class Body:
    """Writes terms into arrays; `stored` are the terms that are kept whole once they are computed, `scratch` those that
    wait in the array of a result until its own loop comes to them."""

    def __init__(
        self, taken: Iterable[str], results: Sequence[Term], stored: frozenset[Term], scratch: Mapping[Term, Waiting]
    ) -> None:
        self.taken = set(taken)
        self.marked = stored
        self.scratch = scratch
        self.row: Row | None = None
        self.rows: list[Row] = []
        self.root = self.here = Loop()
        self.buffers: list[tuple[str, tuple[str, ...]]] = []
        self.places: dict[Term, dict[Loop, None]] = {}
        self.searches: dict[object, tuple[Loop, tuple[str, ...]]] = {}
        self.moved = unknowns(t for r in results for t in walk(r))
        self.uses = Counter(arg for t in {u for r in results for u in walk(r)} for arg in t.args)

    def repeated(self) -> frozenset[Term]:
        """The reductions that were computed in more than one loop."""
        return frozenset(
            t
            for t, loops in self.places.items()
            if len(loops) > 1 and t.shape and t.kind in ("fold", "solve") and not self.moved[t]
        )

    def waiting(self) -> dict[Term, Waiting]:
        """The function that most loops before that of a result compute for the same entries."""
        found: dict[Term, Waiting] = {}
        for row in self.rows:
            fits = [t for t in self.places if t not in found and self._waits(t, row)]
            if fits and all(row.name != w.array for w in found.values()):
                term = max(fits, key=lambda t: len(self.places[t]))
                found[term] = Waiting(row.name, self._first(term))
        return found

    def sound(self) -> bool:
        """Whether the terms that wait are computed in the loop that runs first, before the loop of the result."""
        rows = {row.name: row for row in self.rows}
        return all(self._waits(t, rows[w.array]) and self._first(t) == w.first for t, w in self.scratch.items())

    def _waits(self, term: Term, row: Row) -> bool:
        """Whether other loops compute the term too, all of them before that of the result."""
        loops = self.places.get(term, {})
        fits = term.kind == "apply" and term.shape == row.term.shape and len(loops) > 1 and row.loop in loops
        read = fits and term in walk(row.term)  # before it is written over
        return read and all(n is row.loop or self._goes_before(n, row) for n in loops)

    def _goes_before(self, other: Loop, row: Row) -> bool:
        outside = row.loop.parent
        if outside is None or other.parent is not outside or other.length != row.loop.length:
            return False
        return outside.items.index(other) < outside.items.index(row.loop)

    def _first(self, term: Term) -> int:
        """Which of the loops that the term was found in runs first."""
        loops = list(self.places[term])
        outside = loops[0].parent
        assert outside is not None
        return min(range(len(loops)), key=lambda n: outside.items.index(loops[n]))

    def write(self, term: Term, name: str) -> None:
        """The whole term into the array of this name."""

        def line(at: Indices) -> str:
            self.row = Row(name, term, self.here, at)
            self.rows.append(self.row)
            found = as_kind(self.value(term, at), "real")
            self.row = None
            return f"{name}[{flat(at, term.shape)}] = {found};"

        if term.kind == "product" and (term, None) not in self.root.known:
            multiplied(self, term, name)
            return
        self.nest(term.shape, set(walk(term)), line)

    def nest(self, shape: tuple[str, ...], needed: set[Term], line: Callable[[Indices], str]) -> None:
        def inside(at: Indices) -> None:
            if len(at) == len(shape):
                self.here.add(Statement(line(at)))
            elif shape[len(at)] == ONE:
                inside((*at, Value("0", "int")))
            else:
                with self.loop(shape[len(at)], needed) as loop:
                    inside((*at, index(loop)))

        inside(())

    @contextmanager
    def loop(self, length: str, needed: set[Term]) -> Iterator[Loop]:
        """A loop here: of those that come after all that is needed from outside, the first that knows most of it."""
        outside = self.here
        fit = [n for n in outside.earlier() if n.length == length and not outside.after(n) & needed]
        if not fit:
            loop = Loop(self.name("ijklmnab"[min(outside.depth, 7)]), length, outside)
            self.here = loop
            yield loop
            outside.add(loop)
        else:
            loop = max(reversed(fit), key=lambda n: len({t for t, _ in n.known if t in needed and t.args}))
            before, outside.before = outside.before, loop
            self.here = loop
            yield loop
            outside.before = before
        self.here = outside

    @contextmanager
    def inside(self, scope: Loop) -> Iterator[None]:
        before, self.here = self.here, scope
        yield
        self.here = before

    def name(self, stem: str) -> str:
        found = unused(stem, self.taken)
        self.taken.add(found)
        return found

    def value(self, term: Term, at: Indices) -> Value:
        """The entry of a term at these indices."""
        key = (term, tuple(i.text for i in at))
        for loop in self.here.around():
            if key in loop.known:
                return loop.known[key][0]
        if term.kind in LEAVES:
            return self._leaf(term, at)
        if term in self.marked or term.kind in ("whole", "product", "columns") or (term, None) in self.root.known:
            return self._load(term, at)
        if term.kind in ("fold", "solve") or (term.kind == "apply" and term.data not in CHEAP):
            scope = self.deepest(term, at) if self.moved[term] else self._scope(term, at)
            return self._load(term, at) if scope is None else self._placed(term, at, scope)
        if self.uses[term] > 1 and term.kind == "apply":
            return self._placed(term, at, self.deepest(term, at))
        return COMPUTE[term.kind](self, term, at)

    def _loops(self, term: Term, at: Indices) -> set[Loop]:
        """The loops that the value varies with: of its indices, and of the search for what is unknown in it."""
        return {n for i in at for n in i.loops} | {self.searches[u][0] for u in self.moved[term] if u in self.searches}

    def deepest(self, term: Term, at: Indices) -> Loop:
        loops = self._loops(term, at)
        return next((n for n in self.here.around() if n in loops), self.root)

    def _scope(self, term: Term, at: Indices) -> Loop | None:
        """The innermost loop that the value varies with, where it varies with all those around it."""
        loops = self._loops(term, at)
        scope = self.deepest(term, at)
        return scope if all(n in loops or n is self.root for n in scope.around()) else None

    def _placed(self, term: Term, at: Indices, scope: Loop) -> Value:
        with self.inside(scope):
            wait = self.scratch.get(term)
            place = f"{wait.array}[{flat(at, term.shape)}]" if wait else ""
            is_first = wait is not None and len(self.places.get(term, ())) == wait.first
            kept = wait is not None and not is_first
            found = Value(place, "real", union(at)) if kept else COMPUTE[term.kind](self, term, at)
            if term.kind != "apply" or term.data not in CHEAP:
                self.places.setdefault(term, {})[scope] = None
            if term.kind != "fold":
                found = self._kept(found, NAMES.get(str(term.data), "t"))
            if is_first:
                self.here.add(Statement(f"{place} = {found.text};"))
            scope.known.setdefault((term, tuple(i.text for i in at)), (found, scope.last()))
        return found

    def remembered(self, term: Term, at: Indices, scope: Loop, stem: str, found: Value, mark: str = "") -> Value:
        """The value under a name in an outer loop."""
        name = self.name(stem)
        key = (term, (*(i.text for i in at), *mark.split()))
        with self.inside(scope):
            scope.add(Statement(f"const {found.kind} {name} = {found.text};"))
            scope.known[key] = (Value(name, found.kind, found.loops), scope.last())
        return scope.known[key][0]

    def _kept(self, found: Value, stem: str) -> Value:
        """The value under a name."""
        if found.text.isidentifier() or found.kind in ("int", "literal"):
            return found
        name = self.name(stem)
        self.here.add(Statement(f"const {found.kind} {name} = {found.text};"))
        return Value(name, found.kind, found.loops)

    def array(self, term: Term) -> str:
        """The name of an array with all entries of the term."""
        if term.kind == "argument":
            return str(term.data)
        if (term, None) not in self.root.known:
            {"whole": computed, "product": multiplied, "columns": summed}.get(term.kind, Body._store)(self, term)
        return self.root.known[term, None][0].text

    def _load(self, term: Term, at: Indices) -> Value:
        return Value(f"{self.array(term)}[{flat(at, term.shape)}]", "real", union(at))

    def _store(self, term: Term) -> None:
        name = self.name("stored")
        self.buffers.append((name, term.shape))
        marked, self.marked = self.marked, self.marked - {term}
        with self.inside(self.root):
            self.nest(
                term.shape,
                set(walk(term)),
                lambda at: f"{name}[{flat(at, term.shape)}] = {as_kind(self._fresh(term, at), 'real')};",
            )
            self.root.known[term, None] = (Value(name, "real"), self.root.last())
        self.marked = marked

    def _fresh(self, term: Term, at: Indices) -> Value:
        return COMPUTE[term.kind](self, term, at)

    def _leaf(self, term: Term, at: Indices) -> Value:
        if term.kind == "constant":
            return literal(term.data)
        if term.kind == "size":
            return Value(str(term.data), "int")
        if term.kind == "range":
            return at[0]
        if term.kind == "argument":
            found = Value(f"{term.data}[{flat(at, term.shape)}]", "real", union(at))
            scope = self.deepest(term, at)
            return found if scope is self.here else self.remembered(term, at, scope, f"{term.data}_here", found)
        scope = self.deepest(term, at)
        name = self.name(f"{term.data}_here" if at else f"{term.data}_at")
        with self.inside(scope):
            scope.add(Statement(f"const ptrdiff_t {name} = (ptrdiff_t){term.data}[{flat(at, term.shape)}];"))
            found = Value(name, "int", union(at))
            scope.known[term, tuple(i.text for i in at)] = (found, scope.last())
        return found
