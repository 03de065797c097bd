r"""From what a formula says to the term it means.

Contract. Each kind of node has one reading, in the table at the end. Nothing is simplified: factors and terms keep their
order, so that what gradproof prints is read back as the same term. A sum that leaves one index out gets the factor
1 - delta, a triangular one the step of j - i + 1.

Blind spot. What stands under such a factor must be defined at the indices that are left out, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from typing import Any, NoReturn

from gradproof import expression as x
from gradproof.expression import Expr, Index, Number, add, mul
from gradproof.reader import functions as f
from gradproof.reader import syntax as s
from gradproof.reader.errors import NotReadable, RangeUnknown, ReadError
from gradproof.reader.objects import Objects
from gradproof.reader.tensors import ONES, Mismatch, Tensor, Value, combined, mapped, signed, sum_of, summed, times

ONE = Number.of(1)


class Elaborator:
    """Terms of one formula."""

    def __init__(self, objects: Objects, formula: int) -> None:
        self.objects, self.formula = objects, formula
        self.inferred = objects.inferred
        self.source = self.inferred.formulas[formula].source
        self.scope: dict[str, Expr] = {}

    # -- entry points ----------------------------------------------------------------------------------------------

    def value(self, node: s.Node) -> Value:
        try:
            return _READINGS[type(node)](self, node)
        except Mismatch as why:
            raise ReadError(f"these shapes do not fit: {why}", self.source, node.at) from None
        except f.TooLarge:
            raise ReadError("a number too large to be meant", self.source, node.at) from None

    def scalar(self, node: s.Node) -> Expr:
        found = self.value(node)
        if isinstance(found, Tensor):
            what = self.source.piece(node.at)
            self.fail(f"{what} is a vector or matrix here, and a number is needed", node, advice="write its indices")
        return found

    def fail(self, message: str, node: s.Node, *, expected: str = "", advice: str = "") -> NoReturn:
        raise ReadError(message, self.source, node.at, expected=expected, advice=advice)

    def decline(self, message: str, node: s.Node, *, advice: str = "") -> NoReturn:
        raise NotReadable(message, self.source, node.at, advice=advice)

    @contextmanager
    def binding(self, letter: str, size: Expr) -> Iterator[Index]:
        index = Index.of(letter, size)
        before = self.scope
        self.scope = {**before, letter: index}
        yield index
        self.scope = before

    # -- names -----------------------------------------------------------------------------------------------------

    def index(self, part: s.Part, size: Expr | None) -> Expr:
        if part.kind == "number":
            n = int(part.text)
            if isinstance(size, Number) and n > size.value:
                self.fail(f"the index {n} is beyond the range 1..{size.value}", part)
            return Number.of(n)
        if self.inferred.splitter.label_of(part) is not None:
            assert isinstance(part.entry, s.Name)
            return self.scalar(part.entry)
        return self.letter(part.text, part)

    def check_definition(self, params: tuple[Expr, ...], body: Value, at: s.Node) -> None:
        """A definition depends on no index but its own."""
        e = body.entry(tuple(Index.of(f"\0{n}", size) for n, size in enumerate(body.shape))) if isinstance(body, Tensor) else body
        loose = sorted(i.name for i in e.free if isinstance(i, Index) and i not in params and not i.name.startswith("\0"))
        if loose:
            self.fail(f"the definition depends on {loose[0]}, which the name does not have", at, advice="give it the index")

    def letter(self, text: str, at: s.Node) -> Expr:
        """An index letter at a place."""
        if text in self.scope:
            return self.scope[text]
        declared = self.objects.declared.indices.get(text)
        if declared is not None and text not in self.inferred.formulas[self.formula].local:
            return declared
        size = self.inferred.size_of(self.inferred.splitter.letter(text, {}, self.formula))
        if size is None:
            self._no_range(text, at)
        return Index.of(self.objects.index_name(text), size)

    def _no_range(self, letter: str, at: s.Node) -> NoReturn:
        advice = rf"write \sum_{{{letter}=1}}^{{K}}, or declare a size or the shape of what {letter} indexes"
        raise RangeUnknown(f"the range of the index {letter} is not known", self.source, at.at, advice=advice)

    def name(self, n: s.Name) -> Value:
        if n.letter in self.scope:
            return self.scope[n.letter]
        split = self.inferred.splits[n]
        assert isinstance(split.key, s.Key)
        bare = n.letter and not split.indices and split.key not in self.objects.declared.things
        if bare and self.inferred.splitter.is_index(n.letter, {}, self.formula):
            return self.letter(n.letter, n)
        return self.entry(self.objects.thing(split.key, n, self), split.indices, n)

    def verbatim(self, n: s.Verbatim) -> Value:
        return self.entry(self.objects.declared.words[n.name], n.parts, n)

    def entry(self, thing: x.Symbol | x.Array | x.Definition, parts: tuple[s.Part, ...], at: s.Node) -> Value:
        """The entry of a thing at indices; a tensor over the axes that are left."""
        if isinstance(thing, x.Symbol):
            if parts:
                self.fail(f"{thing.name} takes no index", at)
            return thing
        indices = tuple(self.index(p, n) for p, n in zip(parts, thing.shape, strict=False))
        if len(parts) > len(thing.shape):
            self.fail(f"{thing.name} takes {len(thing.shape)} indices, found {len(parts)}", at)
        rest = thing.shape[len(parts) :]
        if rest:
            return Tensor(rest, lambda i: thing[(*indices, *i)])
        try:
            return thing[indices]
        except ValueError as why:
            self.fail(str(why), at)

    # -- arithmetic ------------------------------------------------------------------------------------------------

    def terms(self, n: s.Terms) -> Value:
        parts = [(sign, self.value(t)) for sign, t in n.terms]
        if any(isinstance(v, Tensor) for _, v in parts):
            tensors = [(sign, v) for sign, v in parts if isinstance(v, Tensor)]
            if len(tensors) < len(parts):
                raise Mismatch("a number is added to a vector or matrix")
            return sum_of(tensors)
        return add(*(signed(sign, v) for sign, v in parts if isinstance(v, Expr)))

    def factors(self, n: s.Factors) -> Value:
        values = [(op, self.value(node)) for op, node in n.factors]
        if all(isinstance(v, Expr) for _, v in values):
            return self._scalar_product([(op, v) for op, v in values if isinstance(v, Expr)])
        found = values[0][1]
        for op, v in values[1:]:
            found = self._times(found, op, v)
        return found

    def _scalar_product(self, values: list[tuple[str, Expr]]) -> Expr:
        return f.product([e for op, v in values for e in (f.inverses(v) if op == "/" else (v,))])

    def _times(self, a: Value, op: str, b: Value) -> Value:
        if op == "/":
            if isinstance(b, Tensor):
                raise Mismatch("a division by a vector or matrix")
            return mapped(lambda e: f.quotient(e, b), a) if isinstance(a, Tensor) else f.quotient(a, b)
        if op == r"\odot" and isinstance(a, Tensor) and isinstance(b, Tensor):
            return combined(mul, a, b)
        return times(a, b, op == r"\cdot")

    def fraction(self, n: s.Frac) -> Value:
        return self._times(self.value(n.above), "/", self.value(n.below))

    def power(self, n: s.Power) -> Value:
        if isinstance(n.base, s.Norm) and n.base.order == 2 and isinstance(n.exponent, s.Num) and n.exponent.value == 2:
            return self._total(n.base, lambda e: x.power(e, Number.of(2)))
        base = self.value(n.base)
        if isinstance(base, Tensor):
            if isinstance(n.exponent, s.Name) and n.exponent.letter == "T":
                return base.flipped
            self.decline("a power of a vector or matrix", n, advice=r"write its entries, or \odot")
        return f.raised(base, self.scalar(n.exponent))

    def flipped(self, n: s.Flipped) -> Value:
        found = self.value(n.inner)
        if isinstance(found, Expr):
            self.fail("a transpose of a number", n, advice=r"declare the vector: w \in \mathbb{R}^{D}")
        return found.flipped

    def apply(self, n: s.Apply) -> Value:
        return f.applied(n.name, tuple(self.value(a) for a in n.args))

    def known(self, n: s.Known) -> Value:
        return f.of_vectors(n.name, tuple(self.value(a) for a in n.args))

    def norm(self, n: s.Norm) -> Value:
        if n.order == 1:
            return self._total(n, lambda e: f.call("abs", e))
        return f.call("sqrt", self._total(n, lambda e: x.power(e, Number.of(2))))

    def _total(self, n: s.Norm, power: Callable[[Expr], Expr]) -> Expr:
        """The sum over all entries."""
        inner = self.value(n.inner)
        if not isinstance(inner, Tensor) or inner.ones:
            self.fail("a norm of something that is not known to be a vector", n, advice=r"declare x \in \mathbb{R}^{D}")
        if n.order == 1 and len(inner.shape) > 1:
            self.decline("this norm of a matrix", n)
        return _total(inner, power, ())

    # -- calls -----------------------------------------------------------------------------------------------------

    def call(self, n: s.Call) -> Value:
        split = self.inferred.splits[n.name]
        assert isinstance(split.key, s.Key)
        if self.objects.is_applied(split.key):
            return self.objects.defined_call(split.key, n, self)
        if split.key not in self.objects.declared.functions and self.inferred.splitter.rank_of(split.key):
            return self._entry_by_call(n, split)
        opaque = self.inferred.opaques.call(n, _Here(self))
        return self.entry(self.objects.opaque(opaque, n, self), opaque.holes, n)

    def _entry_by_call(self, n: s.Call, split: Any) -> Value:
        """p(x) for an outcome x of the distribution p."""
        letters = [a.letter if isinstance(a, s.Name) else "" for a in n.args]
        if not all(letters):
            advice = "declare it as a function, or write the index as a subscript"
            self.fail(f"{self.source.piece(n.name.at)} is an array, and an index is needed in the brackets", n, advice=advice)
        parts = tuple(s.Part(a.at, letter, "letter") for a, letter in zip(n.args, letters, strict=True))
        return self.entry(self.objects.thing(split.key, n, self), (*split.indices, *parts), n)

    # -- binders ---------------------------------------------------------------------------------------------------

    def big(self, n: s.Big) -> Value:
        size = self._size(("bound", n), n.letter)
        kind = x.Sum if n.kind == "sum" else x.Product
        with self.binding(n.letter.text, size) as index:
            body, masks = self.value(n.body), self._masks(n, index)
            if isinstance(body, Expr):
                return kind.over(index, _masked(n.kind, masks, body))
        if n.kind != "sum":
            self.fail("a product of vectors over an index", n)
        return Tensor(body.shape, lambda i: x.Sum.over(index, _masked("sum", masks, body.entry(i))), body.row)

    def _size(self, place: object, letter: s.Letter) -> Expr:
        size = self.inferred.size_of(place)
        return size if size is not None else self._no_range(letter.text, letter)

    def _masks(self, n: s.Big, index: Index) -> list[Expr]:
        found = []
        if n.low is not None and not (isinstance(n.low, s.Num) and n.low.value == 1):
            if isinstance(n.low, s.Num) and (n.low.value < 1 or n.low.value.denominator != 1):
                self.decline("a sum that does not start at 1", n.low, advice="indices run from 1: shift the index")
            found.append(_at_least(index, self._whole(n.low)))
        if n.high is not None and self._moves(n.high):
            found.append(_at_least(self._whole(n.high), index))
        for relation, term in n.conditions:
            if relation in ("=", "!=") and isinstance(term, s.Terms):
                self.decline("a condition on a shifted index", term)
            found.append(self._compared(index, relation, self._whole(term)))
        return found

    def _compared(self, one: Expr, relation: str, other: Expr) -> Expr:
        """1 where the relation holds; of whole numbers, >= is > with one more."""
        if relation in (">=", "<=") and _is_whole(one) and _is_whole(other):
            return _at_least(one, other) if relation == ">=" else _at_least(other, one)
        return f.COMPARISONS[relation](one, other)

    def _moves(self, node: s.Node) -> bool:
        """Whether the end of a range depends on an index."""
        return any(isinstance(t, Index) for t in self.scalar(node).free)

    def _whole(self, node: s.Node) -> Expr:
        found = self.scalar(node)
        loose = [t for t in found.free if not isinstance(t, Index) and not (isinstance(t, x.Symbol) and t.domain.integer)]
        if loose:
            self.fail("the end of a range is a whole number, a size or an index", node)
        return found

    def family(self, n: s.Family) -> Value:
        size = self._size(("bound", n), n.letter)
        with self.binding(n.letter.text, size) as index:
            body = self.scalar(n.body)
        inner = x.abstract(body, (index,))
        return Tensor((size,), lambda i: x.instantiate(inner, i))

    def expect(self, n: s.Expect) -> Value:
        if n.letter is None:
            weights, body = self.value(n.weights), self.value(n.body)
            if not isinstance(weights, Tensor) or len(weights.shape) != 1:
                self.fail("the distribution of an expectation is not known", n.weights, advice="declare it: p over 1..K")
            values = body if isinstance(body, Tensor) else mapped(lambda _: body, weights)
            both = combined(mul, weights, values)
            return summed(weights.shape[0], lambda i: both.entry((i,)), "i")
        size = self.inferred.size_of(("bound", n))
        if size is None:
            what = self.source.piece(n.weights.at)
            self.decline(f"an expectation over {what}, whose outcomes are not known", n, advice=f"declare {what} as a distribution")
        with self.binding(n.letter.text, size) as index:
            outcome = self.value(n.weights)
            weight = outcome.entry((index,)) if isinstance(outcome, Tensor) and len(outcome.shape) == 1 else outcome
            if isinstance(weight, Tensor) or index not in weight.free:
                self.decline("an expectation over something that is not a distribution over an index", n.weights)
            return x.Sum.over(index, mul(weight, self.scalar(n.body)))

    # -- derivatives, limits ---------------------------------------------------------------------------------------

    def derivative(self, n: s.Deriv) -> Value:
        opaque = self.inferred.opaques.derivative(n)
        if opaque is not None:
            return self.entry(self.objects.opaque(opaque, n, self), opaque.holes, n)
        found = self.value(n.body)
        variables = [self.value(v) for v in n.variables]
        self.objects.check_derivative(n, found, variables, self)
        for v in reversed(variables):
            found = self._differentiated(found, v, n)
        return found

    def gradient(self, n: s.Grad) -> Value:
        body, variable = self.value(n.body), self.value(n.variable)
        self.objects.check_derivative(n, body, [variable], self)
        for _ in range(n.order):
            body = self._differentiated(body, variable, n)
        return body

    def _differentiated(self, body: Value, variable: Value, n: s.Node) -> Value:
        try:
            if isinstance(variable, Expr):
                if isinstance(body, Expr):
                    return x.Derivative.of(body, variable)
                return mapped(lambda e: x.Derivative.of(e, variable), body)
            if isinstance(body, Expr):
                return Tensor(variable.shape, lambda i: x.Derivative.of(body, variable.entry(i)))
            axes = len(body.shape)
            inner = body
            shape = (*body.shape, *variable.shape)
            return Tensor(shape, lambda i: x.Derivative.of(inner.entry(i[:axes]), variable.entry(i[axes:])))
        except ValueError:
            self.fail("a derivative is taken in a symbol, or in an entry of an array that is not defined", n)

    def limit(self, n: s.Lim) -> Value:
        symbol = self.scalar(n.variable)
        if not isinstance(symbol, x.Symbol):
            self.fail("a limit moves a symbol", n.variable)
        return x.Limit((self.scalar(n.body), self.scalar(n.point)), (symbol, n.side))

    # -- deltas and cases ------------------------------------------------------------------------------------------

    def kronecker(self, n: s.Kronecker) -> Value:
        return x.Delta((self.index(n.left, None), self.index(n.right, None)))

    def indicator(self, n: s.Indicator) -> Expr:
        sides = [self.scalar(a) for a in (n.left, n.right)]
        if n.relation in ("=", "!="):
            if not all(map(_is_index, sides)):
                self.decline("an indicator of something that is not an equality of indices", n)
        return self._compared(sides[0], n.relation, sides[1])

    def cases(self, n: s.Cases) -> Expr:
        if len(n.rows) != 2 or n.rows[0][1] is None:
            self.decline("cases that are not two, the first with a condition", n)
        (first, condition), (second, other) = n.rows
        assert condition is not None
        if other is not None and not _complement(condition, other):
            self.decline("two cases whose conditions are not seen to be complements", n)
        one, two = self.scalar(first), self.scalar(second)
        chosen = self.indicator(condition)
        return add(mul(chosen, one), mul(add(ONE, signed(-1, chosen)), two))

    def component(self, n: s.Component) -> Value:
        base = self.value(n.base)
        if not isinstance(base, Tensor) or len(base.shape) < len(n.parts) or base.ones:
            self.fail("a subscript on something that is not known to be a vector or matrix", n)
        indices = tuple(self.index(p, size) for p, size in zip(n.parts, base.shape, strict=False))
        if len(indices) == len(base.shape):
            return base.entry(indices)
        return Tensor(base.shape[len(indices) :], lambda i: base.entry((*indices, *i)))

    def bracket(self, n: s.Bracket) -> Value:
        if isinstance(n.inner, s.Chain | s.Every | s.Equivalence):
            self.fail("a relation where a number is needed", n)
        return self.value(n.inner)

    def misplaced(self, n: s.Node) -> NoReturn:
        if isinstance(n, s.Best):
            self.decline("the argument of a maximum as a value", n, advice=r"claim it: \arg\max_a f(a) = point")
        self.fail("this has no value here", n)


class _Here:
    """The scope of an elaborator, as a place of a formula."""

    def __init__(self, elaborator: Elaborator) -> None:
        self.bound: dict[str, Any] = dict(elaborator.scope)
        self.formula = elaborator.formula


def _total(t: Tensor, power: Callable[[Expr], Expr], indices: tuple[Expr, ...]) -> Expr:
    n = len(indices)
    if n == len(t.shape):
        return power(t.entry(indices))
    return summed(t.shape[n], lambda i: _total(t, power, (*indices, i)), "ij"[n])


def _masked(kind: str, masks: list[Expr], body: Expr) -> Expr:
    if not masks:
        return body
    return mul(*masks, body) if kind == "sum" else x.power(body, mul(*masks))


def _at_least(one: Expr, other: Expr) -> Expr:
    """1 where one >= other, else 0, for whole numbers."""
    return f.positive(add(one, signed(-1, other), ONE))


def _is_whole(e: Expr) -> bool:
    return all(isinstance(a, Index) or (isinstance(a, x.Symbol) and a.domain.integer) for a in e.free) and not any(
        isinstance(t, x.Function | x.Pow) or (isinstance(t, Number) and t.value.denominator != 1) for t in x.subterms(e)
    )


def _is_index(e: Expr) -> bool:
    if isinstance(e, x.Entry) and isinstance(e.base, x.Array):
        return e.base.into is not None
    return isinstance(e, Index) or (isinstance(e, Number) and e.value.denominator == 1)


OPPOSITE = {"=": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}


def _complement(one: s.Indicator, other: s.Indicator) -> bool:
    texts = [_spelling(a) for a in (one.left, one.right, other.left, other.right)]
    return OPPOSITE[one.relation] == other.relation and texts[:2] == texts[2:] and "" not in texts


def _spelling(n: s.Node) -> str:
    if isinstance(n, s.Name):
        return n.head + n.mark + "".join(f"_{p.text}" for p in n.parts)
    return str(n.value) if isinstance(n, s.Num) else ""


_READINGS: dict[type[s.Node], Callable[[Elaborator, Any], Value]] = {
    s.Num: lambda _, n: Number.of(Fraction(n.value)),
    s.Const: lambda _, n: x.Constant((), (n.name,)),
    s.Name: Elaborator.name,
    s.Verbatim: Elaborator.verbatim,
    s.Terms: Elaborator.terms,
    s.Factors: Elaborator.factors,
    s.Frac: Elaborator.fraction,
    s.Power: Elaborator.power,
    s.Apply: Elaborator.apply,
    s.Call: Elaborator.call,
    s.Known: Elaborator.known,
    s.Bracket: Elaborator.bracket,
    s.Big: Elaborator.big,
    s.Expect: Elaborator.expect,
    s.Deriv: Elaborator.derivative,
    s.Grad: Elaborator.gradient,
    s.Lim: Elaborator.limit,
    s.Kronecker: Elaborator.kronecker,
    s.Indicator: Elaborator.indicator,
    s.Cases: Elaborator.cases,
    s.Component: Elaborator.component,
    s.Family: Elaborator.family,
    s.Flipped: Elaborator.flipped,
    s.Norm: Elaborator.norm,
    s.Ones: lambda _, __: ONES,
    s.Best: Elaborator.misplaced,
    s.Chain: Elaborator.misplaced,
    s.Every: Elaborator.misplaced,
    s.Equivalence: Elaborator.misplaced,
    s.Member: Elaborator.misplaced,
    s.Several: Elaborator.misplaced,
}
