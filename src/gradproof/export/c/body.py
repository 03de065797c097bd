"""The body of one function: terms as loops, each value computed in the outermost place where it is known.

Contract. A reduction or a transcendental function that varies with the loops around it, outermost first, is computed
in the innermost of those; where a loop between does not touch it, it is stored before, so that nothing is computed
again and again. A reduction that several loops need is stored too. Loops of one length become one where the order of
computation allows, so that loss and gradient visit a row together. Numbers of a row are double, entries `real`.

Blind spot. A stored array is stored whole, in the caller's workspace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from ..errors import NotExportable
from ..names import unused
from .loops import Loop, Statement, Value
from .operations import CHEAP, applied, as_kind, common
from .terms import ONE, Term, walk
from .wholes import CALLS

Indices = tuple[Value, ...]
LEAVES = ("argument", "label", "constant", "size", "range")
STARTS = {"sum": ("double", "0"), "prod": ("double", "1"), "max": ("real", "-INFINITY")}
UPDATES = {"sum": "{0} += {1};", "prod": "{0} *= {1};", "max": "{0} = max_real({0}, {1});"}


@dataclass(frozen=True)
class Row:
    """The loop that writes the last axis of a result."""

    name: str
    shape: tuple[str, ...]
    loop: Loop
    at: Indices


class Body:
    """Writes terms into arrays; `stored` are the terms that are kept whole once they are computed, `scratch` those that
    wait in the array of a result until its own loop comes to them."""

    def __init__(
        self, taken: Iterable[str], results: Sequence[Term], stored: frozenset[Term], scratch: Mapping[Term, str]
    ) -> None:
        self.taken = set(taken)
        self.marked = stored
        self.scratch = scratch
        self.row: Row | None = None
        self.rows: list[Row] = []
        self.root = self.here = Loop()
        self.buffers: list[tuple[str, tuple[str, ...]]] = []
        self.places: dict[Term, set[Loop]] = {}
        self.searches: dict[object, tuple[Loop, tuple[str, ...]]] = {}
        self.moved = {t: unknowns(t) for r in results for t in walk(r)}
        self.uses = Counter(arg for t in {u for r in results for u in walk(r)} for arg in t.args)

    def repeated(self) -> frozenset[Term]:
        """The reductions that were computed in more than one loop."""
        return frozenset(
            t
            for t, loops in self.places.items()
            if len(loops) > 1 and t.shape and t.kind in ("fold", "solve") and not self.moved[t]
        )

    def waiting(self) -> dict[Term, str]:
        """The functions that a loop before that of a result computes for the same entries, with its name."""
        found: dict[Term, str] = {}
        for row in self.rows:
            for term, loops in self.places.items():
                fits = term.kind == "apply" and term.shape == row.shape and row.name not in found.values()
                if fits and len(loops) == 2 and row.loop in loops and self._goes_before(loops, row):
                    found[term] = row.name
        return found

    def _goes_before(self, loops: set[Loop], row: Row) -> bool:
        (other,) = loops - {row.loop}
        outside = row.loop.parent
        if outside is None or other.parent is not outside or other.length != row.loop.length:
            return False
        return outside.items.index(other) < outside.items.index(row.loop)

    def write(self, term: Term, name: str) -> None:
        """The whole term into the array of this name."""

        def line(at: Indices) -> str:
            self.row = Row(name, term.shape, self.here, at)
            self.rows.append(self.row)
            found = as_kind(self.value(term, at), "real")
            self.row = None
            return f"{name}[{flat(at, term.shape)}] = {found};"

        self._nest(term.shape, set(walk(term)), line)

    def _nest(self, shape: tuple[str, ...], needed: set[Term], line: Callable[[Indices], str]) -> None:
        def inside(at: Indices) -> None:
            if len(at) == len(shape):
                self.here.add(Statement(line(at)))
            elif shape[len(at)] == ONE:
                inside((*at, Value("0", "int")))
            else:
                with self._loop(shape[len(at)], needed) as loop:
                    inside((*at, index(loop)))

        inside(())

    @contextmanager
    def _loop(self, length: str, needed: set[Term]) -> Iterator[Loop]:
        """A loop here: one that is there already, if it comes after all that is needed from outside."""
        outside = self.here
        loop = next((n for n in outside.earlier() if n.length == length), None)
        if loop is None or outside.after(loop) & needed:
            loop = Loop(self.name("ijklmnab"[min(outside.depth, 7)]), length, outside)
            self.here = loop
            yield loop
            outside.add(loop)
        else:
            before, outside.before = outside.before, loop
            self.here = loop
            yield loop
            outside.before = before
        self.here = outside

    @contextmanager
    def _inside(self, scope: Loop) -> Iterator[None]:
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
        if term in self.marked or term.kind == "whole" or (term, None) in self.root.known:
            return self._load(term, at)
        if term.kind in ("fold", "solve") or (term.kind == "apply" and term.data not in CHEAP):
            scope = self._deepest(term, at) if self.moved[term] else self._scope(term, at)
            return self._load(term, at) if scope is None else self._placed(term, at, scope)
        if self.uses[term] > 1 and term.kind == "apply":
            return self._placed(term, at, self._deepest(term, at))
        return COMPUTE[term.kind](self, term, at)

    def _loops(self, term: Term, at: Indices) -> set[Loop]:
        """The loops that the value varies with: of its indices, and of the search for what is unknown in it."""
        return {n for i in at for n in i.loops} | {self.searches[u][0] for u in self.moved[term] if u in self.searches}

    def _deepest(self, term: Term, at: Indices) -> Loop:
        loops = self._loops(term, at)
        return next((n for n in self.here.around() if n in loops), self.root)

    def _scope(self, term: Term, at: Indices) -> Loop | None:
        """The innermost loop that the value varies with, where it varies with all those around it."""
        loops = self._loops(term, at)
        scope = self._deepest(term, at)
        return scope if all(n in loops or n is self.root for n in scope.around()) else None

    def _placed(self, term: Term, at: Indices, scope: Loop) -> Value:
        with self._inside(scope):
            if term in self.scratch and self.row is not None and scope is self.row.loop:
                found = Value(f"{self.scratch[term]}[{flat(at, term.shape)}]", "real", union(at))
            else:
                found = COMPUTE[term.kind](self, term, at)
            if term.kind != "apply" or term.data not in CHEAP:
                self.places.setdefault(term, set()).add(scope)
            if term.kind != "fold":
                found = self._kept(found)
            if term in self.scratch and not (self.row is not None and scope is self.row.loop):
                self.here.add(Statement(f"{self.scratch[term]}[{flat(at, term.shape)}] = {found.text};"))
            scope.known.setdefault((term, tuple(i.text for i in at)), (found, scope.last()))
        return found

    def _remembered(self, term: Term, at: Indices, scope: Loop, stem: str, found: Value, mark: str = "") -> Value:
        """The value under a name in an outer loop."""
        name = self.name(stem)
        key = (term, (*(i.text for i in at), *mark.split()))
        with self._inside(scope):
            scope.add(Statement(f"const {found.kind} {name} = {found.text};"))
            scope.known[key] = (Value(name, found.kind, found.loops), scope.last())
        return scope.known[key][0]

    def _kept(self, found: Value) -> Value:
        """The value under a name."""
        if found.text.isidentifier() or found.kind in ("int", "literal"):
            return found
        name = self.name("t")
        self.here.add(Statement(f"const {found.kind} {name} = {found.text};"))
        return Value(name, found.kind, found.loops)

    def _load(self, term: Term, at: Indices) -> Value:
        if (term, None) not in self.root.known:
            self._computed(term) if term.kind == "whole" else self._store(term)
        name = self.root.known[term, None][0].text
        return Value(f"{name}[{flat(at, term.shape)}]", "real", union(at))

    def _store(self, term: Term) -> None:
        name = self.name("stored")
        self.buffers.append((name, term.shape))
        marked, self.marked = self.marked, self.marked - {term}
        with self._inside(self.root):
            self._nest(
                term.shape,
                set(walk(term)),
                lambda at: f"{name}[{flat(at, term.shape)}] = {as_kind(self._fresh(term, at), 'real')};",
            )
            self.root.known[term, None] = (Value(name, "real"), self.root.last())
        self.marked = marked

    def _computed(self, term: Term) -> None:
        """A whole array by one call, its operands stored before."""
        operation, backwards = cast("tuple[str, bool]", term.data)
        shape = term.args[0].shape if operation in ("det", "logdet") else term.shape
        call = CALLS[operation]
        stems = [*("given" for _ in term.args), *(["space"] if "{space}" in call else [])]
        name, given = self.name("whole"), [self.name(stem) for stem in stems]
        self.buffers += [(name, term.shape), *((n, shape) for n in given)]
        with self._inside(self.root):
            for operand, place in zip(term.args, given, strict=False):
                self._copied(operand, place, shape)
            rows = " * ".join(shape[:-1]) or "1"
            shown = call.format(*given, n=shape[-1], rows=rows, out=name, space=given[-1], backwards=int(backwards))
            self.root.add(Statement(shown))
            self.root.known[term, None] = (Value(name, "real"), self.root.last())

    def _copied(self, term: Term, name: str, shape: tuple[str, ...]) -> None:
        def line(at: Indices) -> str:
            return f"{name}[{flat(at, shape)}] = {as_kind(self.value(term, narrowed(at, term)), 'real')};"

        self._nest(shape, set(walk(term)), line)

    def _solve(self, term: Term, at: Indices) -> Value:
        """Where the gap is 0: a loop whose body computes it at one point, until the search is over."""
        depth, low, high = cast("tuple[int, Fraction | None, Fraction | None]", term.data)
        name = self.name("search")
        ends = [f"{float(v)}r" if v is not None else f"{s}INFINITY" for v, s in ((low, "-"), (high, ""))]
        outside = self.here
        outside.add(Statement(f"struct search_real {name} = search_start_real({', '.join(ends)});"))
        loop = Loop("", "", outside, head=f"while ({name}.on) {{")
        self.searches[depth] = (loop, tuple(i.text for i in at))
        unknown = next(t for t in walk(term.args[0]) if t.kind == "unknown" and t.data == depth)
        places = tuple(i.text for i in narrowed(at, unknown))
        loop.known[unknown, places] = (Value(f"{name}.at", "real", frozenset({loop}) | union(at)), None)
        self.here = loop
        gap = self.value(term.args[0], at)
        self.here.add(Statement(f"search_step_real(&{name}, {as_kind(gap, 'double')});"))
        self.here = outside
        outside.add(loop)
        del self.searches[depth]
        return Value(f"{name}.at", "real", union(at))

    def _unreachable(self, term: Term, at: Indices) -> Value:
        raise NotExportable("the target c has no code for an unknown that is used at another index than its own")

    def _window(self, term: Term, at: Indices) -> Value:
        last = at[-1]
        moved = last if term.data == 0 else Value(f"{last.text} + {term.data}", "int", last.loops)
        return self.value(term.args[0], (*narrowed(at[:-1], term.args[0]), moved))

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
            scope = self._deepest(term, at)
            return found if scope is self.here else self._remembered(term, at, scope, f"{term.data}_here", found)
        scope = self._deepest(term, at)
        name = self.name(f"{term.data}_here" if at else f"{term.data}_at")
        with self._inside(scope):
            scope.add(Statement(f"const ptrdiff_t {name} = (ptrdiff_t){term.data}[{flat(at, term.shape)}];"))
            found = Value(name, "int", union(at))
            scope.known[term, tuple(i.text for i in at)] = (found, scope.last())
        return found

    def _fold(self, term: Term, at: Indices) -> Value:
        (inner,) = term.args
        operation = str(term.data)
        kind, start = STARTS[operation]
        name = self.name({"max": "top", "sum": "sum", "prod": "product"}[operation])
        outside = self.here
        if inner.shape[-1] == ONE:
            return self.value(inner, (*at, Value("0", "int")))
        with self._loop(inner.shape[-1], set(walk(inner))) as loop:
            outside.add(Statement(f"{kind} {name} = {start};"))
            found = self.value(inner, (*at, index(loop)))
            shown = as_kind(found, "real" if operation == "max" or found.kind == "real" else "double")
            self.here.add(Statement(UPDATES[operation].format(name, shown), operation, name))
        outside.known[term, tuple(i.text for i in at)] = (Value(name, kind, union(at)), loop)
        return Value(name, kind, union(at))

    def _apply(self, term: Term, at: Indices) -> Value:
        """Operands that vary less are converted, and divisors that are sums inverted, once and outside."""
        operation = str(term.data)
        operands = [self.value(arg, narrowed(at, arg)) for arg in term.args]
        kind, depth = common(operands), max(v.depth for v in operands)
        if any(isinstance(n, Loop) for n in self._deepest(term, at).items):
            kind = "double"  # a number of a row
        for n, (arg, v) in enumerate(zip(term.args, operands, strict=True)):
            if v.kind != "double" or v.depth == depth or not v.text.isidentifier():
                continue
            if operation == "divide" and n == 1:
                operation = "multiply"
                operands[n] = self._converted(arg, at, v, kind, f"1.0 / {v.text}", "inverse")
            elif kind == "real":
                operands[n] = self._converted(arg, at, v, kind, v.text, "narrow")
        return applied(operation, operands, kind)

    def _converted(self, term: Term, at: Indices, value: Value, kind: str, text: str, mark: str) -> Value:
        places = narrowed(at, term)
        for loop in self.here.around():
            if (found := loop.known.get((term, (*(i.text for i in places), mark)))) is not None:
                return found[0]
        shown = f"(to_real)({text})" if kind == "real" else text
        scope = next((n for n in self.here.around() if n in value.loops), self.root)
        return self._remembered(term, places, scope, mark, Value(shown, kind, value.loops), mark)

    def _align(self, term: Term, at: Indices) -> Value:
        (inner,) = term.args
        axes = term.data
        assert isinstance(axes, tuple)
        places: list[Value] = [Value("0", "int")] * len(inner.shape)
        for place, axis in enumerate(axes):
            if axis is not None and inner.shape[axis] != ONE:
                places[axis] = at[place]
        return self.value(inner, tuple(places))

    def _guard(self, term: Term, at: Indices) -> Value:
        weight, value = (self.value(arg, narrowed(at, arg)) for arg in term.args)
        operands = [weight, literal(Fraction(str(term.data))), value]
        return applied("guard", operands, common(operands))

    def _equal(self, term: Term, at: Indices) -> Value:
        left, right = (self.value(arg, narrowed(at, arg)) for arg in term.args)
        if left.kind == right.kind == "literal":
            return literal(Fraction(left.text == right.text))
        shown = " == ".join(v.text.removesuffix(".0") for v in (left, right))
        return Value(f"({shown})", "int", left.loops | right.loops)

    def _gather(self, term: Term, at: Indices) -> Value:
        value, position = term.args
        place = self.value(position, narrowed(at, position))
        if place.kind != "int":
            place = Value(f"(ptrdiff_t){place.text}", "int", place.loops)
        return self.value(value, (*narrowed(at, value), place))

    def _take(self, term: Term, at: Indices) -> Value:
        return self.value(term.args[0], (*narrowed(at, term.args[0]), Value(str(term.data), "int")))

    def _diagonal(self, term: Term, at: Indices) -> Value:
        return self.value(term.args[0], (*at, at[-1]))

    def _fill(self, term: Term, at: Indices) -> Value:
        return self.value(term.args[0], at[:-1])


COMPUTE: dict[str, Callable[[Body, Term, Indices], Value]] = {
    "fold": Body._fold,
    "apply": Body._apply,
    "align": Body._align,
    "guard": Body._guard,
    "equal": Body._equal,
    "gather": Body._gather,
    "take": Body._take,
    "diagonal": Body._diagonal,
    "window": Body._window,
    "solve": Body._solve,
    "unknown": Body._unreachable,
    "fill": Body._fill,
}


def unknowns(term: Term) -> frozenset[object]:
    """The unknowns that are free in a term."""
    inner = frozenset(u for arg in term.args for u in unknowns(arg))
    if term.kind == "unknown":
        return frozenset({term.data})
    return inner - {cast("tuple[int, object, object]", term.data)[0]} if term.kind == "solve" else inner


def index(loop: Loop) -> Value:
    return Value(loop.variable, "int", frozenset({loop}))


def union(at: Indices) -> frozenset[Loop]:
    return frozenset(n for i in at for n in i.loops)


def narrowed(at: Indices, term: Term) -> Indices:
    """The indices for a term, 0 along its axes of length 1."""
    return tuple(Value("0", "int") if n == ONE else i for i, n in zip(at, term.shape, strict=False))


def flat(at: Indices, shape: tuple[str, ...]) -> str:
    """The place of an entry: (i * K + j) * D + d."""
    found = ""
    for place, axis in zip(at, shape, strict=True):
        step = place.text if place.text.isidentifier() or place.text.isdigit() else f"({place.text})"
        if axis == ONE:
            continue
        inner = found if found.isidentifier() else f"({found})"
        found = step if not found or found == "0" else f"{inner} * {axis} + {step}"
    return found or "0"


def literal(value: object) -> Value:
    if not isinstance(value, Fraction):
        return Value("3.14159265358979323846", "literal")
    if value.denominator == 1:
        return Value(f"{value.numerator}.0", "literal")
    return Value(f"({value.numerator}.0 / {value.denominator}.0)", "double")
