"""Sums, products, powers, functions: numbers and tensors alike.

Contract. Factors and terms keep their order, and nothing is simplified, so that what gradproof prints is read back as
the same term. The square of a norm is the sum of the squares.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gradproof import expression as x
from gradproof.expression import Expr, Number, add, mul
from gradproof.reader import syntax as s
from gradproof.reader.meaning import functions as f
from gradproof.reader.meaning.tensors import Mismatch, Tensor, Value, combined, mapped, signed, sum_of, summed, times

if TYPE_CHECKING:
    from gradproof.reader.meaning.elaborator import Elaborator


def terms(el: Elaborator, n: s.Terms) -> Value:
    parts = [(sign, el.value(t)) for sign, t in n.terms]
    if any(isinstance(v, Tensor) for _, v in parts):
        tensors = [(sign, v) for sign, v in parts if isinstance(v, Tensor)]
        if len(tensors) < len(parts):
            raise Mismatch("a number is added to a vector or matrix")
        return sum_of(tensors)
    return add(*(signed(sign, v) for sign, v in parts if isinstance(v, Expr)))


def factors(el: Elaborator, n: s.Factors) -> Value:
    values = [(op, el.value(node)) for op, node in n.factors]
    if all(isinstance(v, Expr) for _, v in values):
        return _scalar_product([(op, v) for op, v in values if isinstance(v, Expr)])
    found = values[0][1]
    for op, v in values[1:]:
        found = _times(found, op, v)
    return found


def _scalar_product(values: list[tuple[str, Expr]]) -> Expr:
    return f.product([e for op, v in values for e in (f.inverses(v) if op == "/" else (v,))])


def _times(a: Value, op: str, b: Value) -> Value:
    if op == "/":
        if isinstance(b, Tensor):
            raise Mismatch("a division by a vector or matrix")
        return mapped(lambda e: f.quotient(e, b), a) if isinstance(a, Tensor) else f.quotient(a, b)
    if op == r"\odot" and isinstance(a, Tensor) and isinstance(b, Tensor):
        return combined(mul, a, b)
    return times(a, b, op == r"\cdot")


def fraction(el: Elaborator, n: s.Frac) -> Value:
    return _times(el.value(n.above), "/", el.value(n.below))


def power(el: Elaborator, n: s.Power) -> Value:
    if isinstance(n.base, s.Norm) and n.base.order == 2 and isinstance(n.exponent, s.Num) and n.exponent.value == 2:
        return _norm_total(el, n.base, lambda e: x.power(e, Number.of(2)))
    base = el.value(n.base)
    if isinstance(base, Tensor):
        if isinstance(n.exponent, s.Name) and n.exponent.letter == "T":
            return base.flipped
        el.decline("a power of a vector or matrix", n, advice=r"write its entries, or \odot")
    if isinstance(n.exponent, s.Name) and n.exponent.letter == "T" and not isinstance(base, Number):
        _check_transpose(el, n)
    return f.raised(base, el.scalar(n.exponent))


def _check_transpose(el: Elaborator, n: s.Power) -> None:
    """A power of T must be known to be one."""
    key = s.Key("T")
    known = key in el.objects.declared.things or key in el.inferred.sizes or key in el.objects.lets
    if not known and "T" not in el.scope:
        el.fail("a transpose, or a power of T?", n, advice=r"write ^\top and declare the vector, or declare T")


def flipped(el: Elaborator, n: s.Flipped) -> Value:
    found = el.value(n.inner)
    if isinstance(found, Expr):
        el.fail("a transpose of a number", n, advice=r"declare the vector: w \in \mathbb{R}^{D}")
    return found.flipped


def apply(el: Elaborator, n: s.Apply) -> Value:
    return f.applied(n.name, tuple(el.value(a) for a in n.args))


def known(el: Elaborator, n: s.Known) -> Value:
    return f.of_vectors(n.name, tuple(el.value(a) for a in n.args))


def norm(el: Elaborator, n: s.Norm) -> Value:
    if n.order == 1:
        return _norm_total(el, n, lambda e: f.call("abs", e))
    return f.call("sqrt", _norm_total(el, n, lambda e: x.power(e, Number.of(2))))


def _norm_total(el: Elaborator, n: s.Norm, power: Callable[[Expr], Expr]) -> Expr:
    """The sum over all entries."""
    inner = el.value(n.inner)
    if not isinstance(inner, Tensor) or inner.ones:
        el.fail("a norm of something that is not known to be a vector", n, advice=r"declare x \in \mathbb{R}^{D}")
    if n.order == 1 and len(inner.shape) > 1:
        el.decline("this norm of a matrix", n)
    return _total(inner, power, ())


def component(el: Elaborator, n: s.Component) -> Value:
    base = el.value(n.base)
    if not isinstance(base, Tensor) or len(base.shape) < len(n.parts) or base.ones:
        el.fail("a subscript on something that is not known to be a vector or matrix", n)
    indices = tuple(el.index(p, size) for p, size in zip(n.parts, base.shape, strict=False))
    if len(indices) == len(base.shape):
        return base.entry(indices)
    return Tensor(base.shape[len(indices) :], lambda i: base.entry((*indices, *i)))


def bracket(el: Elaborator, n: s.Bracket) -> Value:
    if isinstance(n.inner, s.Chain | s.Every | s.Equivalence):
        el.fail("a relation where a number is needed", n)
    return el.value(n.inner)


def _total(t: Tensor, power: Callable[[Expr], Expr], indices: tuple[Expr, ...]) -> Expr:
    n = len(indices)
    if n == len(t.shape):
        return power(t.entry(indices))
    return summed(t.shape[n], lambda i: _total(t, power, (*indices, i)), "ij"[n])
