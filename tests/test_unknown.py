"""Unknown functions: what is known of them, and that every part of the system knows it."""

from __future__ import annotations

import random
from pathlib import Path

import mpmath
import pytest

import gradproof
from gradproof.api import prove
from gradproof.audit.arithmetic import from_float, to_float
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.functions import SHAPES
from gradproof.derivation import Derivation, Given, Inference, Step, Theorem
from gradproof.errors import GradproofError
from gradproof.export import NotExportable
from gradproof.expression import POSITIVE, Application, Expr, Interval, Number, Relation, Symbol, Unknown, Vector
from gradproof.kernel import Refused, check
from gradproof.normal import Normal
from gradproof.notation import (
    D,
    Eq,
    Limit,
    Sum,
    define,
    delta,
    distribution,
    function,
    given,
    index,
    indices,
    let,
    log,
    matrix,
    scalar,
    size,
    softmax,
    vector,
)
from gradproof.render.latex import LATEX
from gradproof.render.text import TEXT
from gradproof.rules import RULES
from gradproof.signs import Signs
from gradproof.statement import Statement

K, N = size("K"), size("N")
i, j, k, n = (*indices("i j k", K), index("n", N))
z, v, w, p, y = vector("z", K), vector("v", K), vector("w", K), distribution("p", K), vector("y", N)
X = matrix("X", N, K)
q = softmax(z, i, name="q")
mu = define("mu", n, Sum(X[n, j] * w[j], j))
h, eps, th, T = scalar("h"), scalar("eps"), scalar("theta"), scalar("T", POSITIVE)
f, F, g, A = function("f"), function("F", derivatives=2), function("g", POSITIVE, 2), function("A", derivatives=3)
glm = Sum(A(mu[n]) - y[n] * mu[n], n)
score = let("L", Sum(A(th) - th * y[n], n) / N)


def bregman(a: Expr, b: Expr) -> Expr:
    return F(a) - F(b) - F.derivative(b) * (a - b)


CLAIMS: dict[str, tuple[Expr, Expr | int]] = {
    "Bregman, first": (D(Sum(bregman(v[i], z[i]), i), v[k]), F.derivative(v[k]) - F.derivative(z[k])),
    "Bregman, second": (D(Sum(bregman(v[i], z[i]), i), z[k]), -F.derivative(z[k], 2) * (v[k] - z[k])),
    "Bregman, logits": (
        D(Sum(bregman(p[i], q[i]), i), z[k]),
        Sum(F.derivative(q[i], 2) * (q[i] - p[i]) * q[i] * (delta(i, k) - q[k]), i),
    ),
    "exponential family": (D(score, th), A.derivative(th) - Sum(y[n], n) / N),
    "Fisher information": (D(score, th, th), A.derivative(th, 2)),
    "GLM": (D(glm, w[k]), Sum((A.derivative(mu[n]) - y[n]) * X[n, k], n)),
    "GLM, curvature": (D(glm, w[k], w[i]), Sum(A.derivative(mu[n], 2) * X[n, k] * X[n, i], n)),
    "perspective": (D(T * f(h / T), T), f(h / T) - h / T * f.derivative(h / T)),
    "slope": (Limit((f(eps) - f(0)) / eps, eps, 0), f.derivative(0)),
    "second difference": (Limit(bregman(h + eps, h) / eps**2, eps, 0), F.derivative(h, 2) / 2),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_general_results_are_proved_and_wrong_ones_refuted(name: str, tmp_path: Path) -> None:
    left, value = CLAIMS[name]
    proof = prove(Statement(claims=(Eq(left, value),), title=name))
    proof.save(tmp_path / "proof.json")
    assert gradproof.load(tmp_path / "proof.json").theorems == proof.theorems
    with pytest.raises(GradproofError):
        prove(Statement(claims=(Eq(left, value + h + 1),), title=name))
    with pytest.raises(NotExportable):
        proof.export("numpy")


def test_a_hypothesis_about_the_function_is_satisfied_by_the_sample() -> None:
    proof = prove(Statement(claims=(Eq(g(1) * h + D(g(T), T), g.derivative(T)),), givens=(given(Eq(g(1), 0)),)))
    assert proof.audit is not None
    assert proof.audit.points > 0


@pytest.mark.parametrize("domain", [Interval(Number.of(0).value, None, False), Interval(integer=True)])
def test_the_domain_is_an_open_interval(domain: Interval) -> None:
    with pytest.raises(ValueError, match="open interval"):
        Unknown("f", domain)


def test_no_more_derivatives_than_there_are() -> None:
    with pytest.raises(ValueError, match="2 derivatives"):
        f.derivative(h, 2)
    with pytest.raises(GradproofError):
        prove(Statement(claims=(Eq(D(f.derivative(h), h), 0),), title="no second derivative"))
    step = Step("chain rule for an unknown function", {"f": f.derivative(h), "x": h}, Number.of(0))
    start = D(f.derivative(h), h)
    derivation = Derivation("x", (), (Theorem("main", Eq(start, 0), start, (step,)),))
    with pytest.raises(Refused, match="2 derivatives"):
        check(derivation, RULES)


def test_a_derivative_that_need_not_be_there_is_not_defined() -> None:
    signs = Signs(())
    slope = define("s", i, f.derivative(z[i]))
    assert signs.undefined(D(f(h), h)) is None
    assert "need not have one" in str(signs.undefined(D(f.derivative(h) * h, h)))
    assert "need not have one" in str(signs.undefined(D(Sum(slope[i], i), z[k])))
    assert signs.undefined(D(f.derivative(h) * eps, eps)) is None


def test_where_the_last_derivative_is_positive_it_need_not_be_so_nearby() -> None:
    """f may be differentiable with f'(0) > 0, and f' negative as near to 0 as one likes."""
    hidden = define("d", f.derivative(h))[()]
    for left, near in ((f.derivative(h), False), (hidden, False), (F.derivative(h), True), (f(h), True)):
        under = Signs((given(left > 0),)).under(h)
        assert under.positive(left) is near


def test_the_argument_must_lie_in_the_domain() -> None:
    signs = Signs(())
    assert signs.undefined(g(T)) is None
    assert "domain" in str(signs.undefined(g(h)))
    assert Signs((given(h > 0),)).undefined(g(h)) is None


def test_the_highest_derivative_need_not_be_continuous() -> None:
    """f' has the limit of its values only where f'' is there."""
    continuity = RULES["continuity"]
    x = Symbol.of("x")
    place = vector("u", 1)
    one = index("j", 1)

    def at(whole: Expr) -> dict[str, object]:
        return {
            "whole": whole, "places": (place,), "inner": (Vector.over(one, x),),
            "values": (Vector.over(one, Number.of(0)),), "x": x, "point": Number.of(0), "side": "",
        }  # fmt: skip

    assert continuity.equation(**at(f(place[1]))) == Eq(Limit(f(x), x, 0), f(0))
    with pytest.raises(ValueError, match="continuous"):
        continuity.equation(**at(f.derivative(place[1])))


def test_equal_arguments_are_found_equal_and_functions_kept_apart() -> None:
    normal, other = Normal(Signs(())), Unknown("f", POSITIVE)
    assert normal.equal(f((h + 1) ** 2), f(h**2 + 2 * h + 1))
    assert normal.equal(Sum(f(z[i]), i), Sum(f(z[j]), j))
    assert not normal.equal(f(h), f(eps))
    assert not normal.equal(f(h), f.derivative(h))
    assert not normal.equal(f(T), other(T))
    assert not normal.equal(Sum(f(z[i]) * v[i], i), Sum(f(z[i]), i) * Sum(v[i], i))


def test_a_given_about_the_function_is_one_about_this_function_only() -> None:
    zero = Given(Eq(f(h), 0))
    assert f in f(h).free
    assert prove(Statement(claims=(Eq(f(h) + h, h),), givens=(zero,), title="x")).status == "proved"
    with pytest.raises(GradproofError):
        prove(Statement(claims=(Eq(F(h) + h, h),), givens=(zero,), title="x"))


@pytest.mark.parametrize("order", [0, 1, 2, 3])
def test_the_audit_differentiates_its_sample_rightly(order: int) -> None:
    rng = random.Random(order)
    numbers = [rng.uniform(-2, 2) for _ in range(SHAPES)]
    at = rng.uniform(-2, 2)
    evaluator = Evaluator()
    evaluator.begin(Point({}, {}, {A: {(m + 1,): from_float(c) for m, c in enumerate(numbers)}, h: from_float(at)}))
    a, b, c, d, wave, decay = numbers

    def sample(t: mpmath.mpf) -> mpmath.mpf:
        return a + b * t + c * t**2 + d * t**3 + wave * mpmath.sin(t) + decay * mpmath.exp(-t)

    expected = float(mpmath.diff(sample, at, order))
    assert to_float(evaluator.value(Application.of(A, order, h))) == pytest.approx(expected, rel=1e-9)
    if order:
        moved = D(Application.of(A, order - 1, h), h)
        assert to_float(evaluator.value(moved)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    ("order", "text", "latex"),
    [(0, "A(h + 1)", "A(h + 1)"), (1, "A'(h + 1)", "A'(h + 1)"), (3, "A'''(h + 1)", "A'''(h + 1)")],
)
def test_it_is_written_with_primes(order: int, text: str, latex: str) -> None:
    term = Application.of(A, order, h + 1)
    assert TEXT.formula(term) == text
    assert LATEX.formula(term).replace(r"\left", "").replace(r"\right", "") == latex


def test_the_page_says_what_is_known_of_the_function() -> None:
    proof = prove(Statement(claims=(Eq(D(g(T), T), g.derivative(T)),), title="x"))
    assert "g twice differentiable on (0, oo)" in proof.text()
    assert r"twice differentiable on $(0, \infty)$" in proof.markdown()


def test_sympy_is_refused_in_words() -> None:
    pytest.importorskip("sympy")
    from gradproof.sympy_bridge import to_sympy

    with pytest.raises(GradproofError, match="Application"):
        to_sympy(f(h))


def test_an_inference_cannot_make_an_application_up() -> None:
    relation = Relation.of(f(h), "=", Number.of(0))
    with pytest.raises(Refused):
        check(Derivation("x", (), (Theorem("main", relation, by=Inference("continuity", {}, ())),)), RULES)
    assert log(T) != f(T)
