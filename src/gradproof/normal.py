"""The decision procedure for algebra with finite sums. TRUSTED.

Contract. `Normal(signs).equal(a, b)` is True only if a and b are equal wherever both are defined and the symbols are in
their domains. A term becomes a polynomial with rational exponents over atoms; then two polynomials are compared by
clearing denominators. On the way: exp(a + b) is split, logarithms of positive products are split, sums are distributed,
constants leave them, deltas are contracted where the range is known, nested sums are merged, bound names are canonical.

Blind spot. False means "not decided": nested radicals, partial fractions in several denominators under a sum, and
symmetric functions under more than four nested sums can be equal without being found so. It never searches.

A polynomial is a dict from monomials to coefficients; a monomial is a sorted tuple of (atom, exponent).
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from itertools import permutations
from math import floor

from gradproof.expression import (
    Add,
    Definition,
    Delta,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Pow,
    Product,
    Sum,
    abstract,
    add,
    in_range,
    mul,
    power,
    substitute,
)
from gradproof.signs import Signs

Monomial = tuple[tuple[Expr, Fraction], ...]
Polynomial = dict[Monomial, Fraction]
ONE = Fraction(1)
UNIT: Monomial = ()
LARGEST_EXPANSION = 5000  # terms; beyond it nothing is decided


class TooLarge(Exception):
    """The normal form would have too many terms."""


def constant(value: Fraction | int) -> Polynomial:
    return {UNIT: Fraction(value)} if value else {}


def plus(p: Polynomial, q: Polynomial, scale: Fraction = ONE) -> Polynomial:
    total = dict(p)
    for m, c in q.items():
        value = total.get(m, Fraction(0)) + scale * c
        if value:
            total[m] = value
        else:
            total.pop(m, None)
    return total


def merge(m: Monomial, n: Monomial) -> Monomial:
    if not m or not n:
        return m or n
    exponents = dict(m)
    for atom, e in n:
        total = exponents.get(atom, Fraction(0)) + e
        exponents[atom] = min(total, ONE) if isinstance(atom, Delta) else total
    return tuple(sorted(((a, e) for a, e in exponents.items() if e), key=lambda ae: ae[0].key))


def prime_powers(c: Fraction) -> dict[int, int]:
    """The exponents of the primes in a positive rational; a large part without small factors stays whole."""
    found: dict[int, int] = {}
    for part, sign in ((c.numerator, 1), (c.denominator, -1)):
        d = 2
        while part > 1:
            if d * d > part or d > 10_000:
                d = part
            while part % d == 0:
                found[d] = found.get(d, 0) + sign
                part //= d
            d += 1
    return found


def as_term(p: Polynomial) -> Expr:
    """The polynomial as a term, in the order of the keys."""
    rows = sorted(p.items(), key=lambda mc: [(a.key, e) for a, e in mc[0]])
    return add(*(mul(Number.of(c), *(power(a, Number.of(e)) for a, e in m)) for m, c in rows))


def resorted(e: Expr) -> Expr:
    """Sums and products sorted by key throughout: the same for terms that differ in the names of bound indices only."""
    if not e.args:
        return e
    args = tuple(resorted(a) for a in e.args)
    if isinstance(e, Add | Mul | Delta):
        args = tuple(sorted(args, key=lambda a: a.key))
    return e.rebuild(args)


class Normal:
    """The normal form under given signs; `unfold` names the definitions to look through, None all of them."""

    def __init__(self, signs: Signs, unfold: Collection[str] | None = ()) -> None:
        self.signs = signs
        self.unfold = unfold
        self._memo: dict[Expr, Polynomial] = {}
        self._opened = 0

    def equal(self, left: Expr, right: Expr) -> bool:
        """Whether the two terms are known to be equal."""
        if left == right:
            return True
        try:
            return self.is_zero(plus(self.of(left), self.of(right), -ONE))
        except (TooLarge, RecursionError):
            return False

    def is_zero(self, p: Polynomial) -> bool:
        """The zero test: clear the denominators and see whether anything is left."""
        return not p or not self._cleared(p)[0]

    def _cleared(self, p: Polynomial, rounds: int = 16) -> tuple[Polynomial, Monomial]:
        """p = numerator * denominators, the denominators a monomial of sums with negative exponents."""
        denominators = UNIT
        while p and rounds:
            below = {a for m in p for a, e in m if e < 0 and isinstance(a, Add)}
            if not below:
                break
            atom = max(below, key=lambda a: (a.key.count("("), a.key))
            lift = -min(e for m in p for a, e in m if a == atom)
            p = self.product({merge(m, ((atom, lift),)): c for m, c in p.items()}, constant(1), reduce=False)
            denominators = merge(denominators, ((atom, -lift),))
            rounds -= 1
        return p, denominators

    def of(self, e: Expr) -> Polynomial:
        """The polynomial of a term."""
        found = self._memo.get(e)
        if found is None:
            found = self._memo[e] = self._compute(e)
        return found

    def _compute(self, e: Expr) -> Polynomial:
        match e:
            case Number():
                return constant(e.value)
            case Add():
                total: Polynomial = {}
                for a in e.args:
                    total = plus(total, self.of(a))
                return total
            case Mul():
                total = constant(1)
                for a in e.args:
                    total = self.product(total, self.of(a))
                return total
            case Pow():
                return self._power_term(*e.args)
            case Function():
                return self._function(e)
            case Delta():
                return self._delta(*e.args)
            case Entry() if isinstance(e.base, Definition) and (self.unfold is None or e.base.name in self.unfold):
                return self.of(e.base.unfold(e.args))
            case Sum():
                index = self._fresh(e.size)
                return self.sum([index], self.of(e.open(index)))
            case Product():
                index = self._fresh(e.size)
                body = e.open(index)
                if self.signs.positive(body):
                    return self.exponential(self.sum([index], self.logarithm(body)))
        return {((e, ONE),): ONE}

    def _fresh(self, size: Expr) -> Index:
        self._opened += 1
        return Index.of(f"#{self._opened}", size)

    # -- products and powers ------------------------------------------------------------------------------------------

    def product(self, p: Polynomial, q: Polynomial, reduce: bool = True) -> Polynomial:
        if len(p) * len(q) > LARGEST_EXPANSION:
            raise TooLarge
        total: Polynomial = {}
        for m, c in p.items():
            for n, d in q.items():
                total = plus(total, self._settle(merge(m, n), reduce), c * d)
        return total

    def _settle(self, m: Monomial, reduce: bool = True) -> Polynomial:
        """A monomial with its whole powers of numbers and sums multiplied out, deltas used, and x / (x + y) reduced."""
        for n, (atom, e) in enumerate(m):
            rest = m[:n] + m[n + 1 :]
            if isinstance(atom, Number) and floor(e):
                left: Monomial = ((atom, e - floor(e)),) if e != floor(e) else ()
                return plus({}, self._settle(merge(rest, left), reduce), atom.value ** floor(e))
            if isinstance(atom, Add) and e >= 1:
                left = ((atom, e - 1),) if e > 1 else ()
                return self.product(self._settle(merge(rest, left), reduce), self._expanded(atom), reduce)
            if isinstance(atom, Delta) and any(atom.args[1] in a.free for a, _ in rest):
                old, new = atom.args[1], atom.args[0]
                if isinstance(old, Index):
                    moved = self._replaced(rest, old, new)
                    return self.product({((atom, ONE),): ONE}, moved, reduce)
            if reduce and isinstance(atom, Add) and e < 0 and e == floor(e):
                shorter = self._reduced(atom, e, rest)
                if shorter is not None:
                    return shorter
        return {m: ONE}

    def _reduced(self, atom: Add, e: Fraction, rest: Monomial) -> Polynomial | None:
        """Partial fractions: x / (x + y) = 1 - y / (x + y), and 1 / (x (x + y)) = (1 / x - 1 / (x + y)) / y for two terms."""
        parts = self._expanded(atom)
        lead = max(parts, key=lambda k: [(a.key, x) for a, x in k])
        have, others = dict(rest), {k: c / parts[lead] for k, c in parts.items() if k != lead}
        if lead and all(have.get(a, Fraction(0)) >= x > 0 for a, x in lead):
            shed = merge(rest, tuple((a, -x) for a, x in lead))
            short = plus({}, self._settle(merge(shed, ((atom, e + 1),) if e != -1 else ())), 1 / parts[lead])
            return plus(short, self.product({merge(shed, ((atom, e),)): ONE}, others), -ONE)
        if lead and len(others) == 1 and all(have.get(a, Fraction(0)) <= -x < 0 for a, x in lead):
            ((other, c),) = others.items()
            rest = merge(rest, tuple((a, -x) for a, x in other))
            short = plus({}, self._settle(merge(rest, ((atom, e + 1),) if e != -1 else ())), 1 / (c * parts[lead]))
            return plus(short, self._settle(merge(merge(rest, lead), ((atom, e),))), -1 / c)
        return None

    def _expanded(self, atom: Add) -> Polynomial:
        """The polynomial whose term `atom` is; its terms are normal already."""
        total: Polynomial = {}
        for t in atom.args:
            c, factors = ONE, UNIT
            for f in t.args if isinstance(t, Mul) else (t,):
                if isinstance(f, Number):
                    c *= f.value
                elif isinstance(f, Pow) and isinstance(f.args[1], Number):
                    factors = merge(factors, ((f.args[0], f.args[1].value),))
                else:
                    factors = merge(factors, ((f, ONE),))
            total = plus(total, {factors: c})
        return total

    def _replaced(self, m: Monomial, old: Expr, new: Expr) -> Polynomial:
        total = constant(1)
        for a, e in m:
            total = self.product(total, self.raised(self.of(substitute(a, old, new)), e))
        return total

    def _power_term(self, base: Expr, exponent: Expr) -> Polynomial:
        if isinstance(exponent, Number):
            return self.raised(self.of(base), exponent.value, base)
        if self.signs.positive(base):
            return self.exponential(self.product(self.of(exponent), self.logarithm(base)))
        return {((power(as_term(self.of(base)), as_term(self.of(exponent))), ONE),): ONE}

    def raised(self, p: Polynomial, n: Fraction, shown: Expr | None = None) -> Polynomial:
        """The power with a rational exponent."""
        whole = n.denominator == 1
        if not p:
            return {} if n > 0 else {((Pow((Number.of(0), Number.of(n))), ONE),): ONE}
        if whole and n >= 0 and (len(p) == 1 or len(p) ** n <= LARGEST_EXPANSION):
            total = constant(1)
            for _ in range(int(n)) if len(p) > 1 or n <= 2 else ():
                total = self.product(total, p)
            return total if len(p) > 1 or n <= 2 else self._monomial_power(p, n)
        if len(p) > 1:
            content, primitive = self._content(p)
            if not content:
                return self.raised({}, n)
            if not whole and not self._positive_monomial(content):
                return {((as_term(p), n),): ONE}
            if len(primitive) == 1:
                return self._monomial_power(content, n)
            atom: Polynomial = {((as_term(primitive), n),): ONE}
            return self.product(self._monomial_power(content, n), atom)
        if whole or self._positive_monomial(p):
            return self._monomial_power(p, n)
        return {((power(as_term(p), Number.of(n)), ONE),): ONE}

    def _positive_monomial(self, p: Polynomial) -> bool:
        ((m, c),) = p.items()
        return c > 0 and all(self.signs.positive(a) for a, _ in m)

    def _monomial_power(self, p: Polynomial, n: Fraction) -> Polynomial:
        ((m, c),) = p.items()
        scaled = tuple((a, ONE if isinstance(a, Delta) else e * n) for a, e in m)
        if n.denominator == 1:
            return plus({}, self._settle(scaled), c ** int(n))
        return self._settle(merge(scaled, tuple((Number.of(q), k * n) for q, k in prime_powers(c).items())))

    def _content(self, p: Polynomial) -> tuple[Polynomial, Polynomial]:
        """p = content * primitive: the content a monomial, the primitive with exponents from 0 and leading coefficient 1."""
        p, denominators = self._cleared(p)
        if not p:
            return {}, {}
        lowest: dict[Expr, Fraction] = dict(next(iter(p)))
        for m in p:
            here = dict(m)
            lowest = {a: min(lowest.get(a, Fraction(0)), here.get(a, Fraction(0))) for a in {**lowest, **here}}
        lowest = {a: e for a, e in lowest.items() if e and not isinstance(a, Delta)}
        common: Monomial = tuple(sorted(lowest.items(), key=lambda ae: ae[0].key))
        away = tuple((a, -e) for a, e in common)
        leading = max(p, key=lambda m: [(a.key, e) for a, e in merge(m, away)])
        primitive = {merge(m, away): c / p[leading] for m, c in p.items()}
        return {merge(common, denominators): p[leading]}, primitive

    # -- functions ----------------------------------------------------------------------------------------------------

    def _function(self, e: Function) -> Polynomial:
        if len(e.args) == 1:
            arg = e.args[0]
            one = Number.of(1)
            match e.name:
                case "exp":
                    return self.exponential(self.of(arg))
                case "log":
                    return self.logarithm(arg)
                case "expm1":
                    return plus(self.exponential(self.of(arg)), constant(-1))
                case "log1p":
                    return self.logarithm(add(one, arg))
                case "sigmoid":
                    return self.of(power(add(one, Function((-arg,), ("exp",))), Number.of(-1)))
                case "softplus":
                    return self.logarithm(add(one, Function((arg,), ("exp",))))
                case "tanh":
                    bottom = power(add(Function((mul(Number.of(2), arg),), ("exp",)), one), Number.of(-1))
                    return self.of(add(one, mul(Number.of(-2), bottom)))
        return {((Function(tuple(as_term(self.of(a)) for a in e.args), e.data), ONE),): ONE}

    def exponential(self, p: Polynomial) -> Polynomial:
        """exp of a polynomial: one factor for each of its terms, exp(c log a) being a**c."""
        total = constant(1)
        for m, c in p.items():
            if len(m) == 1 and m[0][1] == 1 and isinstance(m[0][0], Function) and m[0][0].name == "log":
                factor = self.raised(self._expanded_argument(m[0][0].args[0]), c)
            else:
                factor = {((Function((as_term({m: ONE}),), ("exp",)), c),): ONE}
            total = self.product(total, factor)
        return total

    def _expanded_argument(self, e: Expr) -> Polynomial:
        return (
            self._expanded(e)
            if isinstance(e, Add)
            else {((e, ONE),): ONE}
            if not isinstance(e, Number)
            else constant(e.value)
        )

    def logarithm(self, e: Expr) -> Polynomial:
        """log of a positive term, split over the positive factors of its normal form."""
        p = self.of(e)
        content, primitive = self._content(p) if len(p) > 1 else (p, constant(1))
        if not content or not self._positive_monomial({m: abs(c) for m, c in content.items()}):
            return {((Function((as_term(p),), ("log",)), ONE),): ONE}
        ((m, c),) = content.items()
        if c < 0:
            c, primitive = -c, plus({}, primitive, -ONE)
        if c < 0 or (len(p) == 1 and primitive != constant(1)):
            return {((Function((as_term(p),), ("log",)), ONE),): ONE}
        total: Polynomial = {}
        if primitive != constant(1):
            total = {((Function((as_term(primitive),), ("log",)), ONE),): ONE}
        for q, k in prime_powers(c).items():
            total = plus(total, {((Function((Number.of(q),), ("log",)), ONE),): Fraction(k)})
        for atom, exponent in m:
            total = plus(total, self._log_of_atom(atom), exponent)
        return total

    def _log_of_atom(self, atom: Expr) -> Polynomial:
        if isinstance(atom, Function) and atom.name == "exp":
            return self.of(atom.args[0])
        return {((Function((atom,), ("log",)), ONE),): ONE}

    # -- deltas and sums ----------------------------------------------------------------------------------------------

    def _delta(self, i: Expr, j: Expr) -> Polynomial:
        if i == j:
            return constant(1)
        if isinstance(i, Number) and isinstance(j, Number):
            return {}
        first, second = sorted((i, j), key=lambda a: (not isinstance(a, Number), a.key))
        return {((Delta((first, second)), ONE),): ONE}

    def sum(self, binders: list[Index], p: Polynomial) -> Polynomial:
        """The sum of a polynomial over indices that are free in it."""
        total: Polynomial = {}
        for m, c in p.items():
            total = plus(total, self._sum_monomial(list(binders), m), c)
        return total

    def _sum_monomial(self, binders: list[Index], m: Monomial) -> Polynomial:
        for n, (atom, e) in enumerate(m):
            rest = m[:n] + m[n + 1 :]
            if isinstance(atom, Delta):
                for gone, kept in (atom.args, atom.args[::-1]):
                    if gone in binders and isinstance(gone, Index) and in_range(kept, gone.size):
                        left = [b for b in binders if b != gone]
                        return self.sum(left, self._replaced(rest, gone, kept))
            if isinstance(atom, Sum) and e >= 1 and e == floor(e) and any(b in atom.free for b in binders):
                index = self._fresh(atom.size)
                inner = self.product({merge(rest, ((atom, e - 1),) if e > 1 else ()): ONE}, self.of(atom.open(index)))
                return self.sum([*binders, index], inner)
        return self._components(binders, m)

    def _components(self, binders: list[Index], m: Monomial) -> Polynomial:
        """Factors that share no bound index are summed apart; a sum without factors is its size."""
        total = constant(1)
        waiting, outside = list(binders), tuple(f for f in m if not any(b in f[0].free for b in binders))
        factors = [f for f in m if f not in outside]
        while waiting:
            group, inside = [waiting.pop(0)], []
            growing = True
            while growing:
                found = [f for f in factors if any(b in f[0].free for b in group)]
                factors = [f for f in factors if f not in found]
                inside += found
                joined = [b for b in waiting if any(b in f[0].free for f, *_ in ((f,) for f in found))]
                group, waiting = group + joined, [b for b in waiting if b not in joined]
                growing = bool(found)
            total = self.product(total, self._sum_atom(group, inside) if inside else self.of(group[0].size))
        return self.product({outside: ONE}, total)

    def _sum_atom(self, group: list[Index], inside: list[tuple[Expr, Fraction]]) -> Polynomial:
        """One atom for the whole group of binders: of all their orders, the one whose term has the smallest key."""
        orders = permutations(group) if len(group) <= 4 else [tuple(group)]
        best: Expr | None = None
        for order in orders:
            factors = [power(resorted(abstract(a, order)), Number.of(e)) for a, e in inside]
            body = mul(*sorted(factors, key=lambda f: f.key))
            for b in order:
                body = Sum((b.size, body), (), "ijklmn"[len(group) % 6])
            if best is None or body.key < best.key:
                best = body
        assert best is not None
        return {((best, ONE),): ONE}


def equal(left: Expr, right: Expr, signs: Signs | None = None, unfold: Collection[str] | None = None) -> bool:
    """Whether two terms are known to be equal, looking through the definitions named (None: all)."""
    return Normal(signs or Signs(), unfold).equal(left, right)
