"""Jensen's inequality for the logarithm, by tangents: all logarithms of a difference joined into one under one mean.

The difference of two sides is a sum of weighted logarithms, some under fewer sums than others. Each is put under the
sums of the one with the most, which changes nothing where the additional weights sum to one (or the weights of one are
what the weights of the other add up to). Then the product of all arguments stands in one logarithm, whose tangent at 1
gives the bound; what is left is algebra, and sometimes the symmetry of a double sum.

Blind spot. It takes the first joint weight that fits, and one tangent, at 1.
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
    Relation,
    Sum,
    abstract,
    add,
    definitions,
    fresh_letter,
    instantiate,
    mul,
    names,
    power,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose import bounds
from gradproof.propose.chain import Chain
from gradproof.propose.forms import expanded_form
from gradproof.propose.identities import has_log, open_definition, open_family
from gradproof.propose.shapes import coefficient, denominator, match, mentions, split_product, split_sum, tidy
from gradproof.propose.simplify import cancel, nodes, pull_constants
from gradproof.propose.symmetry import symmetrise
from gradproof.signs import Signs

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ONE, ZERO = Number.of(1), Number.of(0)
MOST_PARTS = 24


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
    """Takes a term apart; `families` says whether the sums that weights stand for are opened too."""

    signs: Signs
    whole: Expr
    families: bool = False

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
        """Names of sums of logarithms, of numbers that are sums, and of mixtures are opened; marginals if asked."""
        total = isinstance(d.body, Sum) and (self.families or not d.shape)
        return has_log(d.body) or isinstance(d.body, Add) or total

    def _as_log(self, part: Part) -> Part:
        """u as log e^u, where e^u stands in the term."""
        for f in split_product(part.weight) if part.argument is None else ():
            power_of_e = Function((f,), ("exp",))
            if part.indices and any(match(power_of_e, e, part.indices) is not None for e in self._exponentials()):
                return replace(part, weight=divided(part.weight, f), argument=power_of_e)
        return part

    def _exponentials(self) -> list[Expr]:
        found = [t for t in subterms(self.whole) if isinstance(t, Function | Sum)]
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
        ratio = tidy(mul(*(power(r.argument, Number.of(r.coefficient / scale)) for r in rows if r.argument is not None)))
        return Part(scale, self.indices, self.weight, mul(*sorted(split_product(ratio), key=denominator)))


def joined(proposer: Proposer, found: list[Part]) -> tuple[list[Joint], list[Part]]:
    """The logarithms, those that fit under one mean together, and the other parts."""
    logs = sorted((p for p in found if p.argument is not None), key=lambda p: -len(p.indices))
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


def _at(e: Expr, old: tuple[Index, ...], new: tuple[Expr, ...]) -> Expr:
    return instantiate(abstract(e, old), new)


def embedding(proposer: Proposer, p: Part, g: Joint) -> tuple[Index, ...] | None:
    """Indices of the joint weight to stand for those of the part, such that the rest of it sums to the part's weight."""
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


def by_tangent(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A chain from `left` to the number `right` by one tangent for each joint logarithm."""
    if operator not in ("<=", ">=") or not isinstance(right, Number):
        return None
    for families in (False, True):
        found = Opener(proposer.signs, left, families).parts()
        if len(found) > MOST_PARTS or not any(p.argument is not None for p in found):
            return None
        groups, others = joined(proposer, found)
        for scale in _scales(groups):
            kept, normalised = len(proposer.theorems), dict(proposer.normalised)
            chain = Chain(left, proposer.givens)
            if _join(proposer, chain, groups, others, scale) and _bounded(proposer, chain, operator, right):
                return chain
            del proposer.theorems[kept:]
            proposer.normalised = normalised
        if found == Opener(proposer.signs, left, True).parts():
            return None
    return None


def _scales(groups: list[Joint]) -> list[Fraction]:
    """The multiples of a logarithm tried: as they stand, and of square roots."""
    rows = [r for g in groups if len(g.rows) > 1 for r in g.rows] or [r for g in groups for r in g.rows]
    sizes = sorted({abs(r.coefficient) for r in rows})
    return [*sizes, *(2 * c for c in sizes if 2 * c not in sizes)]


def _join(proposer: Proposer, chain: Chain, groups: list[Joint], others: list[Part], scale: Fraction) -> bool:
    """The parts one by one, each under the weight of its group, then one logarithm for each group."""
    joint = [g.at_scale(_signed(g, scale)) for g in groups]
    lines = [
        [*(m for g in groups for m in g.members), *others],
        [*(r for g in groups for r in g.rows), *others],
        [*joint, *others],
    ]
    apart, wide, target = (add(*(p.term() for p in line)) for line in lines)
    if any(proposer.signs.undefined(e) for e in (apart, wide, target)):
        return False
    bounds.open_front(chain)
    chain.show()
    if not proposer.algebra_to(chain, apart):
        return False
    pairs = [(m, r) for g in groups for m, r in zip(g.members, g.rows, strict=True)]
    for m, r in pairs:
        if (before := m.term()) != (after := r.term()) and not _widen(proposer, chain, unit(before), unit(after)):
            return False
    chain.show()
    chain.root.algebra(target, reason="join the logarithms")
    chain.show()
    return True


def _signed(g: Joint, scale: Fraction) -> Fraction:
    """The scale of a group of its own keeps its sign, and its size but where the scale doubles it."""
    if len(g.rows) > 1:
        return scale
    c = g.rows[0].coefficient
    return 2 * c if scale == 2 * abs(c) else c


def unit(e: Expr) -> Expr:
    return coefficient(e)[1]


def _widen(proposer: Proposer, chain: Chain, before: Expr, after: Expr) -> bool:
    """Put `after` for `before`, by a lemma: what is added to the weight sums to one."""
    where = next((f for f in nodes(chain.root, type(before)) if f.term == before), None)
    if where is None:
        return False
    if Normal(proposer.signs).equal(before, after):
        where.algebra(after)
        return True
    other = Chain(after, proposer.givens)
    for _ in range(3):
        pull_constants(other)
        other.show()
        proposer.simplify(other)
        if proposer.algebra_to(other, before):
            break
        if not open_family(other):
            return False
    lemma = proposer.add(proposer.theorem_of(other, f"identity {len(proposer.theorems) + 1}", "lemma"))
    assert isinstance(lemma.statement, Relation)
    where.lemma(lemma.name, lemma.statement, backwards=True)
    return True


def _bounded(proposer: Proposer, chain: Chain, operator: str, right: Expr) -> bool:
    """The tangent of every logarithm, then what is left."""
    if open_definition(chain, lambda d: has_log(d.body)):
        _cancel_exponentials(chain)
        chain.show()
    for focus in [f for f in nodes(chain.root, Function) if f.term.data == ("log",)]:
        negative = bounds.polarity(focus, proposer)
        if negative is None:
            return False
        upper = negative == (operator == ">=")
        focus.rule("log x <= x - 1" if upper else "log x >= 1 - 1/x", relation=operator, x=focus.term.args[0])
    chain.show()
    return finish(proposer, chain, operator, right)


def _cancel_exponentials(chain: Chain) -> None:
    for focus in list(nodes(chain.root, Function)):
        u = focus.term.args[0]
        if focus.term.data == ("exp",) and isinstance(u, Function) and u.name == "log":
            focus.rule("exp of log", a=u.args[0])


def one_sum(proposer: Proposer, chain: Chain) -> bool:
    """Several sums over one range as one, where its terms vanish."""
    terms = [coefficient(t) for t in split_sum(chain.line)]
    first = terms[0][1]
    if len(terms) < 2 or not all(isinstance(t, Sum) and t.args[0] == first.args[0] for _, t in terms):
        return False
    assert isinstance(first, Sum)
    i = Index.of(chain.letter(first.hint), first.size)
    body = add(*(mul(c, t.open(i)) for c, t in terms))  # type: ignore[attr-defined]
    if not Normal(proposer.signs, None).equal(body, ZERO):
        return False
    inside = tuple(d.name for d in definitions(body) if d.shape)
    chain.root.algebra(Sum.over(i, body), reason="one sum")
    chain.show()
    chain.root.algebra(ZERO, inside, reason="its terms vanish")
    return True


def finish(proposer: Proposer, chain: Chain, operator: str, right: Expr) -> bool:
    """From the tangents to the number: multiply out and use the givens, opening names, or by symmetry."""
    start = chain.mark()
    if one_sum(proposer, chain) and bounds.arrives(proposer, chain, operator, right):
        return True
    for first in (None, symmetrise):
        chain.back_to(start)
        if first is not None and not first(proposer, chain):
            continue
        for tactic in (cancel, open_family):
            if tactic(chain):
                chain.show()
            bounds.expand(proposer, chain)
            if bounds.arrives(proposer, chain, operator, right):
                return True
        if proposer.algebra_to(chain, expanded_form(chain.line, chain.signs)):
            chain.show()
            proposer.simplify(chain)
            if bounds.arrives(proposer, chain, operator, right):
                return True
    return False
