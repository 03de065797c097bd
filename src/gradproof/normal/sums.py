"""Sums of a polynomial over indices: deltas contracted, constants in front, nested sums in one order. TRUSTED.

Contract. `summed(normal, indices, p)` equals the sum of p over the indices, wherever that is defined. A delta takes its
index only where the other one is in range; a product of sums becomes a nested sum; factors that share no index are
summed apart, and a sum without factors is its size. Of the orders of nested sums that with the smallest key is taken.

Blind spot. More than four nested sums stay in the order in which they come, so equal ones may look different.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import floor
from typing import TYPE_CHECKING

import gradproof.expression as x
from gradproof.expression import Delta, Expr, Index, Number, Sum, abstract, mul, power
from gradproof.normal.polynomials import ONE, Monomial, Polynomial, accumulate, atom, merge, resorted

if TYPE_CHECKING:
    from gradproof.normal.form import Normal


def summed(normal: Normal, binders: list[Index], p: Polynomial) -> Polynomial:
    """The sum of a polynomial over indices that are free in it."""
    total: Polynomial = {}
    for m, c in p.items():
        accumulate(total, _sum_monomial(normal, binders, m), c)
    return total


def _sum_monomial(normal: Normal, binders: list[Index], m: Monomial) -> Polynomial:
    for n, (a, e) in enumerate(m):
        rest = m[:n] + m[n + 1 :]
        if isinstance(a, Delta):
            for gone, kept in (a.args, a.args[::-1]):
                if not isinstance(gone, Index) or gone not in binders or gone in kept.free:
                    continue
                if x.in_range(kept, gone.size):
                    return summed(normal, [b for b in binders if b != gone], normal.replaced(rest, gone, kept))
        if isinstance(a, Sum) and x.is_size(a.size) and e >= 1 and e == floor(e) and a.free.intersection(binders):
            index = normal.fresh(a.size)
            inner = normal.product({merge(rest, ((a, e - 1),) if e > 1 else ()): ONE}, normal.of(a.open(index)))
            return summed(normal, [*binders, index], inner)
    return _components(normal, binders, m)


def _components(normal: Normal, binders: list[Index], m: Monomial) -> Polynomial:
    """Factors that share no bound index are summed apart; a sum without factors is its size."""
    moving = [f for f in m if f[0].free.intersection(binders)]
    total: Polynomial = {tuple(f for f in m if f not in moving): ONE}
    waiting = list(binders)
    while waiting:
        group: list[Index] = [waiting[0]]
        inside: list[tuple[Expr, Fraction]] = []
        while found := [f for f in moving if f not in inside and f[0].free.intersection(group)]:
            inside += found
            group += [b for b in waiting if b not in group and any(b in f[0].free for f in found)]
        waiting = [b for b in waiting if b not in group]
        total = normal.product(total, _sum_atom(normal, group, inside) if inside else normal.of(group[0].size))
    return total


def _sum_atom(normal: Normal, group: list[Index], inside: list[tuple[Expr, Fraction]]) -> Polynomial:
    """One atom for the whole group of binders: of all their orders, the one whose term has the smallest key."""
    normal.spend(len(group))
    best: Expr | None = None
    for order in permutations(group) if len(group) <= 4 else [tuple(group)]:
        factors = [power(resorted(abstract(a, order)), Number.of(e)) for a, e in inside]
        body = mul(*sorted(factors, key=lambda f: f.key))
        for b in order:
            body = Sum((b.size, body), (), "ijklmn"[len(group) % 6])
        if best is None or body.key < best.key:
            best = body
    assert best is not None
    return atom(best)
