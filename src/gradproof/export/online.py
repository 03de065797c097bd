"""Fewer passes over a stream: what waits for a finished maximum is taken relative to the largest entry so far.

Contract. `online` writes each log-sum-exp and softmax over the stream as a peak and sums below it, and turns look-ups
and sums of what depends on these into carries of the same pass, where they are `linear` in softmaxes and log-softmaxes.
The sum of w * (d - log s), d = z - m, is S - log(s) * sum(w), where S = sum(w * d) grows by (m - m') * sum(w) when a
chunk raises m to m'. All such steps have one sign where w has, so nothing cancels that did not before.

Blind spot. Sums are multiplied out over sums in softmaxes: where two of them are large, and close, digits are lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from itertools import product
from typing import cast

from .array import Align, Apply, Contract, Equal, Fold, Guard, Node, Size, walk
from .carry import Peak, Rest, Rolled, Shifted, Stream, aligned, drop, flat, kept, mapped, running, squeezed, summed
from .collective import Across, Held, Merged
from .linear import ONE, Expansion, Nonlinear, Term, of_chunk, times
from .module import start

Axes = tuple[int, ...]


def online(node: Node, stream: Stream) -> Node:
    """The same array from fewer passes."""
    done: dict[Node, Node] = {}

    def changed(n: Node) -> Node:
        if n not in done:
            done[n] = step(mapped(n, changed))
        return done[n]

    def step(n: Node) -> Node:
        if isinstance(n, Merged):
            return _normalised(n, stream)
        if isinstance(n, Held):
            return _looked_up(n, n.value, stream)
        return _summed(n, stream) if isinstance(n, Across) and n.operation == "sum" else n

    return changed(node)


def _normalised(n: Merged, stream: Stream) -> Node:
    """A log-sum-exp, softmax or log-softmax by the peak and the sum below it."""
    value, scale, weight, last = n.value, n.scale, n.weight, frozenset((n.value.rank - 1,))
    own = value  # also where the weight is 0: there the logarithm of a softmax is as good as anywhere
    if weight is not None and stream.moving(weight):
        value = Apply("masked", (weight, value))
    if scale is not None and stream.level(scale) > stream.level(value):
        own, value, scale = Apply("multiply", (scale, own)), Apply("multiply", (scale, value)), None
    peak = Peak(value)
    shifted = Shifted(peak, scale)
    fall = squeezed(drop(shifted), last)
    total: Node
    if weight is None or not stream.moving(weight):
        rest = Rest(running(shifted), fall)  # type: ignore[arg-type]
        total, log_total = Apply("add", (ONE, rest)), Apply("log1p", (rest,))
        if weight is not None:
            total = Apply("multiply", (squeezed(weight, last), total))
            log_total = Apply("add", (Apply("log", (squeezed(weight, last),)), log_total))
    else:
        below = Apply("multiply", (weight, Apply("exp", (running(shifted),))))
        total = Apply("total", (peak, Rolled(Fold("sum", below), Apply("exp", (fall,)))))
        log_total = Apply("log", (total,))
    if n.kind == "logsumexp":
        top = peak if scale is None else Apply("multiply", (squeezed(scale, last), peak))
        return Apply("add", (top, log_total))
    if n.kind == "log_softmax" and own is not peak.value:
        above: Node = Apply("subtract", (own, kept(peak)))
        above = above if scale is None else Apply("multiply", (scale, above))
        return Apply("subtract", (above, kept(log_total)))
    if n.kind == "log_softmax":
        return Apply("subtract", (shifted, kept(log_total)))
    return Apply("divide", (Apply("exp", (shifted,)), kept(total)))


def _looked_up(n: Held, value: Node, stream: Stream) -> Node:
    """The entry at an index: an operation entry by entry is done after the entries were looked up."""
    if not stream.moving(value):
        return squeezed(value, frozenset((value.rank - 1,)))
    if stream.level(value) < stream.level(n.value) or stream.level(value) == 0:
        return replace(n, value=value)
    if isinstance(value, Align):
        value = _pushed(value)
    if isinstance(value, Shifted):
        value = _unfolded(value)
    if isinstance(value, Apply | Guard | Equal):
        return mapped(value, lambda c: c if c.static else _looked_up(n, c, stream))
    return replace(n, value=value)


def _unfolded(n: Shifted) -> Node:
    below = Apply("below", (n.peak.value, kept(n.peak)))
    return below if n.scale is None else Apply("multiply", (n.scale, below))


def _pushed(n: Align) -> Node:
    """An alignment of what is entry by entry, done to its operands; of shifted logits, to what they are made of."""
    inner = _unfolded(n.value) if isinstance(n.value, Shifted) else n.value
    return mapped(inner, lambda c: aligned(c, n.axes)) if isinstance(inner, Apply | Guard | Equal) else n


def _summed(n: Across, stream: Stream) -> Node:
    """The sum, in an earlier pass where it is linear in what that pass finds."""
    operands, labels, output, axis = _contraction(n)
    level = max(map(stream.level, operands))
    if level == 0:
        return n
    whole = _Sum(stream, level - 1, labels, output, axis)
    try:
        terms = [Expansion(stream, level).terms(o) for o in operands]
        if sum(len(t) > 1 for t in terms) > 1:
            raise Nonlinear
        sums = [(_sign(chosen), whole.of(chosen)) for chosen in product(*terms)]
    except Nonlinear:
        return n
    sums.sort(key=lambda s: s[0] < 0)  # stable: a positive one leads
    (first, total), *others = sums
    total = total if first > 0 else Apply("negative", (total,))
    for sign, more in others:
        total = Apply("add" if sign > 0 else "subtract", (total, more))
    return total


def _sign(chosen: Sequence[Term]) -> int:
    return reduce(lambda sign, t: sign * t.sign, chosen, 1)


def _contraction(n: Across) -> tuple[tuple[Node, ...], tuple[Axes, ...], Axes, int]:
    """The summands as a product of operands with labelled axes, the labels that are left, and that of the stream."""
    if isinstance(n.value, Contract):
        assert n.axis is not None
        return n.value.operands, n.value.labels, n.value.output, n.axis
    value, kept_axes = n.value, n.value.rank
    while isinstance(value, Fold) and value.operation == "sum":
        value = value.value
    return (value,), (tuple(range(value.rank)),), tuple(range(kept_axes)), kept_axes


class _Sum:
    """The sum of a product of terms, one for each operand, as carries and what is done when the pass is over."""

    def __init__(self, stream: Stream, passes: int, labels: Sequence[Axes], output: Axes, axis: int) -> None:
        self.stream, self.passes, self.labels, self.output, self.axis = stream, passes, labels, output, axis

    def of(self, chosen: Sequence[Term]) -> Node:
        outside = [self._lean(f, n) for n, t in enumerate(chosen) for f in t.factors if not self.stream.moving(f)]
        falls = [self._lean(drop(p), n) for n, t in enumerate(chosen) for p in t.powers]
        gains = [self._lean(drop(t.logit, True), n) for n, t in enumerate(chosen) if t.logit is not None]
        if len(gains) > 1:
            raise Nonlinear
        more = {a: None for _, axes in (*outside, *falls, *gains) for a in axes if a not in self.output}
        order = (*self.output, *more)
        known = {*order, self.axis, *(a for _, axes in self._moving(chosen) for a in axes)}
        if any(a not in known for axes in self.labels for a in axes):
            raise Nonlinear  # summed along another axis, too, of which this term does not know the length
        factor = times([Apply("exp", (self._placed(f, order),)) for f in falls]) if falls else None
        faint = bool(falls) and self._is_guarded(chosen)
        value, found = self._value(chosen, order), cast(Node, Size(self.stream.size))  # the sum of 1
        if value is not None and gains:
            without = [replace(t, logit=None, guards=()) for t in chosen]
            others = self._others(without, order, factor)
            found = Rolled(value, factor, self._placed(gains[0], order), others, faint=faint)
        elif value is not None:
            found = Rolled(value, factor, faint=faint)
        return summed(times([*(self._placed(f, order) for f in outside), found]), len(more))

    def _others(self, without: Sequence[Term], order: Axes, factor: Node | None) -> Node:
        """The sum so far of what is moved by a shifted logit."""
        value = self._value(without, order)
        if value is None:
            return Size(start(self.stream.size))
        return Rolled(value, factor, passes=self.passes, faint=factor is not None and self._is_guarded(without))

    def _is_guarded(self, chosen: Sequence[Term]) -> bool:
        """Whether entries that do not count where an exponential is 0 may be infinite where it is not."""
        factors = (n for t in chosen for f in t.factors if self.stream.moving(f) for n in walk(f))
        powers = {p for t in chosen for p in t.powers}
        return any(isinstance(n, Guard) for n in factors) or any(t.guards and t.logit not in powers for t in chosen)

    def _value(self, chosen: Sequence[Term], order: Axes) -> Node | None:
        """The sum over the chunk, with its axes in this order."""
        moving = self._moving(chosen)
        if not moving:
            return None
        present = {a for _, axes in moving for a in axes}
        output = tuple(a for a in order if a in present)
        if len(moving) == 1:
            ((value, axes),) = moving
            gone = tuple(a for a in axes if a not in output)
            value = summed(self._placed((value, axes), (*output, *gone)), len(gone))
        else:
            value = Contract(tuple(v for v, _ in moving), tuple(axes for _, axes in moving), output)
        return self._placed((value, output), order)

    def _moving(self, chosen: Sequence[Term]) -> list[tuple[Node, Axes]]:
        return [self._lean(v, n) for n, t in enumerate(chosen) if (v := of_chunk(t, self.stream)) != ONE]

    def _lean(self, node: Node, operand: int) -> tuple[Node, Axes]:
        """The node without axes of length 1, and the labels of its axes."""
        axes = self.labels[operand]
        if node.static:
            return node, ()
        gone = flat(node)
        return squeezed(node, gone), tuple(a for n, a in enumerate(axes) if n not in gone)

    def _placed(self, found: tuple[Node, Axes], order: Axes) -> Node:
        node, axes = found
        return aligned(node, tuple(axes.index(a) if a in axes else None for a in order))
