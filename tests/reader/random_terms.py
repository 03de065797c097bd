"""Random terms of the whole language, with names of every kind that a page may show."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from gradproof import expression as x
from gradproof.expression import POSITIVE, Array, Definition, Expr, Index, Number, Symbol, add, divide, mul, power
from gradproof.notation import array, define, exp, index, infinity, labels, let, log, matrix, pi, scalar, size, vector

K, N, M = size("K"), size("N"), size("M")
SIZES = (K, N, M, 2 * N, K + N, Number.of(3))
_NAMES = r"""
a b x tau sigma lambda_ x_t y_hat z_star logit beta_1 e d delta w' f H \mathcal{F} z^{(2)} alpha_bar_t T Gamma
i_max D_KL
"""
NAMES = _NAMES.split()
APPLIED = r"\pi_{\theta}(y_w \mid x)"
SCALARS = (*map(scalar, NAMES), scalar(APPLIED), scalar("s", POSITIVE), K, N)
LETTERS = ("i", "j", "k", "l", "n", "m", "t", "w", "e", "d", "a", "alpha", "c", "r'", "x", "s")
FREE = {"k": K, "t": K, "n": N, "u": M, "q": 2 * N, "g": Number.of(3)}
FUNCTIONS = (
    "exp", "log", "sigmoid", "softplus", "tanh", "abs", "relu", "step", "sign", "max", "min", "log1p", "expm1", "gamma",
    "lgamma",
    "sin", "cos",
)  # fmt: skip
y, z, Z = vector("y", K), vector("z", K), matrix("Z", N, K)
c = labels("c", N, K)
ARRAYS: tuple[Array, ...] = (
    y,
    z,
    Z,
    vector("x_1", N),
    vector(r"\pi_{\mathrm{ref}}", K),
    matrix("W", K, N),
    array("B", N, K, M),
    vector("v", 2 * N),
    vector("o", K + N),
    vector("r_w", M),
    vector("eps", 3),
    vector(r"\mathrm{sim}(z, z)", M),
    vector("u'", N),
    vector("d_1", K),
)
_i, _n = index("i", K), index("n", N)
S = let("S", x.Sum.over(_i, exp(z[_i])))
p = define("p", _i, exp(z[_i]) / S)
DEFINITIONS: tuple[Definition, ...] = (
    S.base, p, let("L", -x.Sum.over(_i, y[_i] * log(p[_i]))).base, define("mu", _n, _i, Z[_n, _i] * 2),
    let("KL", scalar("a") + 1).base, let("H(P, Q)", scalar("b") * 2).base, define("p_star", _i, y[_i] / 2),
)  # type: ignore[assignment]  # fmt: skip


class Grower:
    """Grows terms; `bound` are the indices of the binders around the place."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)

    def term(self, depth: int, bound: tuple[Index, ...] = ()) -> Expr:
        if depth <= 0 or self.rng.random() < 0.12:
            return self.leaf(bound)
        return self.rng.choice(self._growths)(depth - 1, bound)

    @property
    def _growths(self) -> tuple[Callable[[int, tuple[Index, ...]], Expr], ...]:
        rare = (self.limit, self.negative)
        common = (self.sum, self.quotient, self.raised, self.function, self.derivative)
        return (
            *rare,
            *common,
            *common,
            self.product,
            self.product,
            self.product,
            self.binder,
            self.binder,
            self.binder,
        )

    # -- leaves ----------------------------------------------------------------------------------------------------

    def leaf(self, bound: tuple[Index, ...]) -> Expr:
        kind = self.rng.random()
        if kind < 0.25:
            return self.rng.choice(SCALARS)
        if kind < 0.65:
            return self.entry(bound)
        if kind < 0.75:
            return self.delta(bound)
        if kind < 0.9:
            return self.number()
        return self.index_of(self.rng.choice(SIZES), bound, numbers=False) if kind < 0.95 else pi

    def number(self) -> Expr:
        values = (0, 1, 2, 3, 10, -1, -2, Fraction(1, 2), Fraction(-3, 4), Fraction(7, 3))
        return Number.of(self.rng.choice(values))

    def index_of(self, n: Expr, bound: tuple[Index, ...], numbers: bool = True) -> Expr:
        """An index over this size: bound, free, a number, or a class label."""
        able: list[Expr] = [b for b in bound if b.size == n] * 3
        able += [index(a, s) for a, s in FREE.items() if s == n]
        if numbers:
            able += [Number.of(1)] + ([Number.of(2)] if isinstance(n, Symbol) else [])
        if n == K and numbers:
            able.append(c[self.index_of(N, bound)] if self.rng.random() < 0.5 else Number.of(1))
        return self.rng.choice(able) if able else Number.of(1)

    def entry(self, bound: tuple[Index, ...]) -> Expr:
        base = self.rng.choice(ARRAYS + DEFINITIONS)
        return base[tuple(self.index_of(n, bound) for n in base.shape)]

    def delta(self, bound: tuple[Index, ...]) -> Expr:
        n = self.rng.choice((K, N))
        return x.Delta((self.index_of(n, bound), self.index_of(n, bound)))

    # -- growths ---------------------------------------------------------------------------------------------------

    def sum(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        return add(*(self.term(depth, bound) for _ in range(self.rng.choice((2, 2, 3)))))

    def product(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        return mul(*(self.term(depth, bound) for _ in range(self.rng.choice((2, 2, 3, 4)))))

    def quotient(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        below = self.term(depth, bound)
        if isinstance(below, Number) and below.value == 0:
            return self.term(depth, bound)
        return divide(self.term(depth, bound), below)

    def raised(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        exponents = (2, 3, -1, -2, Fraction(1, 2), Fraction(-1, 2), Fraction(1, 3))
        simple = self.rng.random() < 0.6
        exponent = Number.of(Fraction(self.rng.choice(exponents))) if simple else self.term(depth, bound)
        base = self.term(depth, bound)
        if isinstance(base, Number) and base.value == 0:
            return exponent
        return power(base, exponent)

    def negative(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        return -self.term(depth, bound)

    def function(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        name = self.rng.choice(FUNCTIONS)
        count = self.rng.choice((2, 3)) if name in ("max", "min") else 1
        return x.Function(tuple(self.term(depth, bound) for _ in range(count)), (name,))

    def binder(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        kind = self.rng.choice((x.Sum, x.Sum, x.Product))
        letter = index(self.rng.choice(LETTERS) + "\0" * (len(bound) + 1), self.rng.choice(SIZES))
        body = self.term(depth, (*bound, letter))
        found = kind.over(letter, body)
        return kind(found.args, (), letter.name.rstrip("\0"))

    def derivative(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        body = self.term(depth, bound)
        for _ in range(self.rng.choice((1, 1, 1, 2))):
            body = x.Derivative.of(body, self.variable(bound))
        return body

    def variable(self, bound: tuple[Index, ...]) -> Expr:
        if self.rng.random() < 0.4:
            return self.rng.choice([s for s in SCALARS if not s.domain.integer])
        base = self.rng.choice(ARRAYS)
        return base[tuple(self.index_of(n, bound) for n in base.shape)]

    def limit(self, depth: int, bound: tuple[Index, ...]) -> Expr:
        symbol = self.rng.choice([s for s in SCALARS if not s.domain.integer])
        points = (Number.of(0), Number.of(Fraction(1, 2)), infinity, -infinity, scalar("b"), scalar("b") + 1)
        point = self.rng.choice([q for q in points if symbol not in q.free])
        side = self.rng.choice(("", "+", "-")) if infinity not in x.subterms(point) else ""
        return x.Limit((self.term(depth, bound), point), (symbol, side))

    # -- propositions ----------------------------------------------------------------------------------------------

    def proposition(self, depth: int, bound: tuple[Index, ...] = ()) -> Expr:
        kind = self.rng.random()
        if depth <= 0 or kind < 0.6:
            operator = self.rng.choice(("=", "=", "<", "<=", ">", ">=", "!="))
            return x.Relation.of(self.term(depth, bound), operator, self.term(depth, bound))
        if kind < 0.75:
            letter = index(self.rng.choice("ijkm") + "\0" * (len(bound) + 1), self.rng.choice((K, N)))
            inner = self.proposition(depth - 1, (*bound, letter))
            found = x.ForAll.over(letter, inner)
            return x.ForAll(found.args, (), letter.name.rstrip("\0"))
        if kind < 0.9:
            return x.Relation.of(self.proposition(depth - 1, bound), "<=>", self.proposition(depth - 1, bound))
        return self.optimum(depth - 1)

    def optimum(self, depth: int) -> Expr:
        kind = self.rng.choice(("max", "min"))
        objective = self.term(depth)
        if self.rng.random() < 0.5:
            return x.Optimum((objective, self.term(depth)), (kind, self.rng.choice(SCALARS[:6])))
        base = self.rng.choice((z, y))
        letter = index("i\0", K)
        point = self.rng.choice((y[letter], p[letter], self.term(depth, (letter,))))
        family = x.Vector.over(letter, point)
        return x.Optimum((objective, x.Vector(family.args, (), "i")), (kind, base))


def random_term(seed: int) -> Expr:
    """The same term for the same seed; one in five is a proposition."""
    grower = Grower(seed)
    depth = grower.rng.choice((1, 2, 2, 3, 3, 4))
    return grower.proposition(depth) if grower.rng.random() < 0.2 else grower.term(depth)
