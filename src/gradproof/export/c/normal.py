"""Softmax, log-softmax and log-sum-exp as the reductions that they consist of, so that all of them share these.

Contract. Exponentials are `raised`: taken over a power of 2 near the largest, with a lift, so that none is subnormal
before it is divided by the total. What does not cancel is preferred: log1p of what is below the largest, and p - 1 as
what the other classes have.

Blind spot. With weights the logarithm is plain: near a total of 1 it has no more digits than the total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import array as a

if TYPE_CHECKING:
    from .terms import Term, Terms


def normal(terms: Terms, node: a.Normal) -> Term:
    """Softmax, log-softmax or log-sum-exp."""
    value, top, raised, peak = _exponentials(terms, node)
    if node.weight is None:
        beyond, total = _totals(terms, value, top, raised, peak)
        logged = terms.apply("log1p", terms.apply("divide", beyond, peak))
    else:
        sum_ = terms.fold("sum", terms.apply("multiply", terms.of(node.weight), raised))
        total = terms.apply("if_finite", top, sum_, peak)
        logged = terms.apply("log", terms.apply("divide", total, peak))
    if node.kind == "softmax":
        inverse = terms.apply("narrow", terms.apply("reciprocal", total))
        rest = terms.apply("narrow", terms.apply("inverse_rest", total, inverse))
        return terms.apply("share", raised, terms.spread(inverse), terms.spread(rest))
    scale = None if node.scale is None else terms.of(node.scale)
    if node.kind == "logsumexp":
        return terms.apply("add", top if scale is None else terms.apply("multiply", terms.squeezed(scale), top), logged)
    d = terms.apply("subtract", terms.of(node.value), terms.spread(terms.apply("finite_top", top)))
    d = d if node.weight is None else terms.apply("in_row", terms.spread(top), d)
    return terms.apply("subtract", d if scale is None else terms.apply("multiply", scale, d), terms.spread(logged))


def _totals(terms: Terms, value: Term, top: Term, raised: Term, peak: Term) -> tuple[Term, Term]:
    """The sum of a row's exponentials but one of the largest, for log1p, and the sum of all."""
    below = terms.fold("sum", terms.apply("below_top", value, terms.spread(top), raised))
    ties = terms.apply("ties", terms.fold("sum", raised), below, peak)
    others = terms.apply("multiply", terms.apply("subtract", ties, terms.constant(1)), peak)
    beyond = terms.apply("add", below, others)
    return beyond, terms.apply("add", beyond, peak)


def _exponentials(terms: Terms, node: a.Normal) -> tuple[Term, Term, Term, Term]:
    """A row's entries, the largest, the exponentials over a power of 2 near that of the largest, and the largest."""
    value = terms.of(node.value)
    if node.weight is not None:
        value = terms.apply("masked", terms.of(node.weight), value)
    top = terms.fold("max", value)
    return value, top, *_raised(terms, node, value, top)


def _raised(terms: Terms, node: a.Normal, value: Term, top: Term) -> tuple[Term, Term]:
    """The exponentials of a row over a power of 2 near the largest, and the largest."""
    shift = terms.apply("finite_top", top)
    factors: tuple[Term, ...] = () if node.scale is None else (terms.of(node.scale),)
    scale = tuple(map(terms.squeezed, factors))
    anchor = terms.apply("anchor_scaled" if scale else "anchor", top, *scale)
    highest = terms.apply("subtract", shift, anchor)
    rounding = terms.apply("rounding", terms.apply("multiply", *scale, highest) if scale else highest)
    operation = "raised_exp_scaled" if factors else "raised_exp"
    if factors and (divisor := terms.divisor(factors[0])) is not None:
        operation, factors = "raised_exp_divided", (*factors, divisor)
    raised = terms.apply(operation, value, *factors, terms.spread(anchor), terms.spread(rounding))
    return raised, terms.apply(operation, shift, *map(terms.squeezed, factors), anchor, rounding)


def less_indicator(terms: Terms, softmax: a.Normal, p: Term, indicator: Term) -> Term:
    """Softmax less 1 at a class: where that is the largest, what the others have, which does not cancel."""
    if softmax.kind != "softmax" or softmax.weight is not None:
        return terms.apply("subtract", p, indicator)
    value, top, raised, peak = _exponentials(terms, softmax)
    beyond, total = _totals(terms, value, top, raised, peak)
    others = terms.apply("multiply", beyond, terms.apply("reciprocal", total))
    return terms.apply("less_indicator", p, indicator, value, terms.spread(top), terms.spread(others))
