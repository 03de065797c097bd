"""Arrays as sums of terms that are linear in softmaxes and log-softmaxes of a stream.

Contract. The sum of the terms is the array. What moves in a term, and so has to be summed over the stream, is known
before the pass of its peaks is over: it is taken relative to the largest entries so far.

Blind spot. A product of two sums is not multiplied out, lest it cancel: (p - y)^2 is left to a pass of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

from .array import Align, Apply, Constant, Guard, Node
from .carry import Shifted, Stream, aligned, mapped, running

ONE = Constant(Fraction(1))


def times(nodes: Sequence[Node]) -> Node:
    return reduce(lambda a, b: Apply("multiply", (a, b)), nodes) if nodes else ONE


class Nonlinear(Exception):
    """A sum that is not linear in softmaxes and log-softmaxes."""


@dataclass(frozen=True)
class Term:
    """The product of factors, of exp of shifted logits, and of one shifted logit; each may have been aligned."""

    sign: int = 1
    factors: tuple[Node, ...] = ()
    powers: tuple[Node, ...] = ()
    logit: Node | None = None
    guards: tuple[Node, ...] = ()  # the logit counts only where none of these is 0


class Expansion:
    """Arrays as sums of terms, whose moving factors are known before the pass of this level is over."""

    def __init__(self, stream: Stream, level: int) -> None:
        self.stream, self.level = stream, level

    def terms(self, n: Node) -> list[Term]:
        if not self._is_late(n) or not self.stream.moving(n):
            return [Term(factors=(n,))]
        if not self._is_late(eased := self._eased(n)):
            return [Term(factors=(eased,))]
        if isinstance(n, Shifted) and self._of_this_pass(n):
            return [Term(logit=n)]
        if isinstance(n, Align):
            return [self._aligned(t, n.axes) for t in self.terms(n.value)]
        if isinstance(n, Guard):
            return self._guarded(n)
        if isinstance(n, Apply) and n.operation in EXPAND:
            return EXPAND[n.operation](self, n)
        raise Nonlinear

    def _is_late(self, n: Node) -> bool:
        return self.stream.level(n) >= self.level

    def _eased(self, n: Node) -> Node:
        """The node with what counts where a softmax is not 0 guarded by exponentials below the peaks so far."""
        if not self._is_late(n) or not isinstance(n, Apply | Align | Guard):
            return n
        if isinstance(n, Guard) and self._is_late(n.weight):
            return Guard(self._guard(n.weight), self._eased(n.value), n.fill)
        return mapped(n, self._eased)

    def _of_this_pass(self, n: Shifted) -> bool:
        early = n.scale is None or not self._is_late(n.scale)
        return early and self.stream.level(n.peak) == self.level

    def _aligned(self, t: Term, axes: tuple[int | None, ...]) -> Term:
        factors, powers, guards = (tuple(aligned(n, axes) for n in group) for group in (t.factors, t.powers, t.guards))
        return Term(t.sign, factors, powers, None if t.logit is None else aligned(t.logit, axes), guards)

    def added(self, n: Apply) -> list[Term]:
        first, second = map(self.terms, n.args)
        return [*first, *(replace(t, sign=-t.sign) for t in second)] if n.operation == "subtract" else [*first, *second]

    def negative(self, n: Apply) -> list[Term]:
        return [replace(t, sign=-t.sign) for t in self.terms(n.args[0])]

    def multiplied(self, n: Apply) -> list[Term]:
        first, second = (self.terms(a) for a in (n.args if len(n.args) == 2 else n.args * 2))
        if len(first) > 1 and len(second) > 1:
            raise Nonlinear
        return [self._product(a, b) for a in first for b in second]

    def _product(self, a: Term, b: Term) -> Term:
        if a.logit is not None and b.logit is not None:
            raise Nonlinear
        logit = b.logit if a.logit is None else a.logit
        return Term(a.sign * b.sign, a.factors + b.factors, a.powers + b.powers, logit, a.guards + b.guards)

    def divided(self, n: Apply) -> list[Term]:
        above, below = n.args
        if self.stream.moving(below) and self.stream.level(below) >= self.level:
            raise Nonlinear
        inverse = Apply("divide", (ONE, below))
        return [replace(t, factors=(*t.factors, inverse)) for t in self.terms(above)]

    def exponential(self, n: Apply) -> list[Term]:
        """exp of a shifted logit, or of a multiple of log-softmax, c * (d - log s), as e^{c d} / s^c."""
        (inner,) = n.args
        terms = self.terms(inner)
        logits, others = [t for t in terms if t.logit is not None], [t for t in terms if t.logit is None]
        if len(logits) != 1 or not _is_multiple(logits[0]) or not all(map(_is_log_of_total, others)):
            raise Nonlinear
        (power,) = logits
        assert power.logit is not None
        outside = tuple(Apply("exp", (Apply("negative", (times(t.factors),)),)) for t in others)
        return [Term(factors=outside, powers=(_scaled(power.logit, power.factors),))]

    def _guarded(self, n: Guard) -> list[Term]:
        guard = self._guard(n.weight)
        return [self._with_guard(t, guard) for t in self.terms(n.value)]

    def _guard(self, weight: Node) -> Node:
        """What is 0 where the weight is."""
        first, *others = self.terms(weight)
        early = [f for f in first.factors if not self._is_late(f)]  # the others are totals, and not 0
        if others or not (early or first.powers):
            raise Nonlinear
        return times([*early, *_below(first)])

    def _with_guard(self, t: Term, guard: Node) -> Term:
        factors = tuple(Guard(guard, f, 0) if self.stream.moving(f) else f for f in t.factors)
        return replace(t, factors=factors, guards=(*t.guards, guard) if t.logit is not None else t.guards)


EXPAND = {
    "add": Expansion.added,
    "subtract": Expansion.added,
    "negative": Expansion.negative,
    "multiply": Expansion.multiplied,
    "square": Expansion.multiplied,
    "divide": Expansion.divided,
    "exp": Expansion.exponential,
}


def of_chunk(t: Term, stream: Stream) -> Node:
    """What a term says of the entries of a chunk, below the peaks so far."""
    return times([*(f for f in t.factors if stream.moving(f)), *_below(t)])


def _below(t: Term) -> list[Node]:
    """The factors of a term that are taken relative to the peaks so far."""
    found: list[Node] = [Apply("exp", (running(p),)) for p in t.powers]
    if t.logit is not None:
        logit = running(t.logit)
        for g in t.guards:
            logit = Guard(g, logit, 0)
        found.append(logit)
    return found


def _is_multiple(t: Term) -> bool:
    """Whether the term is a positive number times a shifted logit."""
    return t.sign > 0 and not t.powers and not t.guards and all(map(_is_positive, t.factors))


def _is_positive(n: Node) -> bool:
    return isinstance(n, Constant) and isinstance(n.value, Fraction) and n.value > 0


def _is_log_of_total(t: Term) -> bool:
    """Whether the term is minus a number times log s, so that its exponential does not overflow."""
    found = [f.value if isinstance(f, Align) else f for f in t.factors if not _is_positive(f)]
    logs = all(isinstance(f, Apply) and f.operation in ("log1p", "log") for f in found)
    return t.sign < 0 and not t.powers and len(found) == 1 and logs


def _scaled(logit: Node, factors: Sequence[Node]) -> Node:
    if not factors or not isinstance(logit, Shifted):
        return mapped(logit, lambda n: _scaled(n, factors)) if factors else logit
    return replace(logit, scale=times([*factors, *([] if logit.scale is None else [logit.scale])]))
