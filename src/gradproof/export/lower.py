"""Lowering: a term with indices becomes an array expression with axes.

Contract. Free indices listed as outputs, and indices bound by sums, become axes; every other free index is an integer
argument. Definitions are unfolded. f_i - log sum_j e^{f_j} and its exponential become one shifted operation, a sum
of products one contraction, and a logarithm that a weight multiplies is guarded where the weight is 0: 0 log 0 = 0.

Blind spot. It lowers what it is given: it looks for stable patterns but does not rewrite towards them, which is the
business of `stabilise`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

from gradproof import expression as x
from gradproof.expression import Binder, Definition, Entry, Expr, Index, Number, Symbol, mul
from gradproof.expression.sizes import Linear, linear
from gradproof.signs import Signs

from . import cancellation, contraction, implicit, labelled, prefix, shift
from .array import Argument, Constant, Equal, Label, LinearAlgebra, Node, Range, Size
from .errors import NotExportable
from .labelled import Labelled
from .terms import MINUS, ONE, addends, called, factors

Parts = tuple[Fraction, list[Labelled], list[Labelled]]
# Functions of one argument, by their names in the language; each target has an operation of that name.
ELEMENTWISE = "exp log log1p expm1 sigmoid softplus tanh sqrt abs sign relu step sin cos lgamma"
FUNCTIONS = frozenset(ELEMENTWISE.split())
# Where a weight is 0, a logarithm is taken at this point instead: there it is finite.
GUARDS = {"log": 1, "log1p": 0, "log1mexp": -1}


class Lowering:
    """Lowers the terms of one function; `sizes` are the symbols that are lengths of axes."""

    def __init__(self, outputs: Collection[Index], sizes: Collection[Expr], names: Callable[[str], str]) -> None:
        self.outputs = frozenset(outputs)
        self.sizes = frozenset(sizes)
        self.names = names
        self.signs = Signs()
        self.opened: set[Index] = set()
        self.weight: Labelled | None = None
        self.beside: tuple[Expr, ...] = ()  # the other factors of the product that is being lowered
        self.unknowns: dict[Expr, Labelled] = {}  # of the equations that are being lowered

    def result(self, e: Expr, outputs: Sequence[Index]) -> Node:
        """The term as an array with these axes."""
        term = self.lower(e)
        for index in outputs:
            if index not in term.axes:
                term = labelled.spread(term, index, self.size(index.size))
        return labelled.aligned(term, outputs)

    def lower(self, e: Expr) -> Labelled:
        lower = LOWER.get(type(e))
        if lower is None:
            raise NotExportable.of(e)
        return lower(self, e)

    def open(self, binder: Binder) -> Index:
        """A new axis for the index of a binder."""
        index = Index.of(f"{binder.hint}#{len(self.opened)}", binder.size)
        self.opened.add(index)
        return index

    def is_axis(self, index: Expr) -> bool:
        return index in self.outputs or index in self.opened

    def axes_of(self, e: Expr) -> frozenset[Expr]:
        """The axes that the value of the term will have."""
        return frozenset(a for a in e.free if isinstance(a, Index) and self.is_axis(a))

    def size(self, e: Expr) -> Node:
        found = self.lower(e).node
        if not found.static:
            raise NotExportable.of(e, "the length of an axis must be a number or the length of an argument's axis")
        return found

    @contextmanager
    def weighted(self, weight: Labelled | None) -> Iterator[None]:
        """Inside, logarithms may take any finite value where `weight` is 0."""
        before, self.weight = self.weight, weight
        yield
        self.weight = before

    def guarded(self, term: Labelled, fill: int) -> Labelled:
        return term if self.weight is None or term.node.static else labelled.guard(self.weight, term, fill)

    def parts(self, given: Sequence[Expr], extra: Sequence[Labelled] = ()) -> Parts:
        """The factors of a product: the number, those above, those below the line."""
        number, above, below, logs = Fraction(1), list(extra), list[Labelled](), list[Expr]()
        order = mul(*(f for f in given if prefix.is_order(f)))
        for f in shift.with_quotients_merged(given):
            if order != ONE and isinstance(f, x.Pow) and not isinstance(f.args[1], Number):
                above.append(self._kept_power(f, order))
            elif isinstance(f, Number):
                number *= f.value
            elif is_logarithmic(f):
                logs.append(f)
            elif (flipped := reciprocal(f)) is not None:
                below.append(self.lower(flipped))
            else:
                self.beside = tuple(g for g in given if g is not f) if called(f, "exp") else ()
                above.append(self.lower(f))
                self.beside = ()
        return number, [*above, *(self._log_factor(f, above) for f in logs)], below

    def _kept_power(self, e: Expr, order: Expr) -> Labelled:
        """A power that counts only where the order of its indices holds: elsewhere q^(l - t) might overflow."""
        with self.weighted(self.lower(order)):
            return labelled.apply("power", self.lower(e.args[0]), self.guarded(self.lower(e.args[1]), 0))

    def _log_factor(self, e: Expr, above: Sequence[Labelled]) -> Labelled:
        plain = self.lower(e)
        weights = [t for t in above if not t.node.static]
        near = [t for t in weights if set(t.axes) <= set(plain.axes)] or weights
        near = near if self.weight is None else [*near, self.weight]
        if not near:
            return plain
        with self.weighted(labelled.product(Fraction(1), near, ())):
            return self.lower(e)

    def index(self, e: Expr) -> Labelled:
        """The value of an index, counted from 0."""
        if isinstance(e, Index) and self.is_axis(e):
            return Labelled(Range(self.size(e.size)), (e,))
        if isinstance(e, Index):
            return Labelled(Label(self.names(e.name), 0))
        if isinstance(e, Number) and e.value.denominator == 1 and e.value >= 1:
            return labelled.constant(e.value - 1)
        if isinstance(e, Entry) and isinstance(e.base, x.Array) and e.base.domain.integer:
            return self._placed(Label(self.names(e.base.name), len(e.args)), e)
        if (isinstance(e, x.Add) or e in self.sizes) and (form := linear(e)) is not None:
            return self._counted(form)
        if isinstance(e, x.Ranking):
            return implicit.ranking(self, e)
        raise NotExportable.of(e, "an index must be a letter, a whole number from 1 or an entry of an integer array")

    def _counted(self, form: Linear) -> Labelled:
        """A linear term of indices and sizes, counted from 0."""
        constant = form.get(ONE, Fraction(0)) - 1
        total: Labelled | None = None
        for a, c in form.items():
            if a != ONE:
                size = x.is_size(a)
                term = Labelled(self.size(a)) if size else self.index(a)
                constant += 0 if size else c
                scaled = labelled.product(abs(c), [term], ())
                total = scaled if total is None else labelled.apply("add" if c > 0 else "subtract", total, scaled)
                total = labelled.apply("negative", total) if total is scaled and c < 0 else total
        if total is None or not constant:
            return total or labelled.constant(constant)
        return labelled.apply("add" if constant > 0 else "subtract", total, labelled.constant(abs(constant)))

    def _further(self, index: Expr) -> tuple[Index, int] | None:
        """The axis and the number, from 0, whose sum the index is."""
        form = linear(index)
        axes = [a for a in form or {} if a != ONE]
        if form is None or len(axes) != 1 or form[axes[0]] != 1 or not self.is_axis(axes[0]):
            return None
        assert isinstance(axes[0], Index)
        constant = form.get(ONE, Fraction(0))
        return (axes[0], int(constant)) if constant >= 0 else None

    def at(self, term: Labelled, axis: Index, index: Expr) -> Labelled:
        """The term with `axis` at this index."""
        if isinstance(index, Index) and self.is_axis(index) and index.size == axis.size:
            return labelled.relabel(term, axis, index)
        if (found := self._further(index)) is not None:
            return labelled.window(term, axis, *found, self.size(found[0].size))
        place = self.index(index)
        if place.node.static and not isinstance(place.node, Constant):
            return labelled.take(term, axis, place.node)
        if isinstance(place.node, Constant) and isinstance(place.node.value, Fraction):
            return labelled.take(term, axis, int(place.node.value))
        return labelled.gather(term, axis, place)

    def _placed(self, node: Argument, e: Entry) -> Labelled:
        axes = tuple(Index.of(f"#{n}", size) for n, size in enumerate(e.base.shape))
        term = Labelled(node, axes)
        for axis, index in zip(axes, e.args, strict=True):
            term = self.at(term, axis, index)
        return term

    def entry(self, e: Expr) -> Labelled:
        assert isinstance(e, Entry)
        if isinstance(e.base, Definition):
            return self.lower(e.base.unfold(e.args))
        return self._placed(Argument(self.names(e.base.name), len(e.args)), e)

    def of_matrix(self, e: Expr) -> Labelled:
        assert isinstance(e, x.OfMatrix)
        if e.kind == "least eigenvalue":
            raise NotExportable.of(e, "eigenvalues are not exported")
        return self._linear(e.kind, e)

    def _linear(self, operation: str, e: x.OfMatrix) -> Labelled:
        """The operation on the whole matrix, then the entry of it."""
        axes = tuple(Index.of(f"{c}#{len(self.opened)}", n) for c, n in zip("ij", e.base.shape, strict=True))
        self.opened.update(axes)
        with self.weighted(None):
            node = LinearAlgebra(operation, self.result(e.base[axes], axes))
        term = Labelled(node, axes if e.args else ())
        for axis, index in zip(axes, e.args, strict=False):
            term = self.at(term, axis, index)
        return term

    def symbol(self, e: Expr) -> Labelled:
        assert isinstance(e, Symbol)
        if e in self.unknowns:
            return self.unknowns[e]
        return Labelled(Size(self.names(e.name)) if e in self.sizes else Argument(self.names(e.name), 0))

    def constant(self, e: Expr) -> Labelled:
        if e.data[0] != "pi":
            raise NotExportable.of(e, "infinity cannot be exported")
        return Labelled(Constant("pi"))

    def add(self, e: Expr) -> Labelled:
        gaps, rest = cancellation.residuals(addends(e))
        sums, rest = cancellation.sums_of_exponentials(rest)
        found = [(n, "expm1_minus", [a]) for n, a in gaps] + [(n, "log_add", [a, b]) for n, a, b in sums]
        signed = [(1 if n > 0 else -1, self._operation(abs(n), name, given)) for n, name, given in found]
        signed += shift.normalised(self, rest)
        signed.sort(key=lambda s: s[0] < 0)  # stable: a positive term leads
        (first, total), *others = signed
        total = labelled.product(Fraction(first), [total], ())
        for sign, term in others:
            total = labelled.apply("add" if sign > 0 else "subtract", total, term)
        return total

    def _operation(self, number: Fraction, name: str, given: Sequence[Expr]) -> Labelled:
        return labelled.product(number, [labelled.apply(name, *(self.lower(a) for a in given))], ())

    def mul(self, e: Expr) -> Labelled:
        if (found := prefix.scaled(self, factors(e))) is not None:
            others, whole = found
            return labelled.product(*self.parts(others, [whole]))
        return labelled.product(*self.parts(factors(e)))

    def power(self, e: Expr) -> Labelled:
        flipped = reciprocal(e)
        if flipped is not None:
            return labelled.product(Fraction(1), [], [self.lower(flipped)])
        base, n = e.args
        if isinstance(n, Number) and n.value in SPECIAL_POWERS:
            return labelled.apply(SPECIAL_POWERS[n.value], self.lower(base))
        return labelled.apply("power", self.lower(base), self.lower(n))

    def function(self, e: Expr) -> Labelled:
        assert isinstance(e, x.Function)
        special = SPECIAL.get(e.name) if len(e.args) == 1 else None
        found = special(self, e.args[0]) if special else None
        if found is not None:
            return found
        if e.name == "relentr":
            with self.weighted(None):
                return labelled.apply("relentr", *(self.lower(a) for a in e.args))
        if e.name not in FUNCTIONS or len(e.args) != 1:
            raise NotExportable.of(e, f"no target has the function {e.name}")
        argument = self.lower(e.args[0])
        if e.name in GUARDS:
            argument = self.guarded(argument, GUARDS[e.name])
        return labelled.apply(e.name, argument)

    def logarithm(self, inner: Expr) -> Labelled | None:
        """log sum exp, log det, and log(1 - e^a)."""
        if isinstance(inner, x.OfMatrix) and inner.kind == "det":
            return self._linear("logdet", inner)
        if isinstance(inner, x.Sum) and (found := prefix.logarithm(self, inner)) is not None:
            return self.guarded(found, 0)
        if isinstance(inner, x.Sum) and shift.is_sum_of_exponentials(inner):
            return self.guarded(shift.lowered(self, "logsumexp", inner)[0], 0)
        gap = one_minus_exponential(inner)
        if gap is None:
            return None
        return labelled.apply("log1mexp", self.guarded(self.lower(gap), GUARDS["log1mexp"]))

    def delta(self, e: Expr) -> Labelled:
        left, right = sorted((self.index(a) for a in e.args), key=lambda t: (t.node.static, len(t.axes)))
        if left == right:
            return labelled.constant(1)
        axes = labelled.union((left, right))
        return Labelled(Equal(labelled.aligned(left, axes), labelled.aligned(right, axes)), axes)

    def summed(self, e: Expr) -> Labelled:
        """A sum over an index."""
        assert isinstance(e, x.Sum)
        found = prefix.total(self, e)
        return contraction.total(self, e) if found is None else found

    def multiplied(self, e: Expr) -> Labelled:
        """A product over an index."""
        assert isinstance(e, x.Product)
        axis = self.open(e)
        with self.weighted(None):
            body = self.lower(e.open(axis))
        if axis not in body.axes:
            return labelled.apply("power", body, Labelled(self.size(e.size)))
        return labelled.fold("prod", body, axis)


SPECIAL_POWERS = {Fraction(2): "square", Fraction(1, 2): "sqrt"}
SPECIAL: dict[str, Callable[[Lowering, Expr], Labelled | None]] = {
    "exp": lambda self, a: shift.exponential(self, a),
    "log": Lowering.logarithm,
}
LOWER: dict[type[Expr], Callable[[Lowering, Expr], Labelled]] = {
    Number: lambda self, e: labelled.constant(e.data[0]),
    x.Constant: Lowering.constant,
    Symbol: Lowering.symbol,
    x.Ranking: lambda self, e: labelled.apply("add", labelled.apply("real", self.index(e)), labelled.constant(1)),
    Index: lambda self, e: labelled.apply("add", labelled.apply("real", self.index(e)), labelled.constant(1)),
    Entry: Lowering.entry,
    x.OfMatrix: Lowering.of_matrix,
    x.Add: Lowering.add,
    x.Mul: Lowering.mul,
    x.Pow: Lowering.power,
    x.Function: Lowering.function,
    x.Delta: Lowering.delta,
    x.Sum: Lowering.summed,
    x.Product: Lowering.multiplied,
    x.Root: implicit.root,
}


def reciprocal(e: Expr) -> Expr | None:
    """1/e where e is a negative power."""
    if not (isinstance(e, x.Pow) and isinstance(e.args[1], Number) and e.args[1].value < 0):
        return None
    return x.power(e.args[0], mul(MINUS, e.args[1]))


def is_logarithmic(e: Expr) -> bool:
    """Whether the term is infinite where the argument of a logarithm in it is 0."""
    if isinstance(e, x.Add):
        return any(is_logarithmic(f) for t in e.args for f in factors(t))
    if isinstance(e, x.Pow):
        return is_logarithmic(e.args[0])
    return called(e, "log") or called(e, "log1p")


def one_minus_exponential(e: Expr) -> Expr | None:
    """a where e = 1 - exp(a)."""
    if isinstance(e, x.Mul) and len(e.args) == 2 and e.args[0] == MINUS and called(e.args[1], "expm1"):
        return e.args[1].args[0]
    if isinstance(e, x.Add) and len(e.args) == 2 and ONE in e.args:
        other = next(t for t in (*e.args, ONE) if t != ONE or t is e.args[1])
        inner = factors(other)
        if len(inner) == 2 and inner[0] == MINUS and called(inner[1], "exp"):
            return inner[1].args[0]
    return None
