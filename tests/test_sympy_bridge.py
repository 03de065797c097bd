"""Both directions of the SymPy bridge: structure, values, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
import sympy
from sympy import Derivative, Eq, Idx, IndexedBase, KroneckerDelta, Max, Product, Sum, exp, log, symbols, tanh

from gradproof import expression as x
from gradproof import notation as n
from gradproof.audit import Point
from gradproof.audit.arithmetic import to_float
from gradproof.audit.evaluation import Evaluator
from gradproof.errors import BadInput
from gradproof.sympy_bridge import from_sympy, read_together, to_sympy

K, N = symbols("K N", integer=True, positive=True)
i, j, k, m = symbols("i j k m", integer=True, positive=True)
a, b = symbols("a b", real=True)
t = sympy.Symbol("t", positive=True)
z, y, w = IndexedBase("z"), IndexedBase("y"), IndexedBase("w", positive=True)
Z = IndexedBase("Z", shape=(N, K))

SIZE, ROWS = n.size("K"), n.size("N")
ARRAY = n.vector("z", SIZE)
SOFTMAX = exp(z[i]) / Sum(exp(z[i]), (i, 1, K))

READABLE = [
    SOFTMAX,
    SOFTMAX.subs(i, k) + z[k],
    -Sum(y[i] * log(exp(z[i]) / Sum(exp(z[i]), (i, 1, K))), (i, 1, K)),
    Sum(Z[m, i], (i, 1, K), (m, 1, N)) * Z[m, k] / N,
    KroneckerDelta(i, k) * Sum(z[i], (i, 1, K)) * z[i] + z[k],
    Sum(z[i] * Sum(y[i] * z[j], (j, 1, K)), (i, 1, K)),
    Sum(z[i] * Sum(z[i], (i, 1, K)), (i, 1, K)) + z[i],
    Product(w[i] ** 2, (i, 1, K)) / K,
    Max(a, b, 0) + abs(a - b) + tanh(a * b) + sympy.sqrt(t) + sympy.pi * sympy.E,
    sympy.Rational(1, 3) * a - sympy.Float("0.25") * b**3 + t**a,
    Sum(log(1 + exp(-y[i] * a)), (i, 1, K)) / Sum(w[j], (j, 1, K)),
    Sum(1, (i, 1, K)) + Sum(exp(z[i]), (i, 1, 1)),
]


def sympy_value(e: Any, known: dict[Any, Any]) -> float:
    """A SymPy expression evaluated by walking it, so that SymPy's own substitution has no say."""
    if isinstance(e, Sum | Product):
        return sympy_binder(e.function, list(e.limits), known, isinstance(e, Sum))
    if isinstance(e, sympy.Indexed):
        value = known[str(e.base)]
        for index in e.indices:
            value = value[int(sympy_value(index, known)) - 1]
        return float(value)
    if isinstance(e, KroneckerDelta):
        return float(sympy_value(e.args[0], known) == sympy_value(e.args[1], known))
    if isinstance(e, sympy.Symbol):
        return float(known[e])
    if not e.args:
        return float(e)
    args = [sympy_value(c, known) for c in e.args]
    plain = {sympy.Add: sum, sympy.Mul: math.prod, Max: max}
    if e.func in plain:
        return float(plain[e.func](args))
    direct = {exp: math.exp, log: math.log, tanh: math.tanh, sympy.Abs: abs, sympy.Pow: pow}
    return float(direct[e.func](*args))


def sympy_binder(body: Any, limits: list[Any], known: dict[Any, Any], adding: bool) -> float:
    if not limits:
        return sympy_value(body, known)
    index, low, high = limits.pop()
    values = [
        sympy_binder(body, list(limits), {**known, index: v}, adding)
        for v in range(int(low), int(sympy_value(high, known)) + 1)
    ]
    return float(sum(values) if adding else math.prod(values))


VALUES = {"z": [0.3, -1.2, 0.7], "y": [0.2, 0.5, 0.3], "w": [1.5, 0.25, 2.0], "Z": [[1, 2, 3], [-1, 0.5, 4]]}
NUMBERS = {"a": 0.4, "b": -1.1, "t": 2.3, "K": 3, "N": 2, "i": 2, "k": 3, "j": 1, "m": 2}


def term_value(e: x.Expr) -> float:
    evaluator = Evaluator()
    real = evaluator.arithmetic.real
    point = Point({}, {}, {})
    for thing in e.free:
        if isinstance(thing, x.Index):
            point.indices[thing] = int(NUMBERS[thing.name])
        elif isinstance(thing, x.Array):
            rows = VALUES[thing.name]
            cells = {(r,): c for r, c in enumerate(rows, 1)} if len(thing.shape) == 1 else {}
            if not cells:
                cells = {(r, c): v for r, row in enumerate(rows, 1) for c, v in enumerate(row, 1)}
            point.values[thing] = {at: real(Fraction(str(v))) for at, v in cells.items()}
        elif thing.domain == x.NATURAL:
            point.sizes[thing] = int(NUMBERS[thing.name])
        else:
            point.values[thing] = real(Fraction(str(NUMBERS[thing.name])))
    evaluator.begin(point)
    return to_float(evaluator.value(e))


@pytest.mark.parametrize("e", READABLE, ids=str)
def test_reading_keeps_the_value_and_the_round_trip_keeps_the_term(e: Any) -> None:
    known: dict[Any, Any] = {**VALUES, **{s: NUMBERS[s.name] for s in (K, N, i, j, k, m, a, b, t)}}
    term = from_sympy(e)
    assert term_value(term) == pytest.approx(sympy_value(e, known), rel=1e-12)
    written = to_sympy(term)
    assert sympy_value(written, known) == pytest.approx(sympy_value(e, known), rel=1e-12)
    assert from_sympy(written, ranges={"i": K, "k": K, "m": N}) == term


def test_one_letter_bound_and_free_are_two_indices() -> None:
    p = n.index("i", SIZE)
    bound = n.index("j", SIZE)
    total = n.Sum(n.exp(ARRAY[bound]), bound)
    assert from_sympy(SOFTMAX) == n.exp(ARRAY[p]) / total


def test_symbols_of_one_letter_but_different_assumptions_do_not_meet_in_a_sum() -> None:
    other = sympy.Symbol("i")
    term = from_sympy(Sum(z[other] * y[i], (other, 1, K)) + Sum(y[j], (j, 1, K)))
    free = [s for s in term.free if isinstance(s, x.Index)]
    assert free == [n.index("i", SIZE)]
    assert term_value(term) == pytest.approx(sum(VALUES["z"]) * 0.5 + 1.0)


def test_the_first_limits_are_the_innermost() -> None:
    rows, columns = n.index("m", ROWS), n.index("i", SIZE)
    array = n.matrix("Z", ROWS, SIZE)
    assert from_sympy(Sum(Z[m, i], (i, 1, K), (m, 1, N))) == n.Sum(array[rows, columns], columns, rows)


def test_the_letter_of_a_binder_is_kept() -> None:
    term = from_sympy(Sum(z[m], (m, 1, K)))
    assert isinstance(term, x.Sum)
    assert term.hint == "m"


def test_nothing_is_simplified_on_the_way() -> None:
    u = log(exp(a, evaluate=False), evaluate=False)
    assert from_sympy(u) == n.log(n.exp(n.scalar("a")))
    doubled = sympy.Mul(2, sympy.Add(a, b, evaluate=False), evaluate=False)
    term = from_sympy(doubled)
    assert isinstance(term, x.Mul)
    assert isinstance(term.args[1], x.Add)
    same = sympy.Add(a, a, evaluate=False)
    assert from_sympy(same) == x.add(n.scalar("a"), n.scalar("a"))
    assert from_sympy(to_sympy(n.log(n.exp(n.scalar("a"))))) == n.log(n.exp(n.scalar("a")))


@pytest.mark.parametrize(
    ("symbol", "domain"),
    [
        (sympy.Symbol("s", positive=True), x.POSITIVE),
        (sympy.Symbol("s", nonnegative=True), x.NONNEGATIVE),
        (sympy.Symbol("s", real=True), x.REAL),
        (sympy.Symbol("s"), x.REAL),
        (sympy.Symbol("s", integer=True, positive=True), x.NATURAL),
        (sympy.Symbol("s", negative=True), x.Interval(None, Fraction(0))),
        (sympy.Symbol("s", integer=True), x.Interval(integer=True)),
    ],
)
def test_assumptions_become_domains(symbol: Any, domain: x.Interval) -> None:
    assert from_sympy(symbol) == x.Symbol.of("s", domain)
    assert from_sympy(to_sympy(x.Symbol.of("s", domain))) == x.Symbol.of("s", domain)


def test_domains_can_be_given() -> None:
    term = from_sympy(log(y[i]) + Sum(y[j], (j, 1, K)), domains={"y": x.UNIT})
    assert {s.domain for s in term.free if isinstance(s, x.Array)} == {x.UNIT}


def test_ranges_come_from_shapes_other_uses_indices_and_the_caller() -> None:
    size = n.index("i", SIZE)
    assert from_sympy(IndexedBase("z", shape=(K,))[i]) == ARRAY[size]
    assert from_sympy(z[Idx("i", (1, K))]) == ARRAY[size]
    assert from_sympy(z[i], ranges={"i": K}) == ARRAY[size]
    assert from_sympy(z[i], ranges={i: SIZE}) == ARRAY[size]
    assert read_together([z[i], Eq(Sum(z[j], (j, 1, K)), 1)])[0] == ARRAY[size]
    delta = from_sympy(KroneckerDelta(i, k) * z[i], ranges={"i": K})
    assert delta.free >= {n.index("k", SIZE)}


def test_derivatives_and_relations() -> None:
    bound, free = n.index("j", SIZE), n.index("k", SIZE)
    total = Sum(exp(z[j]), (j, 1, K))
    assert from_sympy(Derivative(total, z[k], z[i])) == n.D(
        n.Sum(n.exp(ARRAY[bound]), bound), ARRAY[free], ARRAY[n.index("i", SIZE)]
    )
    assert from_sympy(Derivative(a**3, (a, 2))) == n.D(n.scalar("a") ** 3, n.scalar("a"), n.scalar("a"))
    for relation, operator in ((sympy.Eq, "="), (sympy.Ne, "!="), (sympy.Le, "<="), (sympy.Lt, "<"), (sympy.Ge, ">=")):
        found = from_sympy(relation(a, b, evaluate=False))
        assert found == x.Relation.of(n.scalar("a"), operator, n.scalar("b"))
        assert from_sympy(to_sympy(found)) == found
    limit = sympy.Limit(a / t, t, sympy.oo)
    assert from_sympy(to_sympy(from_sympy(limit))) == from_sympy(limit)


def test_definitions_are_unfolded_and_named_functions_written_out() -> None:
    p = n.softmax(ARRAY)
    written = to_sympy(p[n.index("j", SIZE)])
    known = {**VALUES, **{s: NUMBERS[s.name] for s in written.free_symbols if s.name in NUMBERS}}
    assert sympy_value(written, known) == pytest.approx(math.exp(0.3) / sum(map(math.exp, VALUES["z"])))
    real = n.scalar("a")
    assert sympy_value(to_sympy(n.sigmoid(real)), {a: 0.4}) == pytest.approx(1 / (1 + math.exp(-0.4)))
    assert sympy_value(to_sympy(n.softplus(real)), {a: 0.4}) == pytest.approx(math.log(1 + math.exp(0.4)))


REFUSED = [
    (z[i], "the size of z at position 1 is not known"),
    (KroneckerDelta(i, k), "the range of index i is not known"),
    (Sum(z[i], (i, 0, K)), "must start at 1"),
    (Sum(z[i], (i, 1, K + 1)), "must be a size"),
    (Sum(z[Idx("i", K)], (Idx("i", K), 0, K - 1)), "must start at 1"),
    (Sum(i * z[i], (i, 1, K)), "used as a number"),
    (Sum(z[i], (i, 1, K)) * i * z[i], "used as a number"),
    (Idx("i", (1, K)) * a, "used as a number"),
    (Sum(z[i], (i, 1, K)) + Sum(z[i], (i, 1, N)), "two ranges: 1 to K and 1 to N"),
    (Sum(z[i + 1], (i, 1, K)), "an index must be a letter"),
    (z[2] + Sum(z[j], (j, 1, K)), "within its range"),
    (Sum(z[i, j] + z[i], (i, 1, K)), "with 2 indices and with 1|with 1 indices and with 2"),
    (sympy.Symbol("s") + sympy.Symbol("s", positive=True), "two different things are called s"),
    (Sum(z[j], (j, 1, K)) / sympy.Symbol("K"), "two different things are called K"),
    (Sum(z[j], (j, 1, K)) + Sum(y[j], (j, 1, sympy.Symbol("K"))), "two different sizes are called K"),
    (sympy.Symbol("s", imaginary=True), "not real"),
    (sympy.sin(a), "sin is not something"),
    (sympy.Function("f")(a), "f is not something"),
    (sympy.Integral(a, a), "Integral is not something"),
    (sympy.Piecewise((1, a > 0), (0, True)), "Piecewise is not something"),
    (sympy.MatrixSymbol("A", 2, 2)[0, 0], "MatrixElement is not something"),
    (sympy.nan, "NaN is not something"),
    (sympy.I * a, "ImaginaryUnit is not something"),
    (sympy.oo * sympy.Symbol("s", real=True) + sympy.zoo, "is not something"),
    (Derivative(a, (a, sympy.Symbol("n", integer=True))), "order of a derivative"),
    ("a + b", "not a SymPy expression"),
    ([a, b], "not a SymPy expression"),
]


@pytest.mark.parametrize(("e", "message"), REFUSED, ids=[str(e) for e, _ in REFUSED])
def test_what_is_not_certainly_understood_is_refused(e: Any, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        from_sympy(e)


def test_what_has_no_meaning_in_sympy_is_refused() -> None:
    index = n.index("i", SIZE)
    with pytest.raises(BadInput, match="ForAll has no meaning"):
        to_sympy(n.ForAll(n.Eq(ARRAY[index], 1), index))
    with pytest.raises(BadInput, match="function digamma"):
        to_sympy(x.Function((n.scalar("a"),), ("digamma",)))
    with pytest.raises(BadInput, match="stands alone"):
        to_sympy(x.Bound((), (0,)))
