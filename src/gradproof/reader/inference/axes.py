"""The axes of a formula of vectors and matrices, as places whose ranges are inferred.

Contract. `axes` returns one place for each axis, none for a number, and None where that is not known yet. Joining
axes that must agree is reported to `meet`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from gradproof.reader.inference.splitting import Splitter, Use
from gradproof.reader.syntax import (
    Apply,
    Big,
    Bracket,
    Component,
    Deriv,
    Factors,
    Family,
    Flipped,
    Frac,
    Grad,
    Known,
    Name,
    Node,
    Num,
    Ones,
    Power,
    Terms,
)

Axes = tuple[object, ...]

Meet = Callable[[object, object, Node], None]

SCALAR = ("kl", "entropy", "cross_entropy", "logsumexp")


@dataclass
class AxesFinder:
    splitter: Splitter
    uses: dict[Node, Use]
    meet: Meet

    def of(self, node: Node) -> Axes | None:
        reading = _READINGS.get(type(node))
        return () if reading is None else reading(self, node)

    def _through(self, node: Node) -> Axes | None:
        """What stands in brackets, above a line or below an exponent says the axes."""
        inner = {Bracket: "inner", Frac: "above", Power: "base"}[type(node)]
        return self.of(getattr(node, inner))

    def _flipped(self, node: Flipped) -> Axes | None:
        found = self.of(node.inner)
        return found if found is None or len(found) < 2 else found[::-1]

    def _known(self, node: Known) -> Axes | None:
        found = self.of(node.args[0])
        if node.name in SCALAR:
            return ()
        return found * 2 if found is not None and node.name == "diag" else found

    def _gradient(self, node: Grad) -> Axes | None:
        inner, moving = self.of(node.body), self.of(node.variable)
        return None if inner is None or moving is None else inner + moving * node.order

    def _derivative(self, node: Deriv) -> Axes | None:
        every = [self.of(node.body), *map(self.of, node.variables)]
        known = [axes for axes in every if axes is not None]
        return tuple(chain.from_iterable(known)) if len(known) == len(every) else None

    def _component(self, node: Component) -> Axes | None:
        found = self.of(node.base)
        return None if found is None else found[len(node.parts) :]

    def _name(self, node: Name) -> Axes | None:
        use = self.uses.get(node)
        if use is None or node.letter in use.bound:
            return ()
        split = self.splitter.split(use)
        if isinstance(split.key, str):
            return ()
        rank = self.splitter.rank_of(split.key)
        if rank is None:
            return None if node.bold else ()
        return tuple(("slot", split.key, n) for n in range(len(split.indices), rank))

    def agreeing(self, nodes: list[Node], where: Node) -> Axes | None:
        found = [a for a in map(self.of, nodes) if a is not None]
        known = max(found, key=len, default=None)
        for other in found:
            if known is not None and other and len(other) == len(known):
                for a, b in zip(known, other, strict=True):
                    self.meet(a, b, where)
        return known

    def _product(self, node: Factors) -> Axes | None:
        """Entrywise for a circle, else the inner axes of neighbours meet and go."""
        found: Axes = ()
        row = False
        for operator, f in node.factors:
            axes = self.of(f)
            if axes is None:
                return None
            is_row = isinstance(f, Flipped) or (isinstance(f, Power) and _is_t(f))
            if not axes or operator == "/":
                continue
            if not found:
                found, row = axes, is_row and len(axes) == 1
            elif operator == r"\odot":
                for a, b in zip(found, axes, strict=False):
                    self.meet(a, b, node)
            elif len(found) == 1 and not row and is_row and len(axes) == 1:
                found = found + axes
            else:
                self.meet(found[-1], axes[0], node)
                found, row = found[:-1] + axes[1:], row and len(axes) == 2
        return found


def _is_t(node: Power) -> bool:
    return isinstance(node.exponent, Name) and node.exponent.letter == "T"


# Nodes of other kinds are numbers.
_READINGS: dict[type[Node], Callable[[AxesFinder, Any], Axes | None]] = {
    Name: AxesFinder._name,
    Bracket: AxesFinder._through,
    Frac: AxesFinder._through,
    Power: AxesFinder._through,
    Flipped: AxesFinder._flipped,
    Terms: lambda finder, node: finder.agreeing([t for _, t in node.terms], node),
    Apply: lambda finder, node: finder.agreeing(list(node.args), node),
    Factors: AxesFinder._product,
    Known: AxesFinder._known,
    Grad: AxesFinder._gradient,
    Deriv: AxesFinder._derivative,
    Family: lambda _, node: (("bound", node),),
    Big: lambda finder, node: finder.of(node.body),
    Component: AxesFinder._component,
    Num: lambda _, node: () if node.value else None,  # 0 stands for zeros of any shape
    Ones: lambda _, __: None,
}
