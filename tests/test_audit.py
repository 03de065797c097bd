"""The audit must pass what is true, and find every planted error."""

from __future__ import annotations

import ast
from pathlib import Path
from random import Random
from time import perf_counter

import mpmath
import pytest

import gradproof.audit
from gradproof import notation as n
from gradproof.audit import Counterexample, audit, counterexample, sample
from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.functions import FUNCTIONS
from gradproof.audit.truth import Judge
from gradproof.derivation import AuditReport, Derivation, Given, Inference, Step, Theorem
from gradproof.expression import Array, Constant, Expr, Function, Relation, Symbol, coerce
from gradproof.notation import D, Eq, ForAll, Iff, Limit, Product, Sum, delta, exp, log, sigmoid, softplus

K, N = n.size("K"), n.size("N")
i, j, k, m = n.indices("i j k m", K)
t = n.index("t", K)
r = n.index("r", N)
z, w = n.vector("z", K), n.vector("w", K)
y = n.distribution("y", K)
a, b = n.scalars("a b")
u, v = n.scalars("u v", n.POSITIVE)
p = n.softmax(z, i)
S = n.let("S", Sum(exp(z[j]), j))


def chain(start: Expr, *lines: Expr | tuple[str, Expr], name: str = "main", relation: str = "=") -> Theorem:
    """A theorem whose steps go by the (arbitrary) rule "step"."""
    pairs = [line if isinstance(line, tuple) else ("=", line) for line in lines]
    steps = tuple(Step("step", {}, result, relation=how) for how, result in pairs)
    return Theorem(name, Relation.of(start, relation, steps[-1].result), start, steps)


def run(*theorems: Theorem, givens: tuple[Given, ...] = (), **options: object) -> AuditReport:
    return audit(Derivation("test", givens, theorems), **options)  # type: ignore[arg-type]


def assert_passes(report: AuditReport, lines: int) -> None:
    assert report.refuted == ""
    assert report.untested == ()
    assert report.lines == lines
    assert report.points >= 35
    assert report.worst < 1e-30


def softmax_jacobian(sign: int = 1) -> Theorem:
    return chain(
        D(p[i], z[k]),
        (delta(i, k) * exp(z[i]) * S - exp(z[i]) * exp(z[k])) / S**2,
        p[i] * (delta(i, k) - sign * p[k]),
        name="jacobian",
    )


def cross_entropy() -> Theorem:
    loss = -Sum(y[i] * log(p[i]), i)
    return chain(
        D(loss, z[k]),
        -Sum(y[i] * D(log(p[i]), z[k]), i),
        -Sum(y[i] / p[i] * D(p[i], z[k]), i),
        -Sum(y[i] * (delta(i, k) - p[k]), i),
        -y[k] + p[k] * Sum(y[i], i),
        p[k] - y[k],
        name="gradient",
    )


def test_true_chains_pass_and_are_counted() -> None:
    report = run(softmax_jacobian(), cross_entropy(), givens=(n.sums_to_one(y),))
    assert_passes(report, lines=9)
    assert report.sizes == (1, 2, 3, 4, 5)
    assert report.points == 40


def test_the_same_seed_gives_the_same_report() -> None:
    reports = [run(cross_entropy(), givens=(n.sums_to_one(y),), seed=seed) for seed in (3, 3, 4)]
    assert reports[0] == reports[1]
    assert reports[0].worst != reports[2].worst


def test_wrong_sign_is_refuted_with_the_place() -> None:
    report = run(softmax_jacobian(sign=-1))
    assert report.refuted.startswith("jacobian, step 2 (step): ")
    assert "K=1" in report.refuted
    assert "z=[" in report.refuted


def test_lost_factor_is_refuted() -> None:
    report = run(chain(D(a**2 * u, a), a * u))
    assert report.refuted.startswith("main, step 1")


@pytest.mark.parametrize("wrong", [-p[i] * p[k], p[i] * (1 - p[k])])
def test_missing_delta_is_refuted_on_either_side_of_it(wrong: Expr) -> None:
    """One is right where i != k, the other where i = k: both kinds of point must occur."""
    report = run(chain(p[i] * (delta(i, k) - p[k]), wrong), sizes=(3,))
    assert "step 1" in report.refuted


def test_an_assumption_that_is_needed_but_not_given_is_noticed() -> None:
    assert "step 5" in run(cross_entropy()).refuted


def test_a_wrong_statement_over_right_steps_is_refuted() -> None:
    right = chain(exp(a) * exp(b), exp(a + b))
    report = run(Theorem("main", Eq(exp(a) * exp(b), exp(a - b)), right.start, right.steps))
    assert report.refuted.startswith("main, the statement")


def test_an_inferred_theorem_is_tested_by_its_statement() -> None:
    by = Inference("gibbs", {}, ())
    assert_passes(run(Theorem("t", ForAll(p[i] < 2, i), by=by)), lines=1)
    assert "t, the statement" in run(Theorem("t", ForAll(p[i] < 1, i), by=by)).refuted  # false at K = 1


def test_inverted_condition_is_undefined() -> None:
    """log(a u) = log a + log u needs a > 0; at a < 0, u < 0 the left side is defined and the right is not."""
    report = run(chain(log(a**2), 2 * log(a)))
    assert "undefined (logarithm of -" in report.refuted
    assert_passes(run(chain(log(u**2), 2 * log(u))), lines=2)


def test_division_by_what_may_be_zero_is_undefined() -> None:
    report = run(chain(a, a**2 / a), points=200)
    assert "undefined (division by zero)" in report.refuted


def test_an_undefined_start_is_reported_not_passed() -> None:
    report = run(chain(log(-u), log(-u) + 0 * a))
    assert report.lines == 0
    assert report.untested
    assert "logarithm" in report.untested[0]


def test_second_derivatives() -> None:
    hessian = p[i] * delta(i, k) - p[i] * p[k]
    lse = log(S)
    assert_passes(run(chain(D(lse, z[i], z[k]), D(p[i], z[k]), hessian)), lines=3)
    assert "step 1" in run(chain(D(lse, z[i], z[k]), p[i] * p[k])).refuted
    assert_passes(run(chain(D(a**3 * u, a, a, u), 6 * a)), lines=2)
    assert_passes(run(chain(D(sigmoid(a), a, a), sigmoid(a) * sigmoid(-a) * (1 - 2 * sigmoid(a)))), lines=2)


def test_a_derivative_inside_a_sum_moves_the_entry_of_the_bound_index() -> None:
    divergence = Sum(D(p[i], z[i]), i)
    assert_passes(run(chain(divergence, 1 - Sum(p[i] ** 2, i))), lines=2)
    assert "step 1" in run(chain(divergence, Sum(p[i] ** 2, i))).refuted


def test_a_derivative_looks_through_nested_definitions() -> None:
    q = n.define("q", i, exp(z[i]) / S)
    risk = n.let("R", Sum(q[i] * w[i], i))
    assert_passes(run(chain(D(risk, z[k]), q[k] * (w[k] - risk))), lines=2)
    assert "step 1" in run(chain(D(risk, z[k]), q[k] * w[k])).refuted


FUNCTIONS_AT = {"log": (0.7,), "log1p": (0.7,), "sqrt": (0.7,), "lgamma": (0.7,), "relentr": (0.7,)}
SECOND = {"max": 0, "min": 0, "relentr": 2}  # the other argument
KINKED = ("abs", "max", "min", "relu", "sign", "step")  # at 0
PLAIN = {
    "sigmoid": lambda s: 1 / (1 + mpmath.exp(-s)),
    "softplus": lambda s: mpmath.log(1 + mpmath.exp(s)),
    "abs": abs,
    "max": lambda s: max(s, mpmath.mpf(0)),
    "min": lambda s: min(s, mpmath.mpf(0)),
    "relu": lambda s: max(s, mpmath.mpf(0)),
    "step": lambda s: mpmath.mpf(s > 0),
    "lgamma": mpmath.loggamma,
    "relentr": lambda s: s * mpmath.log(s / 2),
}


def at_point(name: str, value: float, order: int) -> mpmath.mpf:
    """The derivative of the function as the audit evaluates it."""
    term: Expr = Function((a, coerce(SECOND[name])) if name in SECOND else (a,), (name,))
    for _ in range(order):
        term = D(term, a)
    evaluator = Evaluator()
    evaluator.begin(Point({}, {}, {a: mpmath.mpf(value)._mpf_}))
    return mpmath.mpf(evaluator.value(term))


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_jets_agree_with_finite_differences(name: str, order: int) -> None:
    """The derivatives of the audit against mpmath's differences of mpmath's own function, on both sides of a kink."""
    for at in FUNCTIONS_AT.get(name, (-0.4, 0.9)):
        with mpmath.workdps(60):
            expected = mpmath.diff(PLAIN.get(name, getattr(mpmath, name, None)), at, order)
            assert abs(at_point(name, at, order) - expected) < mpmath.mpf(10) ** -25


@pytest.mark.parametrize("name", KINKED)
@pytest.mark.parametrize("order", [1, 2])
def test_a_kink_has_a_value_and_no_derivative(name: str, order: int) -> None:
    assert at_point(name, 0, 0) == 0
    with pytest.raises(Undefined, match="derivative of a"):
        at_point(name, 0, order)


def test_a_relative_entropy_is_0_at_0_and_has_no_derivative_there() -> None:
    assert at_point("relentr", 0, 0) == 0
    with pytest.raises(Undefined, match="derivative of x log x at 0"):
        at_point("relentr", 0, 1)
    evaluator = Evaluator()
    evaluator.begin(Point({}, {}, {u: mpmath.mpf(0.5)._mpf_}))
    assert mpmath.mpf(evaluator.value(D(Function((coerce(0), u), ("relentr",)), u))) == 0
    assert mpmath.mpf(evaluator.value(D(Function((coerce(3), u), ("relentr",)), u))) == -6


@pytest.mark.parametrize("exponent", [-2, 0.5, 3, 2.25])
def test_powers_agree_with_finite_differences(exponent: float) -> None:
    evaluator = Evaluator()
    evaluator.begin(Point({}, {}, {u: mpmath.mpf(1.375)._mpf_, v: mpmath.mpf(0.625)._mpf_}))
    with mpmath.workdps(60):
        for order in (0, 1, 2, 3):
            found = evaluator.value(D((u + v) ** exponent, *[u] * order))
            expected = mpmath.diff(lambda s: (s + 0.625) ** mpmath.mpf(exponent), 1.375, order)
            assert abs(mpmath.mpf(found) - expected) < mpmath.mpf(10) ** -25
        found = evaluator.value(D(u ** (u * v), u, v))
        expected = mpmath.diff(lambda s, q: s ** (s * q), (1.375, 0.625), (1, 1))
        assert abs(mpmath.mpf(found) - expected) < mpmath.mpf(10) ** -25


def test_a_given_about_sizes_alone_leaves_out_the_sizes_where_it_fails() -> None:
    more = Given(N - 1 > 0)
    ones = Sum(1 + 0 * a, r)  # makes N a size
    report = run(chain(log(N - 1) * ones, N * log(N - 1)), givens=(more,))
    assert report.refuted == ""
    assert report.untested == ()
    assert report.sizes == (2, 3, 4, 5)
    assert counterexample(1 / (ones - 1) <= 1, (more,)) is None
    found = counterexample(1 / (ones - 1) >= 1, (more,))
    assert found is not None
    assert (found.sizes, found.left) == ({"N": 3}, n.Fraction(1, 2))


def test_class_labels_are_drawn_among_the_classes() -> None:
    T = n.labels("T", N, K)
    losses = Sum(-log(p[T[r]]), r)
    report = run(chain(losses, Sum(log(S) - z[T[r]], r)))
    assert_passes(report, lines=2)
    assert report.points == 40
    assert "step 1" in run(chain(losses, Sum(log(S) - z[1], r))).refuted


def test_inequality_lines() -> None:
    kl = Sum(y[i] * log(y[i] / p[i]), i)
    gibbs = chain(-kl, Sum(y[i] * log(p[i] / y[i]), i), ("<=", Sum(y[i] * (p[i] / y[i] - 1), i)), 0 * a, relation="<=")
    assert_passes(run(gibbs, givens=(n.sums_to_one(y),)), lines=4)
    wrong = chain(-kl, Sum(y[i] * log(p[i] / y[i]), i), (">=", Sum(y[i] * (p[i] / y[i] - 1), i)), relation=">=")
    assert "is not >=" in run(wrong, givens=(n.sums_to_one(y),)).refuted


def test_a_strict_inequality_must_be_strict() -> None:
    assert_passes(run(chain(a, ("<", softplus(a)), relation="<")), lines=2)
    total = Sum(p[i], i)
    assert "is not <" in run(chain(total, ("<", coerce(1)), relation="<")).refuted
    assert run(chain(total, ("<=", coerce(1)), relation="<=")).refuted == ""
    assert "is not >" in run(chain(exp(a) * exp(-a), (">", coerce(1)), relation=">")).refuted


def coin(point: Expr) -> Theorem:
    theta = n.scalar("theta", n.UNIT)
    likelihood = u * log(theta) + v * log(1 - theta)
    return Theorem("coin", n.argmax(likelihood, theta, point), by=Inference("concave", {}, ()))


def test_optimum_of_a_scalar() -> None:
    assert run(coin(u / (u + v))).refuted == ""
    assert run(coin(u / (u + v))).untested == ()
    assert "coin, the statement" in run(coin(v / (u + v))).refuted
    assert "coin, the statement" in run(coin((u + 0.01) / (u + v + 0.02))).refuted  # all but right
    assert "not feasible" in run(coin(u / v + 1)).refuted


def test_minimum_is_not_maximum() -> None:
    square = (a - b) ** 2
    assert run(Theorem("t", n.argmin(square, a, b))).refuted == ""
    assert "t, the statement" in run(Theorem("t", n.argmax(square, a, b))).refuted
    assert "t, the statement" in run(Theorem("t", n.argmin(a * 0, a, b))).refuted  # not the only one


def test_optimum_over_distributions() -> None:
    q = n.distribution("q", K)
    givens = (n.sums_to_one(y), n.sums_to_one(q))
    cross = -Sum(y[i] * log(q[i]), i)
    report = run(Theorem("t", n.argmin(cross, q[i], y[i])), givens=givens)
    assert report.refuted == ""
    assert report.lines == 1
    assert report.untested == ()
    uniform = n.argmin(cross, q[i], K**-1)
    assert "t, the statement" in run(Theorem("t", uniform), givens=givens).refuted
    assert "not feasible" in run(Theorem("t", n.argmin(cross, q[i], 2 * y[i])), givens=givens).refuted


def test_limits() -> None:
    x = n.scalar("x")
    report = run(
        chain(Limit((exp(x) - 1) / x, x, 0), coerce(1)), chain(Limit(x * log(x), x, 0, "+"), coerce(0), name="b")
    )
    assert report.refuted == ""
    assert report.untested == ()
    assert report.lines == 4
    assert "step 1" in run(chain(Limit((exp(x) - 1 - x) / x**2, x, 0), coerce(1))).refuted
    assert "undefined" not in run(chain(Limit((exp(x) - 1 - x) / x**2, x, 0), coerce(1) / 2)).refuted


def test_limit_at_infinity_and_of_a_family() -> None:
    temperature = n.scalar("T", n.POSITIVE)
    soft = Limit(temperature * softplus(a / temperature), temperature, 0)
    assert run(chain(soft, Function((a, coerce(0)), ("max",)))).refuted == ""
    q = n.softmax(z, i, tau=temperature)
    assert run(chain(Limit(q[i], temperature, n.infinity), 1 / K)).refuted == ""
    assert "step 1" in run(chain(Limit(q[i], temperature, n.infinity), p[i])).refuted
    assert run(chain(D(Limit(q[i] * w[i], temperature, n.infinity), w[k]), delta(i, k) / K)).refuted == ""


def test_the_symbol_of_a_limit_is_bound() -> None:
    inside = Limit((exp(a * u) - 1) / a, a, 0)
    assert run(chain(inside + a, a + u)).refuted == ""
    assert run(chain(D(inside * a, a), u)).refuted == ""
    assert run(chain(Limit(D(exp(a * u), a), a, 0), u)).refuted == ""
    assert run(chain(D(Limit(u * exp(a), a, b), u), exp(b))).refuted == ""


def test_a_limit_that_does_not_settle_is_untested() -> None:
    report = run(chain(Limit(1 / log(u), u, 0, "+"), coerce(0)))
    assert report.refuted == ""
    assert report.lines == 0
    assert "does not settle" in report.untested[0]
    assert "size" in run(chain(Limit(Sum(coerce(1), i) / K, K, n.infinity), coerce(1))).untested[0]


def test_sums_over_two_index_sets() -> None:
    x = n.matrix("X", N, K)
    swapped = chain(Sum(Sum(x[r, i] * w[i], i), r), Sum(Sum(x[r, i], r) * w[i], i))
    assert_passes(run(swapped), lines=2)
    assert "step 1" in run(chain(Sum(Sum(x[r, i] * w[i], i), r), Sum(x[r, i] * w[i], i))).refuted
    loss = Sum((Sum(x[r, i] * w[i], i) - 1) ** 2, r)
    assert_passes(run(chain(D(loss, w[k]), 2 * Sum(x[r, k] * (Sum(x[r, i] * w[i], i) - 1), r))), lines=2)
    # N and K must be told apart
    rows, columns = Sum(x[r, i] - x[r, i] + 1, r), Sum(x[r, i] - x[r, i] + 1, i)
    assert_passes(run(chain(rows, N)), lines=2)
    assert "step 1" in run(chain(rows, K)).refuted
    assert "step 1" in run(chain(columns, N)).refuted
    report = sample([Sum(Sum(x[r, i], i), r)], (), Random(1))
    assert report is not None
    assert len(report.values[Array("X", (N, K))]) == report.sizes[N] * report.sizes[K]


def test_products() -> None:
    assert_passes(run(chain(log(Product(y[i], i)), Sum(log(y[i]), i))), lines=2)
    assert_passes(run(chain(D(Product(y[i], i), y[k]), Product(y[i], i) / y[k])), lines=2)


def test_one_hot_given() -> None:
    hot = n.vector("h", K, n.NONNEGATIVE)
    givens = (n.given(Eq(hot[i], delta(i, t)), i),)
    assert_passes(run(chain(-Sum(hot[i] * log(p[i]), i), -log(p[t])), givens=givens), lines=2)
    assert "step 1" in run(chain(-Sum(hot[i] * log(p[i]), i), -log(p[k])), givens=givens).refuted


def test_rows_that_sum_to_one() -> None:
    rows = n.distribution("g", N, K)
    assert_passes(run(chain(Sum(Sum(rows[r, i], i), r), Sum(coerce(1), r), N), givens=(n.sums_to_one(rows),)), lines=3)


@pytest.mark.parametrize(
    ("relation", "over", "start", "end"),
    [
        (Eq(Sum(z[i], i), 0), (), Sum(z[i], i), coerce(0)),
        (Eq(Sum(z[i] ** 2, i), 1), (), Sum(z[i] ** 2, i), coerce(1)),
        (Eq(u + v, 1), (), u, 1 - v),
        (Eq(exp(a) + exp(b), 3), (), log(3 - exp(b)), a),
        (Eq(Sum(y[i], i), u), (), log(u), log(Sum(y[i], i))),
        (Eq(a**2, 1), (), a, 1 / a),
    ],
)
def test_equations_are_solved(relation: Relation, over: tuple[()], start: Expr, end: Expr) -> None:
    report = run(chain(start, end), givens=(Given(relation, over),))
    assert report.refuted == ""
    assert report.lines == 2
    assert report.points == 40


def test_symmetric_matrix_given() -> None:
    x = n.matrix("A", K, K)
    form = Sum(Sum(x[i, j] * w[i] * w[j], j), i)
    gradient = chain(D(form, w[k]), 2 * Sum(x[k, j] * w[j], j))
    assert_passes(run(gradient, givens=(n.given(Eq(x[i, j], x[j, i]), i, j),)), lines=2)
    assert "step 1" in run(gradient).refuted


def test_largest_entry_given() -> None:
    """z_j < z_t for every j other than t, by drawing again."""
    givens = (n.given(z[j] < z[t], j, apart=((j, t),)),)
    report = run(Theorem("t", ForAll(z[j] <= z[t], j)), givens=givens)
    assert_passes(report, lines=1)
    assert report.sizes == (1, 2, 3, 4, 5)
    assert "statement" in run(Theorem("t", ForAll(z[j] < z[t], j)), givens=givens).refuted


def test_unsatisfiable_given_is_reported() -> None:
    report = run(chain(u, u + 1), givens=(Given(Eq(u, -1)),))
    assert report.points == 0
    assert report.lines == 0
    assert report.refuted == ""
    assert report.untested == ("no point drawn: no values were found that satisfy the givens",)


def test_contradicting_givens_are_reported() -> None:
    report = run(chain(a, a + 1), givens=(Given(Eq(a, 1)), Given(Eq(a, 2))))
    assert (report.points, report.lines, report.refuted) == (0, 0, "")
    assert report.untested


def test_a_rare_inequality_is_found_by_drawing_again() -> None:
    report = run(chain(a, a + 0 * b), givens=(Given(a > 3),))
    assert report.points == 40


def test_a_size_at_which_a_given_fails_is_left_out() -> None:
    report = run(chain(a, a + 0), givens=(Given(Eq(Sum(delta(i, i), i), 2)),))
    assert report.sizes == (2,)


def test_equivalences_are_tested_where_they_are_true() -> None:
    claim = Iff(Eq(a**2 - 2 * a + 1, 0), Eq(a, 1))
    assert run(Theorem("t", claim)).refuted == ""
    assert run(Theorem("t", claim)).untested == ()
    wrong = Iff(Eq(a**2 - 2 * a, 0), Eq(a, 2))
    for left, right in (wrong.args, wrong.args[::-1]):
        assert "is not equivalent" in run(chain(left, ("<=>", right), relation="<=>")).refuted
    assert "step 1" in run(chain(Eq(a, u), ("<=>", Eq(a, -u)), relation="<=>")).refuted
    unit = n.scalar("theta", n.UNIT)
    stationary = chain(
        Eq(D(u * log(unit) + v * log(1 - unit), unit), 0), ("<=>", Eq(unit, u / (u + v))), relation="<=>"
    )
    assert run(stationary).refuted == ""
    assert run(stationary).untested == ()


def test_an_equivalence_of_falsehoods_is_not_called_tested() -> None:
    report = run(chain(Eq(exp(a), -1), ("<=>", Eq(exp(b), -2)), relation="<=>"))
    assert any("only where both sides are false" in reason for reason in report.untested)


def rewrite(before: Expr, after: Expr, at: tuple[int, ...]) -> AuditReport:
    return run(Theorem("t", Eq(a, a), before, (Step("step", {}, after, at=at),)))


@pytest.mark.parametrize(
    ("before", "right", "wrong", "at"),
    [
        (Eq(D(a**3, a), b), Eq(3 * a**2, b), Eq(2 * a**2, b), (0,)),  # both are false nearly everywhere
        (ForAll(Eq(b, p[i] / p[i]), i), ForAll(Eq(b, 1), i), ForAll(Eq(b, 2), i), (1, 1)),
        (n.argmin((a - b) ** 2, a, b), n.argmin((b - a) ** 2, a, b), n.argmin(2 * (b - a) ** 2, a, b), (0,)),
        (n.argmin(Sum((z[i] - w[i]) ** 2, i), z[i], w[i] + b - b), n.argmin(Sum((z[i] - w[i]) ** 2, i), z[i], w[i]),
         n.argmin(Sum((z[i] - w[i]) ** 2, i), z[i], 2 * w[i]), (1, 1)),
    ],
)  # fmt: skip
def test_a_term_rewritten_inside_a_proposition(before: Expr, right: Expr, wrong: Expr, at: tuple[int, ...]) -> None:
    good = rewrite(before, right, at)
    assert (good.refuted, good.untested, good.lines) == ("", (), 2)
    assert "step 1" in rewrite(before, wrong, at).refuted


def test_a_proposition_replaced_as_a_whole_is_an_equivalence() -> None:
    assert rewrite(a < b, a - b < 0, ()).refuted == ""
    assert rewrite(Eq(a, 1), Eq(2 * a, 2), ()).refuted == ""
    assert "is not equivalent" in rewrite(a < b, b < a, ()).refuted


def test_an_equivalence_with_an_undefined_left_side_is_not_refuted() -> None:
    report = run(chain(log(a) > 0, ("<=>", a > 1), relation="<=>"))
    assert report.refuted == ""
    assert "the line before: logarithm" in report.untested[0]
    assert "undefined" in run(chain(a > 1, ("<=>", log(a) > 0), relation="<=>")).refuted


def test_unknown_functions_are_untested() -> None:
    report = run(chain(Function((a,), ("zeta",)), Function((a,), ("zeta",))))
    assert report.lines == 0
    assert report.untested
    with pytest.raises(Untestable):
        Judge(Evaluator()).judge(Constant((), ("oo",)))


def test_simplest_counterexample() -> None:
    found = counterexample(Eq(Sum(z[i] ** 2, i), Sum(z[i], i) ** 2))
    assert isinstance(found, Counterexample)
    assert found.sizes == {"K": 2}
    assert found.values["z"] == [1, 1]
    assert (found.left, found.right) == (2, 4)


def test_counterexample_respects_domain_and_givens() -> None:
    assert counterexample(u > 0) is None
    assert counterexample(y[i] <= 1, (n.sums_to_one(y),)) is None
    assert counterexample(Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k]))) is None
    found = counterexample(y[i] < 1, (n.sums_to_one(y),))
    assert found is not None
    assert found.sizes == {"K": 1}


def test_counterexample_names_what_is_undefined() -> None:
    found = counterexample(Eq(log(a * b), log(a) + log(b)))
    assert found is not None
    assert found.right is None
    assert found.values == {"a": -1, "b": -1}
    assert "logarithm" in found.reason


def test_sample_satisfies_the_givens() -> None:
    point = sample([y[i]], (n.sums_to_one(y),), Random(5), sizes=(4,))
    assert point is not None
    with mpmath.workdps(40):
        assert abs(sum(map(mpmath.mpf, point.values[y].values())) - 1) < mpmath.mpf(10) ** -35
    assert sample([u], (Given(Eq(u, -1)),)) is None


def test_every_kind_of_domain_is_respected() -> None:
    whole = Symbol.of("c", n.Interval(coerce(0).value, coerce(1).value, False, False, True))
    half = Symbol.of("d", n.Interval(None, coerce(-2).value))
    seen = set()
    for seed in range(20):
        point = sample([whole + half], (), Random(seed))
        assert point is not None
        seen.add(mpmath.mpf(point.values[whole]))
        assert mpmath.mpf(point.values[half]) < -2
    assert seen == {0, 1}


def test_imports_only_terms_and_data() -> None:
    """Independence from kernel, normal form, signs and rules is what the audit is worth."""
    allowed = {"gradproof", "gradproof.expression", "gradproof.derivation"}
    for path in Path(gradproof.audit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            modules += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in modules:
                ours = module.split(".")[0] == "gradproof"
                assert not ours or module in allowed or module.startswith("gradproof.audit"), (path.name, module)
                assert module.split(".")[0] not in ("sympy", "numpy")


def test_a_typical_derivation_is_fast() -> None:
    start = perf_counter()
    run(softmax_jacobian(), cross_entropy(), givens=(n.sums_to_one(y),))
    assert perf_counter() - start < 1.0  # a quarter of that on a free machine
