"""Finding softmax, log-softmax and log-sum-exp, which are computed relative to the largest exponent.

Contract. Among the terms of a sum, c * (f_i - log sum_j w_j e^{f_j}) is found at any index i and for any factor c;
also for sums over several indices. A positive factor that all exponents share, such as 1/tau, is applied after the
shift, so that it does not magnify rounding.

Blind spot. f_i is found term by term: an exponent that was expanded differently from the one under the sum is missed,
and then exp(a - log sum) is computed as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradproof.expression import Delta, Entry, Expr, Index, Number, Pow, Sum, add, mul, subterms

from . import labelled
from .array import Normal
from .labelled import Labelled
from .terms import MINUS, ONE, called, canonical, coefficient, factors, flat, function, negative, without

if TYPE_CHECKING:
    from .lower import Lowering

LARGEST_MULTIPLE = 4  # 2 log S is also looked at as log S + log S


@dataclass(frozen=True)
class Match:
    """factor * log-softmax: the sum over each of `sums` normalises at the index beside it."""

    factor: Expr
    sums: tuple[tuple[Sum, Expr], ...]

    def lowered(self, context: Lowering, kind: str) -> list[Labelled]:
        found = []
        for total, index in self.sums:
            term, axis = lowered(context, kind, total)
            found.append(context.at(term, axis, index))
        return found

    def weights(self) -> list[Expr]:
        """The weights at the indices of the sums."""
        return [w for total, index in self.sums for w in (exponent(total.open(index)) or (ONE, ()))[1]]


def exponent(body: Expr) -> tuple[Expr, tuple[Expr, ...]] | None:
    """(f, w) where the term is the product of e^f and the factors w."""
    exponents: list[Expr] = []
    weights: list[Expr] = []
    for f in factors(body):
        if called(f, "exp"):
            exponents.append(f.args[0])
        elif isinstance(f, Sum) and is_sum_of_exponentials(f):
            exponents.append(function("log", f))
        else:
            weights.append(f)
    return (add(*exponents), tuple(weights)) if exponents else None


def is_sum_of_exponentials(e: Sum) -> bool:
    return exponent(e.args[1]) is not None


def is_reciprocal(e: Expr) -> bool:
    return isinstance(e, Pow) and isinstance(e.args[1], Number) and e.args[1].value < 0


def with_quotients_merged(given: Sequence[Expr]) -> list[Expr]:
    """e^a * (sum_j w_j e^{f_j})^-c as one exponential: what divides is not 0, so that it has a logarithm."""
    powers = [
        f for f in given if isinstance(f, Pow) and isinstance(f.args[0], Sum) and is_sum_of_exponentials(f.args[0])
    ]
    plain = [f for f in given if called(f, "exp")]
    if not powers or not plain:
        return list(given)
    total = add(*(f.args[0] for f in plain), *(mul(f.args[1], function("log", f.args[0])) for f in powers))
    return [*(f for f in given if f not in powers and f not in plain), function("exp", total)]


def lowered(context: Lowering, kind: str, total: Sum) -> tuple[Labelled, Index]:
    """One of the operations of `Normal` over the index of a sum of exponentials, and the axis of that index."""
    axis = context.open(total)
    found = exponent(total.open(axis))
    assert found is not None
    f, weights = found
    outside = [g for g in factors(f) if axis not in g.free and context.signs.positive(g)]
    with context.weighted(None):
        value = context.lower(mul(*(g for g in factors(f) if g not in outside)))
        scale = context.lower(mul(*outside)) if outside else None
        weight = context.lower(mul(*weights)) if weights else None
    if axis not in value.axes:
        value = labelled.spread(value, axis, context.size(total.size))
    rest = tuple(a for a in labelled.union(t for t in (value, scale, weight) if t) if a != axis)
    axes = (*rest, axis)
    node = Normal(
        kind,
        labelled.aligned(value, axes),
        None if scale is None else labelled.aligned(scale, axes),
        None if weight is None else labelled.aligned(weight, axes),
    )
    return Labelled(node, rest if kind == "logsumexp" else axes), axis


def exponential(context: Lowering, argument: Expr) -> Labelled | None:
    """exp of log-softmaxes alone as a product of softmaxes; -inf is put in where a weight beside it is 0."""
    beside, context.beside = context.beside, ()
    matches, rest = find(flat([argument]))
    weights = [w for m in matches for w in m.weights() if w.free and not is_reciprocal(w)]
    covered = {canonical(w) for w in weights} <= {canonical(f) for f in beside}
    if matches and not rest and all(m.factor == ONE for m in matches) and covered:
        found = [t for m in matches for t in m.lowered(context, "softmax")]
        return labelled.product(ONE.value, found, ())
    if not weights or not covered:
        return None
    weight = labelled.product(ONE.value, [context.lower(w) for w in weights], ())
    return labelled.apply("exp", labelled.guard(weight, context.lower(argument), None))


def normalised(context: Lowering, terms: Sequence[Expr]) -> Iterator[tuple[int, Labelled]]:
    """The terms of a sum, log-softmaxes found, each with its sign."""
    matches, rest = find(flat(terms)) if any(_log_factor(t) is not None for t in terms) else ([], list(terms))
    for m in matches:
        number, factor = coefficient(m.factor)
        found = m.lowered(context, "log_softmax")
        whole = found[0]
        for t in found[1:]:
            whole = labelled.apply("add", whole, t)
        n, above, below = context.parts((Number.of(abs(number)), *factors(factor)))
        yield (1 if number > 0 else -1), labelled.product(n, [*above, context.guarded(whole, 0)], below)
    for term in rest:
        number, factor = coefficient(term)
        yield (1 if number >= 0 else -1), context.lower(mul(Number.of(abs(number)), factor))


def find(terms: Sequence[Expr]) -> tuple[list[Match], list[Expr]]:
    """The log-softmaxes among the terms, and the terms that are left."""
    matches, rest = _whole(list(terms))
    if any(_log_factor(t) is not None for t in rest):
        single = [u for t in rest for u in _units(t)]
        more, left = _whole(single)
        if more:
            return [*matches, *more], list(left)
    return matches, rest


def _whole(rest: list[Expr]) -> tuple[list[Match], list[Expr]]:
    matches: list[Match] = []
    place = 0
    while place < len(rest):
        term, others = rest[place], rest[:place] + rest[place + 1 :]
        inner = _log_factor(term)
        factor = negative(mul(*(f for f in factors(term) if f is not inner)))
        found = None if inner is None else _match(inner.args[0], factor, others)
        if found is None:
            place += 1
        else:
            matches.append(Match(factor, found[0]))
            rest, place = found[1], 0
    return matches, rest


def _log_factor(term: Expr) -> Expr | None:
    """The factor log sum_j w_j e^{f_j} of a term."""
    for f in factors(term):
        if called(f, "log") and isinstance(f.args[0], Sum) and is_sum_of_exponentials(f.args[0]):
            return f
    return None


def _units(term: Expr) -> list[Expr]:
    number, rest = coefficient(term)
    if number.denominator != 1 or not 1 < abs(number) <= LARGEST_MULTIPLE:
        return [term]
    return [rest if number > 0 else mul(MINUS, rest)] * abs(int(number))


def _match(total: Expr, factor: Expr, others: list[Expr]) -> tuple[tuple[tuple[Sum, Expr], ...], list[Expr]] | None:
    assert isinstance(total, Sum)
    for index in _indices(others, total.size):
        found = exponent(total.open(index))
        assert found is not None
        f, weights = found
        inner = _log_factor(f)
        if inner is not None and inner is f and not weights:
            below = _match(f.args[0], factor, others)
            if below is not None:
                return ((total, index), *below[0]), below[1]
        left = without(others, [mul(factor, t) for t in flat([f])])
        if left is not None:
            return ((total, index),), left
    return None


def _indices(terms: Sequence[Expr], size: Expr) -> list[Expr]:
    """The index values that occur in the terms and may run over this size."""
    found: dict[Expr, None] = {}
    for t in terms:
        for s in subterms(t):
            if isinstance(s, Entry | Delta):
                found.update(dict.fromkeys(s.args))
    return [i for i in found if i.loose == 0 and (not isinstance(i, Index) or i.size == size)]
