"""The decision procedure for algebra with finite sums. TRUSTED.

Contract. `Normal(signs).equal(a, b)` is True only if a and b are equal wherever both are defined and the symbols are in
their domains. A term becomes a polynomial with rational exponents over atoms; then two polynomials are compared by
clearing denominators. On the way: exp(a + b) is split, logarithms of positive products are split, sums are distributed,
constants leave them, deltas are contracted where the range is known, nested sums are merged, bound names are canonical.
A step is 0 or 1 where the sign of its argument is known, and so is a delta of indices that never, or always, agree.
It never searches, and gives up at a fixed amount of work.

Blind spot. False means "not decided": nested radicals, partial fractions in several denominators under a sum, and
symmetric functions under more than four nested sums can be equal without being found so.
"""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from math import floor

import gradproof.expression as x
from gradproof.expression import Add, Delta, Expr, Function, Index, Mul, Number, Pow, Sum, add, mul, power
from gradproof.normal.bound import Opened, anonymous
from gradproof.normal.content import cleared, content_of, is_positive, positive_content
from gradproof.normal.fractions import gathered
from gradproof.normal.polynomials import (
    ONE,
    ZERO,
    Monomial,
    Polynomial,
    TooLarge,
    accumulate,
    as_term,
    atom,
    constant,
    idempotent,
    inverse,
    merge,
    number_power,
    plus,
    prime_powers,
    rank,
    read_back,
    replaceable,
    written,
)
from gradproof.normal.sums import summed
from gradproof.signs import Signs

MOST_TERMS = 5000  # in one product; beyond it nothing is decided
MOST_WORK = 8_000  # monomials multiplied for one question


class Normal:
    """The normal form under given signs; `unfold` names the definitions to look through, None all of them."""

    def __init__(self, signs: Signs, unfold: Collection[str] | None = ()) -> None:
        self.signs = signs
        self.unfold = unfold
        self._memo: dict[Expr, Polynomial] = {}
        self._read: dict[Expr, tuple[Polynomial, Monomial]] = {}
        self._opened = self._work = 0

    def equal(self, left: Expr, right: Expr) -> bool:
        """Whether the two terms are known to be equal."""
        if left == right:
            return True
        self._work = 0
        try:
            return self.is_zero(plus(self.of(left), self.of(right), -ONE))
        except (TooLarge, RecursionError, ValueError):  # an index may not be put where a derivative moves it
            return False

    def shows(self, claim: x.Relation) -> bool:
        """Whether two numbers are equal, or two comparisons equivalent since their sides differ by the same number."""
        left, right = claim.args
        if not isinstance(left, x.Relation) or not isinstance(right, x.Relation):
            proposition = isinstance(left, x.Relation | x.ForAll | x.Optimum)
            return claim.operator == "=" and not proposition and self.equal(left, right)
        if "<=>" in (left.operator, right.operator) or claim.operator not in ("=", "<=>"):
            return False
        gap, wanted = left.args[0] - left.args[1], right.args[0] - right.args[1]
        same_way = left.operator == right.operator and self.equal(gap, wanted)
        return same_way or (left.flipped.operator == right.operator and self.equal(gap, -wanted))

    def is_zero(self, p: Polynomial) -> bool:
        """The zero test: clear the denominators and see whether anything is left, even of sums of fractions."""
        return not (left := cleared(self, p)[0]) or not cleared(self, gathered(self, left))[0]

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
                    accumulate(total, self.of(a))
                return total
            case Mul():
                total = constant(1)
                for a in e.args:
                    total = self.product(total, self.of(a))
                return total
            case Pow():
                return self._power(*e.args)
            case Function() | x.Application():
                return self._function(e)
            case Delta():
                return self._delta(*e.args)
            case x.Entry() if isinstance(e.base, x.Definition) and (self.unfold is None or e.base.name in self.unfold):
                return self.of(e.base.unfold(e.args))
            case x.Entry() if any(isinstance(a, Add) for a in e.args):
                return atom(e.rebuild(tuple(written(self.of(a)) for a in e.args)))
            case x.Expectation():
                return self._expectation(e)
        return self._binder(e) if isinstance(e, Sum | x.Product) and x.is_size(e.size) else atom(e)

    def _binder(self, e: x.Binder) -> Polynomial:
        index = self.fresh(e.size)
        body = e.open(index)
        if isinstance(e, Sum):
            return summed(self, [index], self.of(body))
        if self.signs.positive(body):
            return self.exponential(summed(self, [index], self.logarithm(body)))
        return atom(e)

    def _expectation(self, e: x.Expectation) -> Polynomial:
        """Algebra in the body and in the parameters, whatever the variable is called, and no more."""
        e, inside = anonymous(e), Normal(self.signs.within(e, 0), self.unfold)
        inside._opened = self._opened  # no letter twice
        body = as_term(inside.of(e.body))
        self._opened, self._work = inside._opened, self._work + inside._work
        return atom(e.rebuild((body, *(as_term(self.of(a)) for a in e.args[1:]))))

    def fresh(self, size: Expr) -> Index:
        self._opened += 1
        return Opened.of(f"#{self._opened}", size)

    def spend(self, work: int) -> None:
        """Count work that has been done: `product` gives up when it is too much."""
        self._work += work

    # -- products and powers ------------------------------------------------------------------------------------------

    def product(self, p: Polynomial, q: Polynomial, reduce: bool = True) -> Polynomial:
        self._work += len(p) * len(q)
        if len(p) * len(q) > MOST_TERMS or self._work > MOST_WORK:
            raise TooLarge
        total: Polynomial = {}
        for m, c in p.items():
            for n, d in q.items():
                accumulate(total, self._settle(merge(m, n), reduce), c * d)
        return total

    def _settle(self, m: Monomial, reduce: bool = True) -> Polynomial:
        """A monomial with its whole powers of numbers and sums multiplied out, deltas used, and x / (x + y) reduced."""
        for n, (a, e) in enumerate(m):
            rest = m[:n] + m[n + 1 :]
            if isinstance(a, Number) and floor(e):
                left: Monomial = ((a, e - floor(e)),) if e != floor(e) else ()
                return self.product(self._settle(merge(rest, left), reduce), constant(number_power(a.value, floor(e))))
            if isinstance(a, Add) and e >= 1:
                left = ((a, e - 1),) if e > 1 else ()
                return self.product(self._settle(merge(rest, left), reduce), self._parts(a)[0], reduce)
            if isinstance(a, Delta) and (gone := replaceable(a)) is not None and any(gone in b.free for b, _ in rest):
                return self.product(atom(a), self.replaced(rest, gone, a.args[0]), reduce)
            if reduce and isinstance(a, Add) and e < 0 and e == floor(e):
                found = self._divided(rest, a, e)
                if found is not None:
                    return found
        return {m: ONE}

    def _divided(self, above: Monomial, a: Add, e: Fraction) -> Polynomial | None:
        """Partial fractions: x / (x + y) = 1 - y / (x + y); for two terms 1 / (x (x + y)) = (1/x - 1/(x + y)) / y."""
        parts, lead = self._parts(a)
        scale, have = parts[lead], dict(above)
        if lead and all(have.get(b, ZERO) >= k > 0 for b, k in lead):
            rest, others = merge(above, inverse(lead)), {m: -c / scale for m, c in parts.items() if m != lead}
        elif lead and len(parts) == 2 and all(have.get(b, ZERO) <= -k < 0 for b, k in lead):
            ((other, c),) = ((m, c) for m, c in parts.items() if m != lead)
            if any(idempotent(b) for b, _ in (*lead, *other)):
                return None  # a delta may be 0 everywhere but at one index, and so may a step
            rest, others, scale = merge(above, inverse(other)), {lead: -scale / c}, c
        else:
            return None
        whole = self._settle(merge(rest, ((a, e + 1),) if e != -1 else ()))
        return plus(self.product({merge(rest, ((a, e),)): ONE}, others), whole, 1 / scale)

    def _parts(self, a: Add) -> tuple[Polynomial, Monomial]:
        """The polynomial that an atom stands for, and its leading monomial."""
        found = self._read.get(a)
        if found is None:
            parts = read_back(a)
            self._work += len(parts)
            found = self._read[a] = parts, max(parts, key=rank)
        return found

    def replaced(self, m: Monomial, old: Expr, new: Expr) -> Polynomial:
        """The monomial with one term for another in all its factors."""
        total = constant(1)
        for a, e in m:
            total = self.product(total, self.raised(self.of(x.substitute(a, old, new)), e))
        return total

    def _power(self, base: Expr, exponent: Expr) -> Polynomial:
        if isinstance(exponent, Number):
            return self.raised(self.of(base), exponent.value)
        if self.signs.positive(base):
            return self.exponential(self.product(self.of(exponent), self.logarithm(base)))
        return atom(Pow((as_term(self.of(base)), as_term(self.of(exponent)))))

    def raised(self, p: Polynomial, n: Fraction) -> Polynomial:
        """The power with a rational exponent: of a monomial, or of content and primitive part."""
        whole = n.denominator == 1
        if n == 0:
            return constant(1)
        if not p and n < 0:
            raise TooLarge  # a division by zero is equal to nothing
        if not p:
            return {}
        if len(p) == 1:
            known = whole or is_positive(self, p, n)
            return self._monomial_power(p, n) if known else atom(Pow((as_term(p), Number.of(n))))
        if whole and 0 <= n <= 12 and len(p) ** int(n) <= MOST_TERMS:
            total = constant(1)
            for _ in range(int(n)):
                total = self.product(total, p)
            return total
        content, primitive = content_of(self, p) if whole else positive_content(self, p)
        if not content:
            return self.raised({}, n) if whole else atom(as_term(p), n)
        if whole and len(primitive) == 1:
            return self._monomial_power({merge(m, k): c for m, c in content.items() for k in primitive}, n)
        power_of_primitive = constant(1) if primitive == constant(1) else atom(as_term(primitive), n)
        return self.product(self._monomial_power(content, n), power_of_primitive)

    def _monomial_power(self, p: Polynomial, n: Fraction) -> Polynomial:
        ((m, c),) = p.items()
        scaled = tuple((a, ONE if isinstance(a, Delta) else e * n) for a, e in m)
        if n.denominator == 1:
            return self.product(self._settle(scaled), constant(number_power(c, int(n))))
        return self._settle(merge(scaled, tuple((Number.of(q), k * n) for q, k in prime_powers(c).items())))

    # -- functions ----------------------------------------------------------------------------------------------------

    def _function(self, e: Expr) -> Polynomial:
        if len(e.args) == 1:
            u, one = e.args[0], Number.of(1)
            match e.data[0]:  # of an unknown function itself, which is no name
                case "exp":
                    return self.exponential(self.of(u))
                case "log":
                    return self.logarithm(u)
                case "expm1":
                    return plus(self.exponential(self.of(u)), constant(-1))
                case "log1p":
                    return self.logarithm(add(one, u))
                case "sigmoid":
                    return self.of(power(add(one, Function((-u,), ("exp",))), Number.of(-1)))
                case "softplus":
                    return self.logarithm(add(one, Function((u,), ("exp",))))
                case "step":
                    return self._step(u)
                case "relu" | "abs":  # relu(u) = u step(u), |u| = u sign(u)
                    sign = atom(Function((as_term(self.of(u)),), ("sign",))) if e.data[0] == "abs" else self._step(u)
                    return self.product(self.of(u), sign)
                case "sin" | "cos" if not self.of(u):  # at 0
                    return constant(e.data[0] == "cos")
                case "tanh":
                    below = power(add(Function((mul(Number.of(2), u),), ("exp",)), one), Number.of(-1))
                    return self.of(add(one, mul(Number.of(-2), below)))
        return atom(type(e)(tuple(as_term(self.of(a)) for a in e.args), e.data))

    def _step(self, u: Expr) -> Polynomial:
        """1 or 0 where the sign of the argument is known: [l - T > 0] is 0 where l runs to T."""
        a = written(self.of(u))
        if self.signs.positive(a):
            return constant(1)
        return {} if self.signs.nonnegative(-a) else atom(Function((a,), ("step",)))

    def exponential(self, p: Polynomial) -> Polynomial:
        """exp of a polynomial: one factor for each of its terms, exp(c log a) being a**c."""
        total = constant(1)
        for m, c in p.items():
            term = as_term({m: ONE})
            if isinstance(term, Function) and term.name == "log":
                factor = self.raised(read_back(term.args[0]), c)
            else:
                factor = atom(Function((term,), ("exp",)), c)
            total = self.product(total, factor)
        return total

    def logarithm(self, e: Expr) -> Polynomial:
        """log of a positive term, split over the positive factors of its normal form."""
        content, primitive = positive_content(self, self.of(e))
        total = {} if primitive == constant(1) else atom(Function((as_term(primitive),), ("log",)))
        ((m, c),) = (content or constant(1)).items()
        for q, k in prime_powers(c).items():
            accumulate(total, atom(Function((Number.of(q),), ("log",))), Fraction(k))
        for a, exponent in m:
            is_exp = isinstance(a, Function) and a.name == "exp"
            accumulate(total, self.of(a.args[0]) if is_exp else atom(Function((a,), ("log",))), exponent)
        return total

    def _delta(self, i: Expr, j: Expr) -> Polynomial:
        i, j = (written(self.of(a)) if isinstance(a, Add) else a for a in (i, j))
        if i == j:
            return constant(1)
        if any((x.least(gap) or 0) > 0 for gap in (i - j, j - i)):  # they are never equal
            return {}
        return atom(Delta(tuple(sorted((i, j), key=lambda a: (not isinstance(a, Number), a.key)))))
