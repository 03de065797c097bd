"""The vocabulary in which statements are written: declare names, build terms, claim.

    K = size("K")
    i, j, k = indices("i j k", K)
    z = vector("z", K)
    S = let("S", Sum(exp(z[j]), j))
    p = define("p", i, exp(z[i]) / S)
    Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k]))

Logarithms are natural, so information is in nats. Indices run from 1. `==` compares terms; `Eq` claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.distributions import Bernoulli, Exponential, Gaussian, Gumbel, Laplace, Poisson, Uniform, density
from gradproof.expression import (
    BINARY,
    COUNTS,
    NATURAL,
    NEGATIVE,
    NONNEGATIVE,
    POSITIVE,
    REAL,
    UNIT,
    Array,
    Definition,
    Derivative,
    Expr,
    Index,
    Interval,
    Law,
    Number,
    Relation,
    Scalar,
    Symbol,
    coerce,
)

__all__ = [
    "BINARY",
    "Bernoulli",
    "COUNTS",
    "D",
    "E",
    "Eq",
    "Exponential",
    "ForAll",
    "Fraction",
    "Gaussian",
    "Gumbel",
    "Iff",
    "Interval",
    "Laplace",
    "Limit",
    "NATURAL",
    "NEGATIVE",
    "NONNEGATIVE",
    "Ne",
    "POSITIVE",
    "Poisson",
    "Product",
    "REAL",
    "Sum",
    "UNIT",
    "Uniform",
    "absolute",
    "argmax",
    "argmin",
    "argsort",
    "array",
    "at_most",
    "before",
    "clip",
    "cos",
    "cross_entropy",
    "define",
    "delta",
    "det",
    "density",
    "distribution",
    "entropy",
    "exp",
    "function",
    "given",
    "index",
    "indices",
    "infinity",
    "inverse",
    "kl",
    "labels",
    "let",
    "lgamma",
    "log",
    "matrix",
    "maximum",
    "minimum",
    "pi",
    "positive_definite",
    "rank",
    "rel_entr",
    "relu",
    "root",
    "scalar",
    "scalars",
    "sigmoid",
    "sign",
    "sin",
    "size",
    "softmax",
    "softplus",
    "sqrt",
    "step",
    "sums_to_one",
    "symmetric",
    "tanh",
    "vector",
]

pi = x.Constant((), ("pi",))
infinity = x.Constant((), ("oo",))


def size(name: str) -> Symbol:
    """A symbolic size: any whole number >= 1."""
    return Symbol.of(name, NATURAL)


def index(name: str, over: Scalar) -> Index:
    """An index that runs from 1 to `over`."""
    return Index.of(name, coerce(over))


def indices(letters: str, over: Scalar) -> tuple[Index, ...]:
    """Several indices over one range: indices("i j k", K)."""
    return tuple(index(a, over) for a in letters.split())


def scalar(name: str, domain: Interval = REAL) -> Symbol:
    """A real number in `domain`."""
    return Symbol.of(name, domain)


def scalars(letters: str, domain: Interval = REAL) -> tuple[Symbol, ...]:
    return tuple(scalar(a, domain) for a in letters.split())


def array(name: str, *shape: Scalar, domain: Interval = REAL) -> Array:
    """A family of reals with one index for each size."""
    return Array(name, tuple(coerce(n) for n in shape), domain)


def vector(name: str, length: Scalar, domain: Interval = REAL) -> Array:
    return array(name, length, domain=domain)


def matrix(name: str, rows: Scalar, columns: Scalar, domain: Interval = REAL) -> Array:
    return array(name, rows, columns, domain=domain)


def labels(name: str, *shape: Scalar, classes: Scalar | None = None) -> Array:
    """Class labels: an index from 1 to `classes`, the last size if it is not named, for each example."""
    *front, last = shape if classes is None else (*shape, classes)
    return Array(name, tuple(coerce(n) for n in front), NATURAL, coerce(last))


def distribution(name: str, *shape: Scalar, domain: Interval = POSITIVE) -> Array:
    """Probabilities over the last index, each positive (full support); claim their sum with `sums_to_one`."""
    return array(name, *shape, domain=domain)


def let(name: str, body: Scalar) -> x.Entry:
    """A name for a term that depends on no index: S = let("S", Sum(exp(z[j]), j))."""
    return define(name, body)[()]


def define(name: str, *parts: Index | Scalar) -> Definition:
    """A name for a family of terms: p = define("p", i, body); then p[k]."""
    *params, body = parts
    letters = tuple(p for p in params if isinstance(p, Index))
    if len(letters) != len(params):
        raise TypeError(f"define({name!r}, ...): the parameters before the body must be indices")
    term = coerce(body)
    return Definition(name, tuple(p.size for p in letters), x.abstract(term, letters), tuple(p.name for p in letters))


def _function(name: str, *args: Scalar) -> Expr:
    return x.Function(tuple(coerce(a) for a in args), (name,))


def exp(a: Scalar) -> Expr:
    return _function("exp", a)


def log(a: Scalar) -> Expr:
    """The natural logarithm."""
    return _function("log", a)


def sigmoid(a: Scalar) -> Expr:
    """The logistic function 1 / (1 + exp(-a))."""
    return _function("sigmoid", a)


def softplus(a: Scalar) -> Expr:
    """log(1 + exp(a))."""
    return _function("softplus", a)


def tanh(a: Scalar) -> Expr:
    return _function("tanh", a)


def sin(a: Scalar) -> Expr:
    return _function("sin", a)


def cos(a: Scalar) -> Expr:
    return _function("cos", a)


def lgamma(a: Scalar) -> Expr:
    """log Gamma(a) for a > 0: lgamma(n + 1) is log n!."""
    return _function("lgamma", a)


def rel_entr(a: Scalar, b: Scalar) -> Expr:
    """a log(a / b) for a > 0, and 0 for a = 0, where b > 0: the terms of a relative entropy with 0 log 0 = 0."""
    return _function("relentr", a, b)


def relu(a: Scalar) -> Expr:
    """The larger of a and 0."""
    return _function("relu", a)


def step(a: Scalar) -> Expr:
    """The indicator of a > 0."""
    return _function("step", a)


def at_most(i: Expr | int, j: Expr | int) -> Expr:
    """The indicator of i <= j, for indices: a sum over i of at_most(i, j) f_i is a prefix sum."""
    return step(coerce(j) - coerce(i) + 1)


def before(i: Expr | int, j: Expr | int) -> Expr:
    """The indicator of i < j, for indices."""
    return step(coerce(j) - coerce(i))


def sign(a: Scalar) -> Expr:
    """1, 0 or -1."""
    return _function("sign", a)


def absolute(a: Scalar) -> Expr:
    """The magnitude |a|."""
    return _function("abs", a)


def maximum(a: Scalar, b: Scalar) -> Expr:
    """The larger of two numbers, as b + relu(a - b)."""
    return coerce(b) + relu(coerce(a) - coerce(b))


def minimum(a: Scalar, b: Scalar) -> Expr:
    """The smaller of two numbers, as a - relu(a - b)."""
    return coerce(a) - relu(coerce(a) - coerce(b))


def clip(a: Scalar, low: Scalar, high: Scalar) -> Expr:
    """a, but at least `low` and at most `high`, where low <= high."""
    return coerce(low) + relu(coerce(a) - coerce(low)) - relu(coerce(a) - coerce(high))


def sqrt(a: Scalar) -> Expr:
    return x.power(coerce(a), Number.of(x.Fraction(1, 2)))


@dataclass(frozen=True)
class Inverse:
    """The inverse of a square matrix, by entries: inverse(M)[i, j]."""

    matrix: Array | Definition

    def __getitem__(self, index: tuple[Expr | int, Expr | int]) -> Expr:
        return x.OfMatrix.of("inverse", self.matrix, index)


def inverse(m: Array | Definition) -> Inverse:
    """The inverse of a matrix that is given invertible, or positive definite by what is given or by its form."""
    return Inverse(m)


def det(m: Array | Definition) -> Expr:
    """The determinant; log(det(M)) where it is positive."""
    return x.OfMatrix.of("det", m)


def positive_definite(m: Array | Definition) -> Given:
    """x^T M x > 0 for every x but 0. Nothing is said of M being symmetric: see `symmetric`."""
    return Given(x.OfMatrix.of("least eigenvalue", m) > 0)


def symmetric(m: Array, letters: str = "i j") -> Given:
    """M_ij = M_ji: so it is at the point where a derivative is taken, but the derivative moves one entry alone."""
    i, j = indices(letters, m.shape[0])
    return Given(Eq(m[i, j], m[j, i]), (i, j))


def function(name: str, domain: Interval = REAL, derivatives: int = 1) -> x.Unknown:
    """An unknown function on an open interval with so many derivatives: f(u), f.derivative(u)."""
    return x.Unknown(name, domain, derivatives)


def delta(i: Expr | int, j: Expr | int) -> Expr:
    """The Kronecker delta."""
    return x.Delta((coerce(i), coerce(j)))


def Sum(body: Scalar, *over: Index) -> Expr:
    """The sum of `body` over the indices, the first of them innermost."""
    term = coerce(body)
    for i in over:
        term = x.Sum.over(i, term)
    return term


def Product(body: Scalar, *over: Index) -> Expr:
    term = coerce(body)
    for i in over:
        term = x.Product.over(i, term)
    return term


def ForAll(proposition: Expr, *over: Index) -> Expr:
    for i in over:
        proposition = x.ForAll.over(i, proposition)
    return proposition


def D(body: Expr, *variables: Expr) -> Expr:
    """The (mixed) partial derivative; D(L, z[k]) moves the whole of z."""
    for v in variables:
        body = Derivative.of(body, v)
    return body


def Limit(body: Expr, symbol: Symbol, point: Scalar, side: str = "") -> Expr:
    """The limit as `symbol` tends to `point`; side "+" is from above."""
    return x.Limit((body, coerce(point)), (symbol, side))


def E(body: Scalar, symbol: Symbol, law: Law) -> Expr:
    """The mean of `body` where `symbol`, declared with the law's support as its domain, follows the law."""
    return x.Expectation.of(coerce(body), symbol, law)


def Eq(left: Scalar, right: Scalar) -> Relation:
    """The claim that two terms are equal."""
    return Relation.of(coerce(left), "=", coerce(right))


def Ne(left: Scalar, right: Scalar) -> Relation:
    return Relation.of(coerce(left), "!=", coerce(right))


def Iff(left: Expr, right: Expr) -> Relation:
    """The claim that two propositions are equivalent."""
    return Relation.of(left, "<=>", right)


def _optimum(kind: str, objective: Expr, variable: Symbol | Expr, point: Scalar) -> Expr:
    if isinstance(variable, x.Entry) and len(variable.args) == 1 and isinstance(variable.args[0], Index):
        return x.Optimum((objective, x.Vector.over(variable.args[0], coerce(point))), (kind, variable.base))
    return x.Optimum((objective, coerce(point)), (kind, variable))


def argmax(objective: Expr, variable: Expr, point: Scalar) -> Expr:
    """The claim that `point` is the only maximiser; argmax(f, q[i], p[i]) for a whole array."""
    return _optimum("max", objective, variable, point)


def argmin(objective: Expr, variable: Expr, point: Scalar) -> Expr:
    """The claim that `point` is the only minimiser."""
    return _optimum("min", objective, variable, point)


def root(equation: Relation, unknown: Symbol) -> x.Root:
    """The only solution of an equation, whose left side is monotone in the unknown and whose right side is free of it.

    tau = let("tau", root(Eq(Sum(relu(z[j] - t), j), 1), t)) is the threshold of sparsemax.
    """
    if equation.operator != "=":
        raise TypeError(f"a root solves an equation, not {equation!r}")
    left, right = equation.args
    return x.Root.of(left, right, unknown)


def argsort(family: Expr, i: Index, at: Expr) -> x.Ranking:
    """The position of the at-th smallest: argsort(a[i], i, k) is argsort(a)[k]; of equals the first comes first."""
    return x.Ranking.of("argsort", x.Vector.over(i, family), at)


def rank(family: Expr, i: Index, at: Expr) -> x.Ranking:
    """The place of the entry `at` when the family is sorted, smallest first: the inverse of `argsort`."""
    return x.Ranking.of("rank", x.Vector.over(i, family), at)


def given(relation: Relation, *over: Index, apart: tuple[tuple[Index, Index], ...] = (), text: str = "") -> Given:
    """A hypothesis for all values of the indices in `over`."""
    return Given(relation, over, apart, text)


def sums_to_one(a: Array | Definition, *letters: Index) -> Given:
    """sum over the last index of `a` is 1, at every value of the others."""
    *front, last = letters or tuple(index(c, n) for c, n in zip("nmi"[-len(a.shape) :], a.shape, strict=True))
    return Given(Eq(Sum(a[(*front, last)], last), 1), tuple(front))


def softmax(z: Array | Definition, *letters: Index, name: str = "p", total: str = "S", tau: Scalar = 1) -> Definition:
    """p[.., i] = exp(z[.., i] / tau) / S[..] with S[..] = sum_j exp(z[.., j] / tau), over the last index of `z`."""
    *front, i = letters or tuple(index(c, n) for c, n in zip("nmi"[-len(z.shape) :], z.shape, strict=True))
    j = index(x.fresh_letter("j", {a.name for a in (*front, i)}), i.size)
    below = define(total, *front, Sum(exp(z[(*front, j)] / coerce(tau)), j))
    return define(name, *front, i, exp(z[(*front, i)] / coerce(tau)) / below[tuple(front)])


def entropy(p: Array | Definition, i: Index) -> Expr:
    """H(p) = -sum_i p_i log p_i, in nats."""
    return -Sum(p[i] * log(p[i]), i)


def cross_entropy(p: Array | Definition, q: Array | Definition, i: Index) -> Expr:
    """H(p, q) = -sum_i p_i log q_i, in nats."""
    return -Sum(p[i] * log(q[i]), i)


def kl(p: Array | Definition, q: Array | Definition, i: Index) -> Expr:
    """KL(p || q) = sum_i p_i log(p_i / q_i), in nats."""
    return Sum(p[i] * log(p[i] / q[i]), i)
