"""The source text, what it refuses, and the stable forms behind it."""

from __future__ import annotations

import subprocess
import sys

import export_losses as e
import pytest

from gradproof import notation
from gradproof.export import Exported, Interior, NotExportable, emit, stabilise
from gradproof.export.formula import text
from gradproof.expression import Expr, Function
from gradproof.normal import Normal
from gradproof.notation import D, Eq, Limit, Sum, exp, log, sigmoid, softplus, sqrt, tanh
from gradproof.signs import Signs


@pytest.mark.parametrize("name", e.CASES)
def test_the_stable_form_is_proved_equal(name: str) -> None:
    term = e.CASES[name].term
    assert Normal(Signs(), None).equal(term, stabilise(term))


@pytest.mark.parametrize("name", e.CASES)
def test_the_stable_form_is_stable(name: str) -> None:
    stable = stabilise(e.CASES[name].term)
    assert stabilise(stable) == stable


@pytest.mark.parametrize(
    ("term", "want"),
    [
        (log(e.p[e.i]), "z[i] - log(sum_j exp(z[j]))"),
        (e.p[e.i], "exp(z[i] - log(sum_j exp(z[j])))"),
        (log(e.p[e.i] / e.p[e.j]), "z[i] - z[j]"),
        (1 / (1 + exp(-e.a)), "sigmoid(a)"),
        (exp(-e.a) / (1 + exp(-e.a)), "sigmoid(-a)"),
        (log(sigmoid(e.a)), "-softplus(-a)"),
        (log(1 + exp(e.a)), "softplus(a)"),
        (softplus(e.a) - e.a, "softplus(-a)"),
        (sigmoid(e.a) - 1, "-sigmoid(-a)"),
        (1 - sigmoid(e.a), "sigmoid(-a)"),
        (exp(e.a) - 1, "expm1(a)"),
        ((e.tau / (e.tau + e.q)) ** e.tau, "(tau / (tau + q))^tau"),
        (log(1 - e.theta), "log1p(-theta)"),
        (exp(e.a) / (exp(e.a) + exp(e.b)), "sigmoid(a - b)"),
        (Sum(e.v[e.i] * (notation.delta(e.i, e.t) - e.z[e.t]), e.i), "v[t] + sum_i (-v[i] * z[t])"),
        (log(notation.Product(e.w[e.m], e.m)), "sum_m log(w[m])"),
        (-log(exp(e.a) / (exp(e.a) + e.total)), "softplus(-a + log(sum_j exp(z[j])))"),
        (softplus(e.a - e.b) - (e.a - e.b), "softplus(-a + b)"),
        (1 - 2 * sigmoid(e.a), "-tanh(1/2 * a)"),
        (2 * sigmoid(2 * e.a) - 1, "tanh(a)"),
        (e.q - e.q * sigmoid(e.a), "q * sigmoid(-a)"),
        (sqrt(e.q + e.a**2) - sqrt(e.q), "a^2 / ((q + a^2)^(1/2) + q^(1/2))"),
        (sqrt(4 + e.a**2) - 2, "a^2 / ((4 + a^2)^(1/2) + 2)"),
        (log(exp(e.a) - exp(e.b)), "a + log(-expm1(b - a))"),
        (log(3 * exp(e.a) - 3), "log(3) + a + log(-expm1(-a))"),
        (log(sigmoid(e.a) - sigmoid(e.b)), "-softplus(-a) - softplus(b) + log(-expm1(b - a))"),
        (log(1 - tanh(e.a) ** 2), "log(4) - softplus(2 * a) - softplus((-2) * a)"),
        ((exp(e.a) - exp(e.b)) ** 2 * exp(-e.b), "(exp(a) - exp(b)) * expm1(a - b)"),
        (1 / (exp(e.q) - 1), "exp(-q) / (-expm1(-q))"),
        (1 + 1 / (exp(e.a) - 1), "-1 / expm1(-a)"),
        (exp(e.a) * sigmoid(e.a + e.b), "exp(a - softplus(-a - b))"),
        (exp(e.b) * sigmoid(e.a), "exp(b) * sigmoid(a)"),
        (log(Sum(e.q * exp(e.z[e.i]), e.i)), "log(q) + log(sum_i exp(z[i]))"),
    ],
)
def test_stable_forms(term: Expr, want: str) -> None:
    assert text(stabilise(term)) == want


def test_what_is_not_shown_stays_as_it_was() -> None:
    """The logarithm may be split only where a > 0 is known; the rest of the term is rewritten all the same."""
    term = log(e.q / (1 - exp(-e.q))) + 1 - sigmoid(e.a)
    normal = Normal(Signs(), None)
    assert text(stabilise(term, Signs(), normal.equal)).endswith("sigmoid(-a)")
    assert text(stabilise(term, Signs(), lambda old, new: False)) == text(term)


def test_a_masked_sum_counts_as_positive_and_a_label_as_one_class() -> None:
    others = Sum((1 - notation.delta(e.j, e.t)) * exp(e.z[e.j]), e.j)
    assert not Signs().positive(others)
    assert Interior().positive(others)
    assert not Interior().positive(Sum(e.mask[e.i], e.i))
    gap = log(1 - e.p[e.t])
    assert text(stabilise(gap, Interior())) == "log(-expm1(z[t] - log(sum_j exp(z[j]))))"
    assert text(stabilise(gap, Interior((), [e.t]))).startswith("-softplus(z[t] - log(sum_j (1 - delta(j, t)) * ")


def test_text_of_the_cross_entropy_module() -> None:
    functions = [
        Exported("loss", stabilise(e.CASES["cross-entropy"].term), formula=r"-\sum_i y_i \log p_i"),
        Exported("grad", stabilise(e.p[e.k] - e.prior[e.k]), (e.k,)),
    ]
    code = emit(functions, [e.z, e.prior], "A12  Softmax cross-entropy\n\nproved for every K >= 1")
    assert code.source.startswith('"""A12  Softmax cross-entropy\n\nproved for every K >= 1\n')
    loss, grad = code.source.split("\ndef ")[-2:]
    assert loss.rstrip() == (
        'loss(z, y):\n    r"""-\\sum_i y_i \\log p_i\n\n    z: shape (..., K)\n    y: shape (..., K)\n'
        '    Returns shape (...).\n    """\n    z, y = _floats(z, y)\n    _sizes("", z=(z, "K"), y=(y, "K"))\n'
        '    log_p = _log_softmax(z)\n    return -np.einsum("...a,...a->...", y, _kept(log_p, y))'
    )
    assert grad.rstrip().endswith("    p = _softmax(z)\n    return _minus(p, y)")


def body(name: str) -> str:
    case = e.CASES[name]
    source = emit([Exported("f", stabilise(case.term), case.outputs)], case.arguments, "a test").source
    return source[source.index("\ndef f(") :]


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("weight gradient", "t = np.swapaxes(X, -1, -2) @ _minus(p, Y)"),
        ("softmax Jacobian", "t = _minus(np.eye(K, dtype=dtype), p[..., None, :])"),
        ("quotient rule", "p = _softmax(z)"),
        ("temperature", "log_p = _log_softmax(z, scale=(1 / tau)[..., None])"),
        ("class t", "return -_log_softmax_at(z, t)"),
        ("class 1", "return -_log_softmax_at(z, 0)"),
        ("entropy", "p, log_p = _softmax_with_log(z)"),
        ("trace", "return np.sum(np.diagonal(A, axis1=-2, axis2=-1), axis=-1)"),
        ("attention", 'return np.einsum("...a,...ba->...b", v, p)'),
        ("log-odds", "return _gather(z, i) - _gather(z, j)"),
    ],
)
def test_written_as_a_person_would(name: str, line: str) -> None:
    assert line in body(name)


def test_shared_values_are_computed_once() -> None:
    assert body("entropy").count("_softmax") == 1
    assert body("confidence penalty").count("_softmax") == 1
    assert body("softmax Jacobian").count("_softmax(") == 1


@pytest.mark.parametrize(
    ("term", "word"),
    [
        (D(log(e.a), e.a), "Derivative"),
        (Limit(e.a, e.a, notation.infinity), "Limit"),
        (Eq(e.a, e.b), "Relation"),
        (notation.infinity * e.a, "infinity"),
        (Function((e.a,), ("digamma",)), "digamma"),
        (e.z[e.k], "depends on k"),
        (notation.vector("g", e.K)[1], "depends on g"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_name(term: Expr, word: str) -> None:
    with pytest.raises(NotExportable, match=word):
        emit([Exported("f", term)], [e.a, e.b, e.z], "a test")


def test_a_size_that_no_argument_has_is_refused() -> None:
    with pytest.raises(NotExportable, match="needs the size K"):
        emit([Exported("f", 1 / e.K, (e.k,))], [e.a], "a test")


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(NotExportable, match="fortran"):
        emit([Exported("f", e.a + 1)], [e.a], "a test", target="fortran")


def test_names_of_arguments_become_identifiers() -> None:
    lam, tau, z = notation.scalar("lambda"), notation.scalar(r"\tau"), notation.scalar("z'")
    code = emit([Exported("f", lam * tau + z)], [lam, tau, z], "a test")
    assert "def f(lam, tau, z_prime):" in code.source


def test_two_arguments_of_one_name_are_refused() -> None:
    with pytest.raises(NotExportable, match="both be called tau"):
        emit([Exported("f", e.tau + notation.scalar(r"\tau"))], [e.tau, notation.scalar(r"\tau")], "a test")
    with pytest.raises(NotExportable, match="both be called K"):
        emit([Exported("f", e.z[1])], [e.z, notation.scalar("K")], "a test")


def test_an_index_below_one_is_refused() -> None:
    with pytest.raises(NotExportable, match="from 1"):
        emit([Exported("f", e.z[0])], [e.z], "a test")


def test_writing_source_does_not_import_numpy() -> None:
    program = (
        "import sys, gradproof.notation as n, gradproof.export as e\n"
        "K = n.size('K'); i, j = n.indices('i j', K); z = n.vector('z', K)\n"
        "e.emit([e.Exported('f', e.stabilise(n.softmax(z)[i]), (i,))], [z], 'a test').source\n"
        "assert 'numpy' not in sys.modules\n"
    )
    path = [p for p in sys.path if p.endswith("src")]
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}\n{program}"], check=True)
