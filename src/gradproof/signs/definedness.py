"""What is undefined, and why: denominators, logarithms, indices out of range, roots, means. TRUSTED.

Contract. `missing(e, signs)` is None only where `e` has a value at every point that the signs allow: each denominator
is known to be nonzero, each logarithm and root to have an argument in its domain, each index to lie in its range, each
equation of a root to have one solution, each expectation to exist. Else it says in words which condition is missing.

Blind spot. Whether a limit exists, or an optimum is attained, is not asked here: those are claimed and proved.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import gradproof.expression as x
from gradproof.expression import Array, Expr, Interval, Symbol
from gradproof.expression.intervals import ONE, contains, is_empty, is_positive, plus
from gradproof.growth import integrable
from gradproof.monotone import Monotone

if TYPE_CHECKING:
    from gradproof.signs.bounds import Signs


def missing(e: Expr, signs: Signs) -> str | None:
    """The condition that is missing for the term to be defined, in words; None where it is known to be."""
    if isinstance(e, x.Binder):
        return _of_node(e, signs) or signs.undefined(signs.opened(e)[1])
    if isinstance(e, x.Root):
        return _of_root(e, signs)
    for n, a in enumerate(e.args[:1] if isinstance(e, x.Limit) else e.args):  # a limit may approach infinity
        if missing := signs.within(e, n).undefined(a):
            return missing
    if isinstance(e, x.Ranking) and not x.in_range(e, e.family.size):
        return f"a rank {e!r} whose index is not known to be in range"
    if isinstance(e, x.Entry) and (outside := x.out_of_range(e)):
        return f"the entry {e!r}, whose index {outside[0]!r} is not known to lie in 1..{outside[1]!r}"
    if isinstance(e, x.Entry) and isinstance(e.base, x.Definition):
        return signs.undefined(e.base.unfold(e.args))
    return _of_matrix(e, signs) if isinstance(e, x.OfMatrix) else _of_node(e, signs)


def _of_matrix(e: x.OfMatrix, signs: Signs) -> str | None:
    """All its entries, and for its inverse a determinant that is not 0."""
    if outside := x.out_of_range(e):
        return f"the entry {e!r}, whose index {outside[0]!r} is not known to lie in 1..{outside[1]!r}"
    taken = signs.mentioned | x.names(e)
    row = x.fresh_letter("i", taken)
    anywhere = (x.Index.of(c, e.base.shape[0]) for c in (row, x.fresh_letter("j", taken | {row})))
    if missing := signs.undefined(e.base[tuple(anywhere)]):
        return missing
    if e.kind == "inverse" and not signs.nonzero(x.OfMatrix.of("det", e.base)):
        return f"the inverse of {e.base.name}, whose determinant must not be 0"
    return None


def _of_root(e: x.Root, signs: Signs) -> str | None:
    """The unknown is bound: what is said of a symbol of its name elsewhere is not said of it."""
    if e.unknown in signs.moving or any(e.unknown in g.relation.free for g in signs.givens):
        return f"a root whose unknown {e.unknown.name} is not used elsewhere"
    return Monotone(signs, e.unknown).unsolved(e)


def _of_node(e: Expr, signs: Signs) -> str | None:
    """What this node needs, its children being defined."""
    if isinstance(e, x.Binder | x.Index) and not x.is_size(e.size):
        return f"an index must run over a whole number >= 1, not over {e.size!r}"
    if isinstance(e, x.Derivative) and e.moved.domain.integer:
        return f"a derivative in {e.moved.name}, which takes whole numbers only"
    if isinstance(e, x.Derivative):
        rough = next((t for t in everything(e.args[0]) if _last(t) and e.moved in t.free), None)
        return None if rough is None else f"a derivative of {rough!r}, which need not have one"
    if isinstance(e, x.Constant) and e.data[0] == "oo":
        return "infinity is no number"
    if isinstance(e, x.Expectation):
        return _of_law(e, signs)
    name = e.base if isinstance(e, x.Entry) else e
    if isinstance(name, Symbol | Array) and is_empty(name.domain):
        return f"a value of {name.name}, whose domain is empty"
    if isinstance(e, x.Function) and e.name in ("log", "log1p", "lgamma"):
        a = signs.interval(e.args[0])
        inside = a if e.name != "log1p" else plus(a, Interval(ONE, ONE, False, False))
        return None if is_positive(inside) else f"the argument of a logarithm, which must be > 0: {e.args[0]!r}"
    if isinstance(e, x.Function) and e.name == "relentr":
        first, second = e.args
        known = signs.nonnegative(first) and signs.positive(second)
        return None if known else f"a relative entropy of {first!r}, which must be >= 0, to {second!r}, > 0"
    if isinstance(e, x.Application) and not contains(e.function.domain, signs.interval(e.args[0])):
        return f"the argument of {e.function.name}, which must lie in its domain: {e.args[0]!r}"
    return _of_power(e.args[0], e.args[1], signs) if isinstance(e, x.Pow) else None


def _of_power(base: Expr, exponent: Expr, signs: Signs) -> str | None:
    n = exponent.value if isinstance(exponent, x.Number) else None
    if n is not None and n.denominator == 1:
        return None if n > 0 or signs.nonzero(base) else f"a denominator that must not be 0: {base!r}"
    root = n is not None and n > 0 and signs.nonnegative(base)
    return None if root or signs.positive(base) else f"a base that must be > 0: {base!r}"


def _of_law(e: x.Expectation, signs: Signs) -> str | None:
    family = e.law.family
    for name, a, domain in zip(("first", "second"), e.args[1:], family.parameters, strict=False):
        if not contains(domain, signs.interval(a)):
            return f"the {name} parameter of {e.law.name}: {a!r}"
    if e.symbol.domain != family.support:
        return f"the variable {e.symbol.name}, whose domain is not the support of {e.law.name}"
    known = integrable(e, signs.within(e, 0))
    return None if known else f"an expectation, whose integrand must be known to have a mean: {e!r}"


def everything(e: Expr) -> Iterator[Expr]:
    """The subterms of a term and of the definitions that it rests on."""
    for part in (e, *(d.body for d in x.definitions(e))):
        yield from x.subterms(part)


def _last(e: Expr) -> bool:
    """Whether the term is the last derivative that an unknown function has, or such a function without one."""
    return isinstance(e, x.Application) and e.order == e.function.orders
