"""Continuous monotone functions of one unknown: does an equation have one solution? TRUSTED.

Contract. `Monotone.of(e)` is a `Run` only if `e` is defined, continuous and monotone in the unknown on its whole
domain, an open interval: `rising` says which way, `low` and `high` are its limits at the ends (None where infinite),
and it is strictly monotone wherever it is above `low` if "low" is not in `flat`, below `high` if "high" is not. So it
takes every value v with low < v < high, at one point only if it is strict there. `unsolved(root)` is None only if the
equation of the root has exactly one solution.

Blind spot. The unknown must stand in affine terms, below exp, log, sigma, softplus, tanh, relu and powers, in sums and
in products by factors of known sign; a product of two monotone functions is not looked into.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gradproof import expression as x
from gradproof.expression import Expr, Number, Relation, Symbol, add, mul

if TYPE_CHECKING:
    from gradproof.signs import Signs

ZERO, ONE, MINUS = Number.of(0), Number.of(1), Number.of(-1)
End = Expr | None
# Increasing functions: their values at the ends of what they take, from (low, high) to (low, high).
RANGES: dict[str, tuple[tuple[End, End], tuple[End, End]]] = {
    "exp": ((None, None), (ZERO, None)),
    "sigmoid": ((None, None), (ZERO, ONE)),
    "tanh": ((None, None), (MINUS, ONE)),
    "softplus": ((None, None), (ZERO, None)),
    "relu": ((None, None), (ZERO, None)),
    "log": ((ZERO, None), (None, None)),
}


@dataclass(frozen=True)
class Run:
    """How a function of the unknown runs: its limits, and at which of them it may stay on a whole stretch."""

    rising: bool
    low: End
    high: End
    flat: frozenset[str] = frozenset()

    def negated(self) -> Run:
        flipped = frozenset({"low": "high", "high": "low"}[f] for f in self.flat)
        return Run(not self.rising, negative(self.high), negative(self.low), flipped)


def negative(e: End) -> End:
    return None if e is None else -e


class Monotone:
    """Under given signs, in one unknown."""

    def __init__(self, signs: Signs, unknown: Symbol) -> None:
        self.signs = signs
        self.unknown = unknown

    def of(self, e: Expr) -> Run | None:
        """How the term runs in the unknown, which it depends on; None where that is not known."""
        if self.unknown not in e.free:
            return None
        match e:
            case Symbol():
                d = self.unknown.domain
                low, high = (None if v is None else Number.of(v) for v in (d.low, d.high))
                return Run(True, low, high)
            case x.Add():
                return self._sum(e)
            case x.Mul():
                return self._product(e)
            case x.Function():
                return self._function(e)
            case x.Pow():
                return self._power(*e.args)
            case x.Sum():
                return self._total(e)
            case x.Entry() if isinstance(e.base, x.Definition):
                return self.of(e.base.unfold(e.args))
        return None

    def _sum(self, e: x.Add) -> Run | None:
        """Strict above its low where each of the terms is, and wherever one of them is strict everywhere."""
        still = add(*(a for a in e.args if self.unknown not in a.free))
        moving = [a for a in e.args if self.unknown in a.free]
        known = [r for r in map(self.of, moving) if r is not None]
        if len(known) < len(moving) or len({r.rising for r in known}) != 1:
            return None
        strict = any(not r.flat for r in known)
        flat = frozenset() if strict else frozenset().union(*(r.flat for r in known))
        low, high = (_total(still, [getattr(r, end) for r in known]) for end in ("low", "high"))
        return Run(known[0].rising, low, high, flat) if len(flat) < 2 else None

    def _product(self, e: x.Mul) -> Run | None:
        still = mul(*(a for a in e.args if self.unknown not in a.free))
        moving = [a for a in e.args if self.unknown in a.free]
        run = self.of(moving[0]) if len(moving) == 1 else None
        if run is None:
            return None
        scale, size = run, still
        if self.signs.positive(-still):
            scale, size = run.negated(), -still
        elif not self.signs.positive(still):
            return None
        low, high = (None if v is None else _times(size, v) for v in (scale.low, scale.high))
        return replace(scale, low=low, high=high)

    def _function(self, e: x.Function) -> Run | None:
        run = self.of(e.args[0]) if e.name in RANGES and len(e.args) == 1 else None
        if run is None:
            return None
        wanted, values = RANGES[e.name]
        if run.flat or (run.low, run.high) != wanted:  # the whole range, from end to end
            return None
        return Run(run.rising, *values, frozenset(("low",) if e.name == "relu" else ()))

    def _power(self, base: Expr, n: Expr) -> Run | None:
        """u^n for u from 0 up and n > 0, as strict as u is."""
        run = self.of(base) if self.unknown not in n.free and self.signs.positive(n) else None
        return run if run is not None and (run.low, run.high) == (ZERO, None) else None

    def _total(self, e: x.Sum) -> Run | None:
        """A sum over an index, whose size is at least 1, of functions that all run the same way."""
        if self.unknown in e.size.free or not x.is_size(e.size):
            return None
        index, body = self.signs.opened(e)
        run = self.of(body)
        if run is None:
            return None
        low, high = (None if v is None else _summed(v, index) for v in (run.low, run.high))
        return replace(run, low=low, high=high)

    def unsolved(self, root: x.Root) -> str | None:
        """None where the equation has exactly one solution in the domain of the unknown, else what is missing."""
        left, right = root.args
        domain = self.unknown.domain
        about = f"one solution {self.unknown.name} of {left!r} = {right!r}"
        if self.unknown in right.free or domain.integer or not (domain.low_open and domain.high_open):
            return f"{about}, whose right side must be free of it, and which must range over an open interval"
        if missing := self.signs.undefined(left) or self.signs.undefined(right):
            return missing
        run = self.of(left)
        if run is None:
            return f"{about}: its left side is not known to be strictly monotone"
        inside = [Relation.of(right, ">", run.low)] if run.low is not None else []
        inside += [Relation.of(run.high, ">", right)] if run.high is not None else []
        outside = [r for r in inside if not self.signs.holds(r) and not self.signs.positive(r.args[0] - r.args[1])]
        return f"{about}: {outside[0]!r}" if outside else None


def _summed(e: Expr, index: x.Index) -> Expr:
    return x.Sum.over(index, e) if index in e.free else _times(index.size, e)


def _times(a: Expr, b: Expr) -> Expr:
    """The product, without the factors of one that the other divides by."""
    left, right = (list(e.args if isinstance(e, x.Mul) else (e,)) for e in (a, b))
    for f in tuple(left):
        if f != ONE and x.power(f, MINUS) in right:
            left.remove(f)
            right.remove(x.power(f, MINUS))
        elif isinstance(f, x.Pow) and f.args[1] == MINUS and f.args[0] in right:
            left.remove(f)
            right.remove(f.args[0])
    return mul(*left, *right)


def _total(still: Expr, ends: list[End]) -> End:
    found = [e for e in ends if e is not None]
    return add(still, *found) if len(found) == len(ends) else None


def excess(e: x.Add) -> x.Interval:
    """relu(u) - u is not negative."""
    for n, t in enumerate(e.args):
        if isinstance(t, x.Function) and t.name == "relu":
            rest = add(*e.args[:n], *e.args[n + 1 :])
            if _linear(rest) == frozenset((key, -c) for key, c in _linear(t.args[0])):
                return x.NONNEGATIVE
    return x.REAL


def supported(total: x.Sum, signs: Signs) -> bool:
    """Whether a sum of nonnegative terms is positive, as some of the terms of a root's equation are.

    The root is one and the same for all terms. Where sum_j f_j = c > 0 and each f_j is a product of factors like
    relu(u_j)^n, some u_j is positive: and there step(u_j), relu(u_j) and what else is positive are too.
    """
    index, body = signs.opened(total)
    fixed = [r for r in _roots(body) if index not in r.free]
    supports = [{_linear(u) for u in _support(r, index, signs)} for r in fixed]  # of two roots they need not meet
    factors = _factors(body)
    found = any(s and all(_counts(f, s, signs) for f in factors) for s in supports)
    return found and signs.nonnegative(body)


def _counts(f: Expr, positive: set[Linear], signs: Signs) -> bool:
    """Whether the factor is positive where the terms in `positive` are."""
    base = f.args[0] if isinstance(f, x.Pow) else f
    if isinstance(base, x.Function) and base.name in ("relu", "step"):
        return _linear(base.args[0]) in positive
    return signs.positive(f)


def _support(root: Expr, index: x.Index, signs: Signs) -> list[Expr]:
    """The u_j of the equation of a root at this index: some j makes all of them positive."""
    solved = root.base.unfold(root.args) if isinstance(root, x.Entry) and isinstance(root.base, x.Definition) else root
    assert isinstance(solved, x.Root)
    left, right = solved.at(root, 0), solved.args[1]
    if not isinstance(left, x.Sum) or left.size != index.size or not signs.positive(right):
        return []
    body = left.open(index)
    parts = [f.args[0] if isinstance(f, x.Pow) and signs.positive(f.args[1]) else f for f in _factors(body)]
    return (
        [f.args[0] for f in parts if isinstance(f, x.Function) and f.name == "relu"] if signs.nonnegative(body) else []
    )


def _roots(e: Expr) -> list[Expr]:
    """The roots in a term, each as it is written there: by name where it has one."""
    named = isinstance(e, x.Entry) and isinstance(e.base, x.Definition) and not e.loose
    if isinstance(e, x.Root) or (named and isinstance(e.base.body, x.Root)):  # type: ignore[attr-defined]
        return [e] if not e.loose else []
    below = e.args if not named else (e.base.unfold(e.args),)  # type: ignore[attr-defined]
    return [r for a in below for r in _roots(a)]


def _factors(e: Expr) -> list[Expr]:
    """The factors of a product, definitions looked through."""
    if isinstance(e, x.Entry) and isinstance(e.base, x.Definition):
        return _factors(e.base.unfold(e.args))
    if isinstance(e, x.Mul):
        return [f for a in e.args for f in _factors(a)]
    if isinstance(e, x.Pow) and isinstance(e.args[0], x.Entry) and isinstance(e.args[0].base, x.Definition):
        return [x.power(f, e.args[1]) for f in _factors(e.args[0])]
    return [e]


Linear = frozenset[tuple[tuple[Expr, ...], x.Fraction]]


def _linear(e: Expr) -> Linear:
    """The terms of a sum with their coefficients, in no order: u for comparison with another u."""
    total: dict[tuple[Expr, ...], x.Fraction] = {}

    def visit(t: Expr, scale: x.Fraction) -> None:
        parts = t.args if isinstance(t, x.Mul) else (t,)
        numbers, others = [p for p in parts if isinstance(p, Number)], [p for p in parts if not isinstance(p, Number)]
        for n in numbers:
            scale *= n.value
        if len(others) == 1 and isinstance(others[0], x.Add):
            for a in others[0].args:
                visit(a, scale)
        else:
            key = tuple(sorted(others, key=lambda p: p.key))
            total[key] = total.get(key, x.Fraction(0)) + scale

    visit(e, x.Fraction(1))
    return frozenset((key, c) for key, c in total.items() if c)
