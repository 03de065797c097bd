"""Sums of fractions gathered under one index. TRUSTED.

Contract. `gathered(normal, p)` is p times a monomial that does not vanish where p is defined, or p itself; so if it is
zero, p is zero. Constants have left the sums, c_1 sum_i f_i + c_2 sum_i g_i, so no sum by itself shows that its
numerator contains the denominator; under one index, sum_i (c_1 f_i + c_2 g_i), division by the denominator is complete.

Blind spot. A monomial with two such sums has the first of them gathered only.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.expression import Add, Expr, Index, Number, Pow, Sum, is_size, subterms
from gradproof.normal.polynomials import Monomial, Polynomial, accumulate, merge
from gradproof.normal.sums import summed

if TYPE_CHECKING:
    from gradproof.normal.form import Normal


def gathered(normal: Normal, p: Polynomial) -> Polynomial:
    """The polynomial with the sums of fractions over one range merged into one."""
    if not any(fractional(a) for m in p for a, _ in m):
        return p
    p = lifted(p)
    total: Polynomial = {}
    bodies: dict[Expr, tuple[Index, Polynomial]] = {}
    for m, c in p.items():
        found = next((n for n, (a, e) in enumerate(m) if e == 1 and fractional(a)), None)
        if found is None:
            accumulate(total, {m: c})
            continue
        whole = m[found][0]
        assert isinstance(whole, Sum)
        index, body = bodies.setdefault(whole.size, (normal.fresh(whole.size), {}))
        accumulate(body, normal.product({m[:found] + m[found + 1 :]: c}, normal.of(whole.open(index))))
    for index, body in bodies.values():
        accumulate(total, summed(normal, [index], body))
    return total


def lifted(p: Polynomial) -> Polynomial:
    """Times the whole powers that every factor needs to stand in no denominator."""
    lowest: dict[Expr, Fraction] = {}
    for m in p:
        for a, e in m:
            if e < 0 and e.denominator == 1:
                lowest[a] = min(e, lowest.get(a, e))
    factor: Monomial = ()
    for a, e in lowest.items():
        factor = merge(factor, ((a, -e),))
    return {merge(m, factor): c for m, c in p.items()}


def fractional(e: Expr) -> bool:
    """Whether the term is a sum of fractions whose denominators are sums of terms that depend on the index."""
    return isinstance(e, Sum) and is_size(e.size) and any(_below(t) for t in subterms(e.args[1]))


def _below(t: Expr) -> bool:
    negative = isinstance(t, Pow) and isinstance(t.args[1], Number) and t.args[1].value < 0
    return negative and isinstance(t.args[0], Add) and t.loose > 0
