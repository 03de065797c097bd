"""The axes of a formula of vectors and matrices, as places whose ranges are inferred.

Contract. `axes` returns one place for each axis, none for a number, and None where that is not known yet. Joining axes that must
agree is reported to `meet`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradproof.reader.syntax import (
    Apply,
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
    Norm,
    Num,
    Ones,
    Power,
    Terms,
)
from gradproof.reader.inference.splitting import Splitter, Use

Axes = tuple[object, ...]

Meet = Callable[[object, object, Node], None]

SCALAR = ("kl", "entropy", "cross_entropy", "logsumexp")


@dataclass
class AxesFinder:
    splitter: Splitter
    uses: dict[Node, Use]
    meet: Meet

    def of(self, node: Node) -> Axes | None:
        match node:
            case Name():
                return self._name(node)
            case Bracket(inner=inner):
                return self.of(inner)
            case Flipped(inner=inner):
                found = self.of(inner)
                return found if found is None or len(found) < 2 else found[::-1]
            case Terms(terms=terms):
                return self._agreeing([t for _, t in terms], node)
            case Apply(args=args):
                return self._agreeing(list(args), node)
            case Frac(above=above):
                return self.of(above)
            case Power(base=base):
                return self.of(base)
            case Factors():
                return self._product(node)
            case Known(name=name, args=args):
                found = self.of(args[0])
                if name in SCALAR:
                    return ()
                return found * 2 if found is not None and name == "diag" else found
            case Grad(variable=variable, order=order, body=body):
                inner, moving = self.of(body), self.of(variable)
                return None if inner is None or moving is None else inner + moving * order
            case Deriv(body=body, variables=variables):
                parts = [self.of(body), *map(self.of, variables)]
                known = [p for p in parts if p is not None]
                return sum(known, ()) if len(known) == len(parts) else None
            case Family():
                return (("bound", node),)
            case Component(base=base, parts=parts):
                found = self.of(base)
                return None if found is None else found[len(parts) :]
            case Norm():
                return ()
            case Num():
                return () if node.value else None
            case Ones():
                return None
        return ()

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

    def _agreeing(self, nodes: list[Node], where: Node) -> Axes | None:
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
