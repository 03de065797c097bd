"""Forms that a textbook would print: definitions folded back, common factors in front, positive terms first.

Contract. `textbook(e, ...)` returns a term that the normal form finds equal to `e` when it looks through the
definitions in `fold`, or `e` itself. It is untrusted: the kernel compares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

from gradproof.expression import (
    Add,
    Application,
    Definition,
    Delta,
    Entry,
    Expectation,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Sum,
    Symbol,
    abstract,
    add,
    instantiate,
    is_whole,
    mul,
    power,
    substitute,
    subterms,
)
from gradproof.normal import Monomial, Normal, Polynomial, TooLarge, as_term, merge
from gradproof.propose.shapes import denominator, match, negative, positives_first, split_product, split_sum
from gradproof.signs import Signs


def textbook(e: Expr, signs: Signs, fold: Iterable[Definition] = ()) -> Expr:
    """The best-looking of a few equal forms."""
    try:
        found = [*_forms(e, signs, tuple(fold)), e]
    except (TooLarge, RecursionError):
        found = [e]
    known = [f for f in found if signs.undefined(f) is None]  # multiplied out, a denominator may lose its sign
    return min(known or [e], key=cost)


class Folded(Normal):
    """The normal form that keeps the names sigma, softplus, tanh, relu and abs."""

    def _function(self, e: Expr) -> Polynomial:
        if e.data[0] in ("sigmoid", "softplus", "tanh", "relu", "abs", "step", "sign"):
            return {((Function((self._argument(e.args[0]),), e.data), Fraction(1)),): Fraction(1)}
        return super()._function(e)

    def _settle(self, m: Monomial, reduce: bool = True) -> Polynomial:
        return super()._settle(self._absorbed(m), reduce)

    def _absorbed(self, m: Monomial) -> Monomial:
        """relu(u) step(u) is relu(u), by whatever name that stands."""
        steps = [a for a, _ in m if isinstance(a, Function) and a.name == "step"]
        if not steps:
            return m
        parts = [self._positive_part(a) for a, e in m if e > 0]
        return tuple(f for f in m if f[0] not in steps or f[0].args[0] not in parts)

    def _positive_part(self, e: Expr) -> Expr | None:
        """u, in its normal form, where the term is relu(u)."""
        if isinstance(e, Entry) and isinstance(e.base, Definition) and not e.loose:
            e = e.base.unfold(e.args)
        return self._argument(e.args[0]) if isinstance(e, Function) and e.name == "relu" else None

    def _argument(self, u: Expr) -> Expr:
        return positives_first(as_term(self.of(u)))

    def _expectation(self, e: Expectation) -> Polynomial:
        """As it is written: the body has its own form."""
        return {((e, Fraction(1)),): Fraction(1)}


class Shallow(Normal):
    """The normal form that splits no logarithm: what a reader sees at a glance."""

    def logarithm(self, e: Expr) -> Polynomial:
        return {((Function((as_term(self.of(e)),), ("log",)), Fraction(1)),): Fraction(1)}


def _forms(e: Expr, signs: Signs, fold: tuple[Definition, ...]) -> list[Expr]:
    normal = Folded(signs)
    p = fold_polynomial(normal.of(e), normal, patterns(fold, normal))
    return [factored(p, normal), arranged(p)]


def expanded_form(e: Expr, signs: Signs, fold: Iterable[Definition] = ()) -> Expr:
    """Everything multiplied out, definitions folded back."""
    normal = Folded(signs)
    return arranged(fold_polynomial(normal.of(e), normal, patterns(fold, normal)))


def cost(e: Expr) -> int:
    """How hard a term is to read: its nodes, with a price on powers, sums and unfolded exponentials."""
    price = {Sum: 3, Pow: 1, Delta: 1}.get(type(e), 0) + 1
    if isinstance(e, Function | Application):
        price += 2
    if isinstance(e, Entry | OfMatrix):
        return 2
    if isinstance(e, Add) and negative(e.args[0]):
        price += 1
    return price + sum(cost(a) for a in e.args)


def identified(e: Expr, preferred: Collection[Index]) -> Expr:
    """In a product with a delta, the other factors at the preferred one of its two indices."""
    if isinstance(e, Mul):
        for delta in [f for f in e.args if isinstance(f, Delta)]:
            for old, new in (delta.args, delta.args[::-1]):
                if new in preferred and old not in preferred and isinstance(old, Index):
                    e = mul(*(f if f == delta else substitute(f, old, new) for f in split_product(e)))
    return e


# -- folding definitions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pattern:
    """A definition to be folded: its body at `holes`, as a term, and as a monomial where it is one."""

    definition: Definition
    holes: tuple[Index, ...]
    term: Expr
    monomial: Monomial

    def entry(self, values: tuple[Expr, ...]) -> Expr:
        return Entry.of(self.definition, values)


def patterns(fold: Iterable[Definition], normal: Normal) -> tuple[Pattern, ...]:
    found = []
    for d in fold:
        holes = tuple(Index.of(f"?{n}", size) for n, size in enumerate(d.shape))
        p = normal.of(d.unfold(holes))
        one = len(p) == 1 and next(iter(p.values())) == 1
        found.append(Pattern(d, holes, as_term(p), next(iter(p)) if one else ()))
    return tuple(found)


def fold_polynomial(p: Polynomial, normal: Normal, fold: tuple[Pattern, ...]) -> Polynomial:
    """Put defined names in the place of the monomials that they stand for, inside sums too."""
    total: Polynomial = {}
    for m, c in p.items():
        folded: Monomial = ()
        for atom, e in m:
            atom, sign = _natural(_fold_atom(atom, normal, fold), e, normal.signs)
            folded, c = merge(folded, ((atom, e),)), c * sign
        for pattern in fold:
            if pattern.monomial:
                folded = _fold_monomial(folded, pattern)
                folded = _fold_through_sums(folded, pattern, normal)
        total[folded] = total.get(folded, Fraction(0)) + c
    return {m: c for m, c in total.items() if c}


def _natural(atom: Expr, e: Fraction, signs: Signs) -> tuple[Expr, int]:
    """1 - x rather than x - 1, where that is the positive one: the atom and the sign of its power."""
    if isinstance(atom, Add) and e.denominator == 1:
        negated = positives_first(add(*(-t for t in atom.args)))
        if signs.positive(negated):
            return negated, -1 if e % 2 else 1
    return atom, 1


def _fold_monomial(m: Monomial, pattern: Pattern) -> Monomial:
    for _ in range(20):
        values = _divides(pattern.monomial, m, pattern.holes, {})
        if values is None:
            return m
        here = dict(zip(pattern.holes, values, strict=True))
        for atom, e in pattern.monomial:
            m = merge(m, ((_instance(atom, here), -e),))
        m = merge(m, ((pattern.entry(values), Fraction(1)),))
    return m


def _fold_through_sums(m: Monomial, pattern: Pattern, normal: Normal) -> Monomial:
    """1/S sum_j z_j e^{z_j} becomes sum_j z_j p_j: factors in front of a sum complete the pattern inside it."""
    for n, (atom, e) in enumerate(m):
        if not isinstance(atom, Sum) or e != 1:
            continue
        index = atom.fresh({x.name for a, _ in m for x in a.free})
        body = normal.of(atom.open(index))
        if len(body) != 1:
            continue
        ((inner, c),) = body.items()
        outer = m[:n] + m[n + 1 :]
        joined = _fold_monomial(merge(inner, outer), pattern)
        if joined == merge(inner, outer):
            continue
        moving = tuple(f for f in joined if index in f[0].free)
        still = tuple(f for f in joined if index not in f[0].free)
        if len(still) >= len(outer) or not moving:
            continue
        whole = Sum.over(index, mul(Number.of(c), _product(moving)))
        return _fold_through_sums(merge(still, ((whole, Fraction(1)),)), pattern, normal)
    return m


def _instance(atom: Expr, values: dict[Index, Expr]) -> Expr:
    olds = tuple(values)
    return instantiate(abstract(atom, olds), tuple(values[o] for o in olds))


def _divides(
    pattern: Monomial, m: Monomial, holes: tuple[Index, ...], found: dict[Index, Expr]
) -> tuple[Expr, ...] | None:
    """Values of the holes for which every factor of the pattern is in the monomial, to at least its power."""
    if not pattern:
        return tuple(found[h] for h in holes) if len(found) == len(holes) else None
    (atom, e), rest = pattern[0], pattern[1:]
    atom = _instance(atom, found)
    left = tuple(h for h in holes if h not in found and h in atom.free)
    for candidate, exponent in m:
        if exponent * e <= 0 or abs(exponent) < abs(e):
            continue
        values = match(atom, candidate, left)
        if values is None:
            continue
        further = _divides(rest, m, holes, {**found, **dict(zip(left, values, strict=True))})
        if further is not None:
            return further
    if e < 0 and isinstance(atom, Symbol) and atom.domain.integer:  # a size is not 0: m = 1/N sum y gives sum y = N m
        return _divides(rest, m, holes, found)
    return None


def _fold_atom(atom: Expr, normal: Normal, fold: tuple[Pattern, ...]) -> Expr:
    if isinstance(atom, Sum):
        index = atom.fresh()
        inner = fold_polynomial(normal.of(atom.open(index)), normal, fold)
        folded: Expr = Sum.over(index, factored(inner, normal))
    elif isinstance(atom, Function | Add | Pow) and any(isinstance(a, Sum) for a in subterms(atom)):
        folded = atom.rebuild(tuple(_fold_atom(a, normal, fold) for a in atom.args))
    else:
        folded = atom
    for pattern in fold:
        if type(pattern.term) is type(atom):
            values = match(pattern.term, atom, pattern.holes)
            if values is not None:
                return pattern.entry(values)
    return folded


# -- arranging --------------------------------------------------------------------------------------------------------


def arranged(p: Polynomial) -> Expr:
    """The polynomial term by term, numbers and symbols first in each, sums last; positive terms first."""
    return positives_first(add(*(mul(Number.of(c), _product(m)) for m, c in sorted(p.items(), key=_term_order))))


def _term_order(row: tuple[Monomial, Fraction]) -> tuple[int, str]:
    return (len(row[0]), "".join(a.key for a, _ in row[0]))


RANK = {"Symbol": 1, "Entry": 2, "OfMatrix": 2, "Function": 3, "Application": 3, "Delta": 4, "Add": 5, "Sum": 6}


def _product(m: Monomial) -> Expr:
    factors = sorted(m, key=lambda ae: (_rank(ae[0]), ae[0].key))
    return mul(*(power(a, Number.of(e)) for a, e in factors))


def _rank(e: Expr) -> float:
    """Where a factor stands: weights before what they weigh, as p_j k_j where p is defined as a share of a whole.

    An order of indices is printed as the range of a sum, so it leads.
    """
    if isinstance(e, Function) and e.name == "step" and is_whole(e.args[0]):
        return 0
    body = e.base.body if isinstance(e, Entry) and isinstance(e.base, Definition) else e
    share = body is not e and isinstance(body, Mul) and any(denominator(f) for f in body.args)
    return 1.5 if share else RANK.get(type(e).__name__, 2)


def factored(p: Polynomial, normal: Normal) -> Expr:
    """The common factors of all terms in front of the rest, and sums with one coefficient merged."""
    if len(p) < 2:
        return arranged(p)
    p = merge_sums(p, normal)
    if len(p) < 2:
        return arranged(p)
    common = _common(p)
    scale = _scale(p)
    rest = {merge(m, tuple((a, -e) for a, e in common)): c / scale for m, c in p.items()}
    inner = arranged(rest)
    return mul(Number.of(scale), _product(common), inner)


def _common(p: Polynomial) -> Monomial:
    rows = [dict(m) for m in p]
    found = {}
    for atom in rows[0]:
        exponents = [r.get(atom, Fraction(0)) for r in rows]
        if all(e > 0 for e in exponents):
            found[atom] = min(exponents)
        elif all(e < 0 for e in exponents):
            found[atom] = max(exponents)
    return tuple(sorted(found.items(), key=lambda ae: ae[0].key))


def _scale(p: Polynomial) -> Fraction:
    """The number to take out: the common magnitude of the coefficients, negative where all are."""
    sizes = {abs(c) for c in p.values()}
    scale = sizes.pop() if len(sizes) == 1 else Fraction(1)
    return -scale if all(c < 0 for c in p.values()) else scale


def merge_sums(p: Polynomial, normal: Normal, powers: bool = False) -> Polynomial:
    """c sum a_i z_i - c sum b_i z_i becomes c sum (a_i - b_i) z_i: sums over one range whose bodies share a factor.

    `powers`: or powers of one factor, as in sum s_i - sum s_i^2.
    """
    groups: dict[tuple[Monomial, Expr], list[tuple[Monomial, Fraction, Sum]]] = {}
    for m, c in p.items():
        sums = [a for a, e in m if isinstance(a, Sum) and e == 1]
        if len(sums) == 1:
            rest = tuple(ae for ae in m if ae[0] != sums[0])
            groups.setdefault((rest, sums[0].size), []).append((m, c, sums[0]))
    for (rest, _), rows in groups.items():
        if len(rows) < 2 or not _share_factor([s for *_, s in rows], powers):
            continue
        index = rows[0][2].fresh({x.name for *_, s in rows for x in s.free})
        scale = abs(rows[0][1])
        body: Polynomial = {}
        for m, c, s in rows:
            p = {k: v for k, v in p.items() if k != m}
            for n, v in normal.of(s.open(index)).items():
                body[n] = body.get(n, Fraction(0)) + v * c / scale
        merged = Sum.over(index, factored(body, normal))
        key = merge(rest, ((merged, Fraction(1)),))
        p = {**p, key: p.get(key, Fraction(0)) + scale}
    return p


def _share_factor(sums: list[Sum], powers: bool) -> bool:
    bodies = [set(split_product(s.args[1])) for s in sums]
    if powers:
        bodies = [{f.args[0] if isinstance(f, Pow) else f for f in body} for body in bodies]
    return bool(set.intersection(*bodies)) if bodies else False


__all__ = ["arranged", "cost", "factored", "fold_polynomial", "split_sum", "textbook"]
