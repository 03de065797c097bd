"""Sums of weighted logarithms: taken apart, and put under one mean where the weights allow.

A part under fewer sums than another comes under the sums of that one where what is added to its weight sums to one (or
the weights of the one are what the weights of the other add up to).

Blind spot. The first weight that fits is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from gradproof.expression import (
    Add,
    Definition,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Sum,
    abstract,
    fresh_letter,
    instantiate,
    mul,
    names,
    power,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose.chain import Chain
from gradproof.propose.forms import arranged
from gradproof.propose.identities import has_log, open_family
from gradproof.propose.shapes import denominator, match, mentions, split_product, tidy
from gradproof.propose.simplify import pull_constants
from gradproof.signs import Signs

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ONE = Number.of(1)


@dataclass(frozen=True)
class Part:
    """coefficient * sum over indices of weight * log(argument), or without a logarithm."""

    coefficient: Fraction
    indices: tuple[Index, ...]
    weight: Expr
    argument: Expr | None = None

    def term(self) -> Expr:
        log = (Function((self.argument,), ("log",)),) if self.argument is not None else ()
        body = mul(self.weight, *log)
        for i in reversed(self.indices):
            body = Sum.over(i, body)
        return mul(Number.of(self.coefficient), body)


@dataclass(frozen=True)
class Opener:
    """Takes a term apart; names of weights are opened where they are mixtures (depth 1), or sums as well (depth 2)."""

    signs: Signs
    whole: Expr
    depth: int = 1

    def parts(self) -> list[Part]:
        """The term as a sum of parts: products distributed, sums and the names of sums of logarithms opened."""
        return [self._as_log(p) for p in self._parts((self.whole,), Part(Fraction(1), (), ONE))]

    def _parts(self, factors: tuple[Expr, ...], part: Part) -> Iterator[Part]:
        if not factors:
            yield part
            return
        (f, *others), rest = factors, factors[1:]
        if isinstance(f, Number):
            yield from self._parts(rest, replace(part, coefficient=part.coefficient * f.value))
        elif isinstance(f, Mul):
            yield from self._parts((*f.args, *others), part)
        elif isinstance(f, Add) and not self._is_weight(f, part):
            for t in f.args:
                yield from self._parts((t, *others), part)
        elif isinstance(f, Sum):
            taken = names(self.whole) | {i.name for i in part.indices}
            index = Index.of(fresh_letter(f.hint, taken), f.size)
            yield from self._parts((f.open(index), *others), replace(part, indices=(*part.indices, index)))
        elif isinstance(f, Entry) and isinstance(f.base, Definition) and self._opens(f.base):
            yield from self._parts((f.base.unfold(f.args), *others), part)
        elif isinstance(f, Function) and f.name == "log" and part.argument is None:
            yield from self._parts(rest, replace(part, argument=f.args[0]))
        else:
            yield from self._parts(rest, replace(part, weight=mul(part.weight, f)))

    def _is_weight(self, f: Add, part: Part) -> bool:
        """A positive number such as 1 - w, that depends on no index and on no sum, is a weight as it stands."""
        return not (f.free & set(part.indices) or mentions(f, Sum) or has_log(f)) and self.signs.positive(f)

    def _opens(self, d: Definition) -> bool:
        """Names of sums of logarithms and of numbers that are sums are opened always."""
        mixture = isinstance(d.body, Add) and self.depth >= 1
        return has_log(d.body) or mixture or (isinstance(d.body, Sum) and (self.depth >= 2 or not d.shape))

    def _as_log(self, part: Part) -> Part:
        """u as log e^u, where e^u stands in the term."""
        for f in split_product(part.weight) if part.argument is None else ():
            power_of_e = Function((f,), ("exp",))
            if part.indices and any(match(power_of_e, e, part.indices) is not None for e in self._exponentials()):
                return replace(part, weight=divided(part.weight, f), argument=power_of_e)
        return part

    def _exponentials(self) -> list[Expr]:
        found = [t for t in subterms(self.whole) if isinstance(t, Function | Sum) and not t.loose]
        opened = [t.open(t.fresh()) if isinstance(t, Sum) else t for t in found]
        return [t for o in opened for t in subterms(o) if isinstance(t, Function) and t.name == "exp" and not t.loose]


def divided(e: Expr, factor: Expr) -> Expr:
    factors = list(split_product(e))
    factors.remove(factor)
    return mul(*factors)


@dataclass(frozen=True)
class Joint:
    """Parts that come under one weight, with one logarithm of a product in the end."""

    indices: tuple[Index, ...]
    weight: Expr
    rows: tuple[Part, ...]  # of this weight
    members: tuple[Part, ...]  # the same, as they were before they came under it

    def at_scale(self, scale: Fraction) -> Part:
        """All in one logarithm; what stands in its argument with a negative power last."""
        rows = sorted(self.rows, key=lambda r: r.coefficient * scale < 0)
        ratio = tidy(
            mul(*(power(r.argument, Number.of(r.coefficient / scale)) for r in rows if r.argument is not None))
        )
        return Part(scale, self.indices, self.weight, mul(*sorted(split_product(ratio), key=denominator)))


def joined(proposer: Proposer, found: list[Part]) -> tuple[list[Joint], list[Part]]:
    """The logarithms, those that fit under one mean together, and the other parts."""
    split = _split_weights(proposer, [p for p in found if p.argument is not None])
    logs = sorted(split, key=lambda p: -len(p.indices))
    groups: list[Joint] = []
    for p in logs:
        assert p.argument is not None
        for n, g in enumerate(groups):
            at = embedding(proposer, p, g)
            if at is not None:
                order = (*at, *(i for i in g.indices if i not in at))
                wide = Part(p.coefficient, order, g.weight, _at(p.argument, p.indices, at))
                groups[n] = replace(g, rows=(*g.rows, wide), members=(*g.members, p))
                break
        else:
            groups.append(Joint(p.indices, p.weight, (p,), (p,)))
    return groups, [p for p in found if p.argument is None]


def _split_weights(proposer: Proposer, logs: list[Part]) -> list[Part]:
    """A part of weight v as two, of w v and (1 - w) v, where another part has the weight w v."""
    found = list(logs)
    for q in logs:
        for w in [f for f in split_product(q.weight) if not f.free & set(q.indices) and proposer.signs.positive(f)]:
            small = replace(q, coefficient=Fraction(1), weight=divided(q.weight, w), argument=None).term()
            rest = arranged(Normal(proposer.signs).of(ONE - w))
            for p in [p for p in found if replace(p, coefficient=Fraction(1), argument=None).term() == small]:
                if not isinstance(w, Number) and proposer.signs.positive(rest):
                    found.remove(p)
                    found += [replace(p, weight=mul(w, p.weight)), replace(p, weight=mul(rest, p.weight))]
    return found


def _at(e: Expr, old: tuple[Index, ...], new: tuple[Expr, ...]) -> Expr:
    return instantiate(abstract(e, old), new)


def embedding(proposer: Proposer, p: Part, g: Joint) -> tuple[Index, ...] | None:
    """Indices of the joint weight for those of the part, such that the rest of it sums to the part's weight."""
    for at in permutations(g.indices, len(p.indices)):
        if any(a.size != i.size for a, i in zip(at, p.indices, strict=True)):
            continue
        weight = _at(p.weight, p.indices, at)
        if _sums_to(proposer, g.weight, [i for i in g.indices if i not in at], weight):
            return at
    return None


def _sums_to(proposer: Proposer, weight: Expr, over: list[Index], total: Expr) -> bool:
    whole = weight
    for i in over:
        whole = Sum.over(i, whole)
    if Normal(proposer.signs, None).equal(whole, total):
        return True
    if not over:
        return False
    kept, normalised = len(proposer.theorems), dict(proposer.normalised)
    trial = Chain(whole, proposer.givens)
    for _ in range(3):
        pull_constants(trial)
        proposer.simplify(trial)
        if not open_family(trial):
            break
    del proposer.theorems[kept:]
    proposer.normalised = normalised
    return Normal(proposer.signs, None).equal(trial.line, total)
