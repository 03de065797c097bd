"""Formulas read together: definitions, hypotheses, class labels, opaque names, macros, what an environment keeps."""

from __future__ import annotations

import pytest

from gradproof.derivation import Given
from gradproof.expression import BINARY, NATURAL, POSITIVE, UNIT, Definition, Expr
from gradproof.notation import (
    D,
    Eq,
    Sum,
    delta,
    exp,
    given,
    indices,
    labels,
    log,
    matrix,
    scalar,
    sigmoid,
    size,
    vector,
)
from gradproof.reader import Environment, NotReadable, ReadError, environment_of, read, read_many, read_relation

K, N = size("K"), size("N")
i, j, k, t = indices("i j k t", K)
n, m = indices("n m", N)
SOFTMAX = r"p_i = \frac{e^{z_i}}{\sum_{j=1}^{K} e^{z_j}}"
z, y = vector("z", K), vector("y", K)


def body(d: Definition, *at: Expr) -> Expr:
    return d.unfold(at)


# -- together ----------------------------------------------------------------------------------------------------------


def test_the_request_of_the_command_line() -> None:
    found = read_many(
        loss=r"-\sum_{i=1}^{K} y_i \log p_i",
        lets=[r"p_i = \frac{e^{z_i}}{\sum_{j} e^{z_j}}"],
        givens=[r"\sum_i y_i = 1"],
        wrt="z_k",
        expect="p_k - y_k",
    )
    (p,) = found.definitions
    assert body(p, i) == exp(z[i]) / Sum(exp(z[j]), j)
    assert found.loss == -Sum(y[i] * log(p[i]), i)
    assert found.wrt == z[k]
    assert found.expect == p[k] - y[k]
    assert found.givens == (Given(Eq(Sum(y[i], i), 1)),)


def test_definitions_may_stand_in_any_order() -> None:
    found = read_many(loss="L", lets=[r"L = -\log p_t", r"p_i = \frac{e^{z_i}}{S}", r"S = \sum_{j=1}^{K} e^{z_j}"])
    names = {d.name: d for d in found.definitions}
    assert set(names) == {"L", "p", "S"}
    assert found.loss == names["L"][t]  # L depends on t without saying so
    assert body(names["L"], t) == -log(names["p"][t])
    assert body(names["p"], i) == exp(z[i]) / names["S"][()]


def test_a_free_letter_is_the_same_in_loss_variable_and_expectation() -> None:
    found = read_many(loss=r"-\log p_t", lets=[SOFTMAX], wrt="z_k", expect=r"p_k - \delta_{kt}")
    (p,) = found.definitions
    assert found.loss == -log(p[t])
    assert found.expect == p[k] - delta(k, t)


def test_letters_of_definitions_are_their_own() -> None:
    found = read_many(loss=r"\sum_i q_i + r_n", lets=[r"q_n = z_n + 1", "r_i = u_i"], givens=[
        r"z \in \mathbb{R}^K", r"u \in \mathbb{R}^N"])  # fmt: skip
    q, r = found.definitions
    assert found.loss == Sum(q[i], i) + r[n]


def test_class_labels_are_indices() -> None:
    found = read_many(
        loss=r"-\frac{1}{N} \sum_{n=1}^{N} \log p_{n,y_n}",
        lets=[r"p_{nk} = \frac{e^{z_{nk}}}{\sum_{j=1}^{K} e^{z_{nj}}}"],
        givens=[r"y_n \in \{1, \dots, K\}"],
        wrt="z_{mk}",
        expect=r"\frac{1}{N} (p_{mk} - \mathbb{1}[y_m = k])",
    )
    (p,) = found.definitions
    c = labels("y", N, K)
    assert found.loss == -1 / N * Sum(log(p[n, c[n]]), n)
    assert found.wrt == matrix("z", N, K)[m, k]
    assert found.expect == 1 / N * (p[m, k] - delta(c[m], k))


def test_a_loss_may_be_defined_with_its_arguments() -> None:
    found = read_many(
        loss=r"\mathcal{L}(\theta)",
        lets=[r"\mathcal{L}(\theta) = \sum_{n=1}^N (y_n \log \theta + (1 - y_n) \log(1 - \theta))"],
        givens=[r"\theta \in (0, 1)", r"y_n \in \{0, 1\}"],
        wrt=r"\theta",
    )
    (loss,) = found.definitions
    theta, labels01 = scalar("theta", UNIT), vector("y", N, domain=BINARY)
    assert found.loss == loss[()]
    assert found.wrt == theta
    assert body(loss) == Sum(labels01[n] * log(theta) + (1 - labels01[n]) * log(1 - theta), n)


def test_functions_of_which_nothing_is_known_are_numbers_of_their_own() -> None:
    ratio = r"\beta \log \frac{\pi_\theta(y_%s \mid x)}{\pi_{\mathrm{ref}}(y_%s \mid x)}"
    found = read_many(
        loss=rf"-\log \sigma({ratio % ('w', 'w')} - {ratio % ('l', 'l')})",
        givens=[r"\beta > 0", r"\pi_\theta(y_w \mid x) > 0"],
        wrt=r"\beta",
    )
    beta = scalar("beta", POSITIVE)
    ours = [scalar(rf"\pi_{{\theta}}(y_{a} \mid x)", POSITIVE if a == "w" else scalar("a").domain) for a in "wl"]
    theirs = [scalar(rf"\pi_{{\mathrm{{ref}}}}(y_{a} \mid x)") for a in "wl"]
    margin = beta * log(ours[0] / theirs[0]) - beta * log(ours[1] / theirs[1])
    assert found.loss == -log(sigmoid(margin))
    with pytest.raises(NotReadable, match="of which nothing is known"):
        read(r"\frac{\partial}{\partial \theta} \log \pi_\theta(y \mid x)")


def test_the_derivative_of_an_undefined_name_is_a_name() -> None:
    e = Environment().size("K").index("i", "K")
    found = read_relation(
        r"\frac{\partial L}{\partial z_i} = \sum_k \frac{\partial L}{\partial s_k} \frac{\partial s_k}{\partial z_i}", e
    )
    outer, inner = vector(r"\frac{\partial L}{\partial s}", K), matrix(r"\frac{\partial s}{\partial z}", K, K)
    whole = vector(r"\frac{\partial L}{\partial z}", K)
    assert found[0].relation == Eq(whole[i], Sum(outer[k] * inner[k, i], k))


def test_a_chain_keeps_its_places() -> None:
    text = r"a = b + c \le d"
    first, second = read_relation(text)
    assert text[first.span.start : first.span.end] == "a = b + c"
    assert text[second.span.start : second.span.end] == r"b + c \le d"


# -- hypotheses --------------------------------------------------------------------------------------------------------

DOMAINS = [
    (r"\tau > 0", scalar("tau", POSITIVE)),
    (r"0 < \tau", scalar("tau", POSITIVE)),
    (r"0 < \tau < 1", scalar("tau", UNIT)),
    (r"\tau \in (0, 1)", scalar("tau", UNIT)),
    (r"\tau \in \{0, 1\}", scalar("tau", BINARY)),
    (r"\tau \in \mathbb{N}", scalar("tau", NATURAL)),
]


@pytest.mark.parametrize(("latex", "symbol"), DOMAINS)
def test_a_sign_or_a_range_becomes_the_domain(latex: str, symbol: Expr) -> None:
    found = read_many(loss=r"\tau", givens=[latex])
    assert found.loss == symbol
    assert not found.givens


def test_the_sign_of_an_entry_is_that_of_the_array() -> None:
    found = read_many(loss=r"\sum_{i=1}^{K} p_i", givens=[r"0 < p_i"])
    p = vector("p", K, domain=POSITIVE)
    assert found.loss == Sum(p[i], i)


GIVENS = [
    (r"y_i = \delta_{it}", given(Eq(y[i], delta(i, t)), i)),
    (r"\sum_{i=1}^{K} y_i = 1", given(Eq(Sum(y[i], i), 1))),
    (r"z_j < z_t \quad \text{for all } j \neq t", given(z[j] < z[t], j, apart=((j, t),))),
    (r"z_j \le z_t", given(z[j] <= z[t], j)),
    (r"y_i = z_i, \quad \forall i", given(Eq(y[i], z[i]), i)),
    (r"y_1 > 0", given(y[1] > 0)),
    (r"\mathbf{1}^\top y = 1", given(Eq(Sum(y[i], i), 1))),
]


@pytest.mark.parametrize(("latex", "meant"), GIVENS)
def test_every_other_hypothesis_holds_for_the_letters_on_its_left(latex: str, meant: Given) -> None:
    found = read_many(givens=[r"z, y \in \mathbb{R}^K", latex])
    assert found.givens == (meant,)


def test_a_sign_of_a_defined_name_is_a_hypothesis() -> None:
    found = read_many(loss="m", lets=[r"m = \frac{1}{N} \sum_{n=1}^{N} x_n"], givens=["m > 0"])
    assert found.givens == (Given(found.definitions[0][()] > 0),)


REFUSED = [
    ({"lets": ["x = 1", "x = 2"]}, "x is defined twice"),
    ({"lets": [r"p_i = q_i + \sum_{j=1}^K q_j", "q_i = p_i"]}, "is defined through itself"),
    ({"lets": ["x^2 = 1"]}, "a name is expected here"),
    ({"lets": ["x < 1"]}, "a definition says name = formula"),
    ({"lets": ["K = 3"], "loss": r"\sum_{i=1}^K x_i"}, "is defined, and used as a size"),
    ({"givens": ["x > 1", "x < 0"]}, "no number satisfies all that is given here"),
    ({"givens": ["x + 1"]}, "a hypothesis is a relation"),
    ({"loss": r"x \in \mathbb{R}"}, "a membership is a declaration"),
    ({"loss": "a = b"}, "a relation where a term is needed"),
    ({"claims": ["a + b"]}, "nothing is claimed"),
    ({"loss": r"\sum_i x_i"}, "the range of the index i is not known"),
    ({"loss": r"\sum_{i=1}^K x_i + \sum_{n=1}^N x_n"}, "one index with two ranges"),
    ({"loss": r"\sum_n z_{n,y_n}", "givens": [r"z \in \mathbb{R}^{N \times K}"]}, "is not known to be an index"),
]


@pytest.mark.parametrize(("request_", "message"), REFUSED)
def test_a_request_that_does_not_hold_together(request_: dict[str, object], message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read_many(**request_)  # type: ignore[arg-type]


# -- environments ------------------------------------------------------------------------------------------------------


def test_an_environment_grows_and_forgets_nothing() -> None:
    e = Environment().let(SOFTMAX).given(r"\sum_{i=1}^{K} y_i = 1").given(r"\tau > 0")
    (p,) = e.definitions
    assert e.givens == (Given(Eq(Sum(y[i], i), 1)),)
    assert {a.name for a in e.arrays} == {"z", "y"}
    assert [s.name for s in e.sizes] == ["K"]
    assert e.known.vocabulary()
    assert read(r"-\sum_i y_i \log p_i", e) == -Sum(y[i] * log(p[i]), i)
    assert read(r"\frac{\partial p_i}{\partial z_k}", e) == D(p[i], z[k])
    assert Environment().definitions == ()


def test_declarations() -> None:
    e = (
        Environment()
        .size("K", "N")
        .array("X", "N", "K")
        .scalar(r"\tau", POSITIVE)
        .index("k", "K")
        .labels("c", "N", "K")
    )
    assert read(r"X_{n,c_n} / \tau + k", e) == matrix("X", N, K)[n, labels("c", N, K)[n]] / scalar("tau", POSITIVE) + k
    with pytest.raises(ReadError, match="declared twice"):
        e.scalar("X")


def test_the_terms_of_gradproof_declare_themselves() -> None:
    e = environment_of(z[k] * scalar("x_t") + Sum(y[i], i))
    assert {a.name for a in e.arrays} == {"z", "y"}
    assert read("x_t z_k", e) == scalar("x_t") * z[k]
    with pytest.raises(ReadError, match="declared twice"):
        environment_of(scalar("z1") + scalar("z_1"))


# -- macros ------------------------------------------------------------------------------------------------------------

MACROS = r"""
\newcommand{\E}{\mathbb{E}} \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}} \DeclareMathOperator{\KL}{KL}
\newcommand\bz{\mathbf{z}} \renewcommand{\vx}{\boldsymbol{x}} % a comment
"""


@pytest.mark.parametrize(
    ("latex", "written_out"),
    [
        (r"\E_{i \sim p}[z_i]", r"\mathbb{E}_{i \sim p}[z_i]"),
        (r"\pd{z_i}{z_k}", r"\frac{\partial z_i}{\partial z_k}"),
        (r"\KL(p \| z)", r"\mathrm{KL}(p \| z)"),
        (r"\bz^\top p", r"\mathbf{z}^\top p"),
        (r"\pd{}{z_k} \KL(p \| z)", r"\frac{\partial}{\partial z_k} \mathrm{KL}(p \| z)"),
    ],
)
def test_macros_are_expanded(latex: str, written_out: str) -> None:
    e = Environment().macros(MACROS).array("p", "K").array("z", "K")
    assert read(latex, e) == read(written_out, e)


@pytest.mark.parametrize(
    ("definition", "latex", "message"),
    [
        (r"\newcommand{\a}{\a\a}", r"\a", "expand without end"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{\a}", r"\a", "expand without end"),
        (r"\newcommand{\log}{x}", r"\log", "has a meaning already"),
        (r"\newcommand{\a}{x", r"\a", "this definition is not closed"),
        (r"\newcommand{\a}[1]{#2}", r"\a{x}", "has no argument #2"),
        (r"\newcommand{\a}[2]{#1#2}", r"\a{x}", "lacks an argument"),
        (r"\def\a{x}", r"\a", "unknown command"),
    ],
)
def test_macros_out_of_bounds_are_refused(definition: str, latex: str, message: str) -> None:
    with pytest.raises(ReadError, match=message):
        read(latex, Environment().macros(definition))


def test_an_optional_argument_of_a_macro_is_not_readable() -> None:
    with pytest.raises(NotReadable, match="optional argument"):
        Environment().macros(r"\newcommand{\a}[1][x]{#1}")
