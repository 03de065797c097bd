"""Bounds that interval arithmetic cannot see, for they rest on one term standing in two places. TRUSTED.

Contract. Each function gives an interval that contains every value of the term, to be met with what arithmetic gives: a
mixture w a + (1 - w) b lies between a and b, a positive part over its whole is at most 1, a sum of nonnegative terms
is at least each of them.

Blind spot. These are forms, not a theory: x - x is any real here too, and a part is found only where it is written as
the term of the sum that it is divided by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import gradproof.expression as x
from gradproof.expression import REAL, UNIT, Expr, Interval, add, mul
from gradproof.expression.intervals import ONE, ZERO, contains, hull, is_positive, meet, times

if TYPE_CHECKING:
    from fractions import Fraction

    from gradproof.signs.bounds import Signs

AT_MOST_ONE = Interval(ZERO, ONE, True, False)


def mixture(e: x.Add, signs: Signs) -> Interval:
    """w a + (1 - w) b with 0 <= w <= 1 lies between a and b."""
    if len(e.args) != 2:
        return REAL
    for first, second in (e.args, e.args[::-1]):
        for n, rest in enumerate(second.args if isinstance(second, x.Mul) else ()):
            w = add(x.Number.of(1), -rest)
            parts = first.args if isinstance(first, x.Mul) else (first,)
            if w not in parts or not contains(Interval(ZERO, ONE, False, False), signs.interval(w)):
                continue
            a, b = list(parts), list(second.args)
            a.remove(w)
            return hull(signs.interval(mul(*a)), signs.interval(mul(*b[:n], *b[n + 1 :])))
    return REAL


def part_of_whole(e: x.Mul, signs: Signs) -> Interval:
    """t_i / sum_j t_j and t / (t + u) are at most 1 where the parts are positive; so are multiples of them."""
    for n, a in enumerate(e.args):
        if not (isinstance(a, x.Pow) and a.args[1] == x.Number.of(-1)):
            continue
        whole = a.args[0]
        if isinstance(whole, x.Entry) and isinstance(whole.base, x.Definition):
            whole = whole.base.unfold(whole.args)
        above, part = numeric(mul(*e.args[:n], *e.args[n + 1 :]))
        below, whole = numeric(whole)
        share = _share(part, whole, signs)
        if share is not None and below != 0:
            return times(Interval(above / below, above / below, False, False), share)
    return REAL


def _share(part: Expr, whole: Expr, signs: Signs) -> Interval | None:
    if isinstance(whole, x.Add) and part in whole.args and all(signs.positive(t) for t in whole.args):
        return UNIT
    if isinstance(whole, x.Sum) and signs.positive(signs.opened(whole)[1]):
        indices = [i for i in part.free if isinstance(i, x.Index) and i.size == whole.size]
        if any(whole.open(i) == part for i in indices):
            return AT_MOST_ONE
    return None


def largest_term(e: x.Binder, index: x.Index, body: Expr, signs: Signs) -> Interval:
    """A sum of nonnegative terms is at least each of them: sum_j [j <= i] e^{z_j} >= e^{z_i} > 0."""
    found = signs.interval(body)
    free = [i for i in body.free if isinstance(i, x.Index) and i != index]
    for at in (*sorted(free, key=lambda i: i.key), e.size, x.Number.of(1)):
        if not is_positive(found) and x.in_range(at, e.size):
            found = meet(found, replace(signs.interval(e.open(at)), high=None))
    return Interval(found.low, None, found.low_open)


def numeric(e: Expr) -> tuple[Fraction, Expr]:
    """The number in front of a product, and the rest."""
    if isinstance(e, x.Mul) and isinstance(e.args[0], x.Number):
        return e.args[0].value, mul(*e.args[1:])
    return ONE, e
