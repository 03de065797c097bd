"""Sums as lists of terms, products as lists of factors, and a form in which their order does not matter.

Contract. Everything here is an identity of the real numbers wherever the term is defined; `canonical` serves to
compare, never to print or to compute.

Blind spot. Two terms with different canonical forms may still be equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from gradproof.expression import Add, Binder, Delta, Expr, Function, Index, Mul, Number, Pow, abstract, add, mul, power

ONE, MINUS = Number.of(1), Number.of(-1)


def addends(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Add) else (e,)


def factors(e: Expr) -> tuple[Expr, ...]:
    return e.args if isinstance(e, Mul) else (e,)


def function(name: str, argument: Expr) -> Function:
    return Function((argument,), (name,))


def called(e: Expr, name: str) -> bool:
    """Whether the term is a call of this function."""
    return isinstance(e, Function) and e.name == name


def coefficient(e: Expr) -> tuple[Fraction, Expr]:
    """The number in front, and the rest."""
    if isinstance(e, Number):
        return e.value, ONE
    if isinstance(e, Mul) and isinstance(e.args[0], Number):
        return e.args[0].value, mul(*e.args[1:])
    return Fraction(1), e


def scaled(number: Fraction, e: Expr) -> Expr:
    """The number times the term, multiplied out over a sum."""
    return e if number == 1 else add(*(mul(Number.of(number), t) for t in addends(e)))


def negative(e: Expr) -> Expr:
    return scaled(Fraction(-1), e)


def closed(binder: Binder, index: Index, body: Expr) -> Binder:
    """The binder around another body that was opened at `index`."""
    return type(binder)((binder.size, abstract(body, (index,))), binder.data, binder.hint)


def flat(terms: Iterable[Expr]) -> list[Expr]:
    """The terms with numbers multiplied out over the sums they stand before."""
    found: list[Expr] = []
    for term in terms:
        number, rest = coefficient(term)
        found.extend(addends(scaled(number, rest)))
    return found


def collected(terms: Iterable[Expr]) -> Expr:
    """The sum with equal terms merged, in the order of first appearance."""
    totals: dict[Expr, tuple[Fraction, Expr]] = {}
    for term in flat(terms):
        number, rest = coefficient(term)
        form = canonical(rest)
        before, shown = totals.get(form, (Fraction(0), rest))
        totals[form] = before + number, shown
    return add(*(scaled(n, rest) for n, rest in totals.values() if n != 0))


def canonical(e: Expr) -> Expr:
    """The term with sums and products sorted, equal terms and equal factors merged."""
    args = tuple(canonical(a) for a in e.args)
    if isinstance(e, Add):
        return add(*sorted(addends(add(*args)), key=lambda t: t.key))
    if isinstance(e, Mul):
        return mul(*sorted(_powers(args), key=lambda t: t.key))
    if isinstance(e, Delta):
        return e.rebuild(tuple(sorted(args, key=lambda a: a.key)))
    return e.rebuild(args) if args else e


def _powers(args: tuple[Expr, ...]) -> list[Expr]:
    exponents: dict[Expr, list[Expr]] = {}
    for f in factors(mul(*args)):
        base, exponent = f.args if isinstance(f, Pow) else (f, ONE)
        exponents.setdefault(base, []).append(exponent)
    return [power(base, _total(found)) for base, found in exponents.items()]


def _total(exponents: list[Expr]) -> Expr:
    if all(isinstance(x, Number) for x in exponents):
        return Number.of(sum((x.value for x in exponents if isinstance(x, Number)), Fraction(0)))
    return add(*sorted(exponents, key=lambda t: t.key))


def without(terms: list[Expr], wanted: list[Expr]) -> list[Expr] | None:
    """The terms without the wanted ones; None where one is missing."""
    left = list(terms)
    forms = [canonical(t) for t in left]
    for w in flat(wanted):
        form = canonical(w)
        if form not in forms:
            return None
        n = forms.index(form)
        del left[n], forms[n]
    return left
