"""The public interface: derive, verify, prove, load, and what a proof offers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy

import gradproof
from gradproof import api
from gradproof import notation as n
from gradproof.audit import audit as real_audit
from gradproof.derivation import AuditReport, Derivation, Step, Theorem
from gradproof.errors import BadInput, NotDecided, ProofRefused, Refuted
from gradproof.expression import Number, Relation
from gradproof.functions import interface
from gradproof.statement import Statement

K = n.size("K")
i, j, k, m, t = n.indices("i j k m t", K)
z = n.vector("z", K)
y = n.distribution("y", K)
S = n.let("S", n.Sum(n.exp(z[j]), j))
p = n.define("p", i, n.exp(z[i]) / S)
L = n.let("L", -n.Sum(y[i] * n.log(p[i]), i))
a, b = n.scalars("a b")

SIZE = sympy.Symbol("K", integer=True, positive=True)
si, sk = sympy.symbols("i k", integer=True, positive=True)
sz, sy = sympy.IndexedBase("z"), sympy.IndexedBase("y", positive=True)
SOFTMAX = sympy.exp(sz[si]) / sympy.Sum(sympy.exp(sz[si]), (si, 1, SIZE))


@pytest.fixture(scope="module")
def proof() -> gradproof.Proof:
    return gradproof.derive(L, wrt=z[k], given=[n.sums_to_one(y)], title="Cross-entropy")


def test_a_loss_is_derived_in_the_readers_symbols(proof: gradproof.Proof) -> None:
    assert proof.status == "proved"
    assert proof.result == p[k] - y[k]
    assert proof.proposition == n.Eq(n.D(L, z[k]), p[k] - y[k])
    assert proof.assumptions == (n.sums_to_one(y),)
    assert len(proof.steps) == proof.certificate.steps > 5
    assert "proved for every K >= 1; audited at" in repr(proof)


def test_an_assumption_is_listed_only_where_it_is_used() -> None:
    assert gradproof.derive(n.Sum(p[i], i), given=[n.sums_to_one(y)]).assumptions == ()


def test_without_its_assumption_the_result_is_another() -> None:
    free = gradproof.derive(L, wrt=z[k])
    assert free.assumptions == ()
    assert gradproof.verify(free.result, p[k] * n.Sum(y[i], i) - y[k]).status == "proved"


def test_a_claim_is_the_form_that_the_derivation_ends_in() -> None:
    form = n.exp(z[k]) / S - y[k]
    assert gradproof.derive(L, wrt=z[k], given=[n.sums_to_one(y)], claim=form).result == form
    with pytest.raises(Refuted, match="K = 1"):
        gradproof.derive(L, wrt=z[k], given=[n.sums_to_one(y)], claim=form + 1)


def test_sympy_goes_in_with_one_letter_bound_and_free() -> None:
    loss = -sympy.Sum(sy[si] * sympy.log(SOFTMAX), (si, 1, SIZE))
    found = gradproof.derive(loss, wrt=sz[si], given=[sympy.Eq(sympy.Sum(sy[si], (si, 1, SIZE)), 1)])
    free = n.index("i", K)
    assert gradproof.verify(found.result, p[free] - y[free]).status == "proved"
    jacobian = gradproof.derive(SOFTMAX, wrt=sz[si])
    assert gradproof.verify(jacobian.result, p[free] * (1 - p[free])).status == "proved"


@pytest.mark.parametrize(
    ("left", "right", "status"),
    [
        (n.Sum(p[i], i), 1, "proved"),
        (n.Sum(p[i], i), n.Sum(p[i], i) + 1, "refuted"),
        (n.Sum(n.exp(z[i]), i) - n.Sum(n.exp(z[m]), m), 0, "proved"),
        (n.Sum(n.exp(z[i]), i) / n.Sum(n.exp(z[m]), m), 1, "proved"),
        (n.kl(y, p, i), n.cross_entropy(y, p, i) - n.entropy(y, i), "proved"),
        (sympy.Sum(SOFTMAX, (si, 1, SIZE)), 1, "proved"),
        (a**4 * b**2 + a**2 * b**4 + 1 >= 3 * a**2 * b**2, None, "unknown"),
        (a**2 >= a, None, "refuted"),
    ],
)
def test_a_claim_is_decided_or_said_to_be_open(left: Any, right: Any, status: str) -> None:
    verdict = gradproof.verify(left, right)
    assert verdict.status == status
    assert (verdict.proof is not None) == (status == "proved")
    assert bool(verdict.counterexample) == (status == "refuted")
    assert bool(verdict.reason) == (status != "proved")


def test_a_counterexample_is_told_in_words() -> None:
    assert gradproof.verify(n.Sum(p[i], i), 2).counterexample == (
        "K = 1, z = [1]: the left side is 1, the right side is 2"
    )


def test_what_is_not_a_question_is_refused() -> None:
    with pytest.raises(BadInput, match="not a term"):
        gradproof.derive("a + b")
    with pytest.raises(BadInput, match="wrt=z"):
        gradproof.derive(L, wrt=p[k])
    with pytest.raises(BadInput, match="nothing is claimed"):
        gradproof.verify(L)
    with pytest.raises(BadInput, match="say for which"):
        gradproof.derive(L, wrt=z[k], given=[n.Eq(y[i], 1)])
    with pytest.raises(BadInput, match="not a hypothesis"):
        gradproof.derive(L, wrt=z[k], given=[L])
    with pytest.raises(BadInput, match="claims nothing"):
        gradproof.prove(Statement(()))


def test_a_loss_without_a_name_is_given_one() -> None:
    plain = gradproof.derive(-n.Sum(y[i] * n.log(p[i]), i), wrt=z[k], given=[n.sums_to_one(y)])
    assert plain.proposition == n.Eq(n.D(L, z[k]), p[k] - y[k])
    assert "Claim   dL/dz_k = p_k - y_k" in plain.text()
    assert plain.export().names == ("loss", "grad", "loss_and_grad")
    taken = n.scalar("L")
    assert "dJ/dL = 2 L" in gradproof.derive(taken**2, wrt=taken).text()
    assert "dL_t/dz_k" in gradproof.derive(-n.log(p[t]), wrt=z[k]).text()
    assert gradproof.derive(n.log(p[i]), wrt=z[k]).proposition.args[0] == n.D(n.log(p[i]), z[k])
    with pytest.raises(Refuted, match=r"dL/da = a\n"):
        gradproof.derive(a * a, wrt=a, claim=a)


@pytest.mark.parametrize(
    ("loss", "term", "advice"),
    [
        (-n.log(a), "a", "declare a > 0"),
        (b / (a - b), "a - b", "declare a - b != 0"),
        (n.Sum(n.log(z[i]) * a, i), "z[i]", r"declare z\[i\] > 0"),
        (n.sqrt(a), "a", "declare a > 0"),
    ],
)
def test_a_loss_that_is_undefined_somewhere_is_refused_with_what_to_declare(loss: Any, term: str, advice: str) -> None:
    with pytest.raises(BadInput, match=advice) as caught:
        gradproof.derive(loss, wrt=a)
    assert caught.value.found == term
    assert "please report" not in str(caught.value)


def test_a_given_may_say_what_makes_a_loss_defined() -> None:
    assert gradproof.derive(n.log(a - b), wrt=a, given=[a - b > 0]).result == 1 / (a - b)


def test_a_claim_with_one_side_undefined_is_refuted_at_a_point() -> None:
    verdict = gradproof.verify(n.log(a**2 + 1) - n.log(b**2 + 1), n.log((a**2 + 1) / (b**2 + 1)))
    assert verdict.status == "proved"
    verdict = gradproof.verify(n.log(a**2), 2 * n.log(a))
    assert verdict.status == "refuted"
    assert "undefined" in verdict.counterexample


def test_no_derivative_in_a_size() -> None:
    with pytest.raises(BadInput, match="K takes whole numbers only"):
        gradproof.derive(n.Sum(z[i], i) / K, wrt=K)


def test_a_saved_proof_comes_back_checked(proof: gradproof.Proof, tmp_path: Path) -> None:
    path = proof.save(tmp_path / "proof.json")
    again = gradproof.load(path)
    assert again.certificate.derivation == proof.certificate.derivation
    assert again.statement == proof.statement
    assert again.text() == proof.text()


@pytest.mark.parametrize("style", ["delta", "cases"])
@pytest.mark.parametrize("detail", ["brief", "normal", "full"])
def test_every_page_can_be_had(proof: gradproof.Proof, style: str, detail: str) -> None:
    for page in (proof.text, proof.latex, proof.markdown, proof.html):
        assert "Cross-entropy" in page(style, detail)


def test_jupyter_shows_the_result_and_the_page(proof: gradproof.Proof) -> None:
    assert proof._repr_latex_() == r"$\displaystyle \frac{\partial \mathcal{L}}{\partial z_k} = p_k - y_k$"
    assert "<" in proof._repr_html_()


def test_an_unknown_style_is_named(proof: gradproof.Proof) -> None:
    with pytest.raises(BadInput, match="delta or cases"):
        proof.text(style="einstein")


def test_the_engine_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = n.Eq(n.D(a * a, a), a)
    lie = Step("algebra", {"to": a}, a)
    theorem = Theorem("claim", claim, claim.args[0], (lie,), role="claim")
    import gradproof.propose

    monkeypatch.setattr(gradproof.propose, "propose", lambda s: Derivation("", s.givens, (theorem,)))
    with pytest.raises(Refuted, match="a = 1"):
        gradproof.prove(Statement((claim,)))
    true = n.Eq(n.D(a * a, a), 2 * a)
    theorem = Theorem("claim", true, true.args[0], (Step("algebra", {"to": 2 * a}, 2 * a),), role="claim")
    with pytest.raises(NotDecided, match="does not hold"):
        gradproof.prove(Statement((true,)))


def test_a_true_proof_of_another_claim_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    import gradproof.propose

    other = gradproof.propose.propose(Statement((n.Eq(a + a, 2 * a),)))
    monkeypatch.setattr(gradproof.propose, "propose", lambda _: other)
    with pytest.raises(NotDecided):
        gradproof.prove(Statement((n.Eq(n.log(n.exp(a)), a),)))


def test_a_refuted_audit_is_believed_over_the_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuting(derivation: Derivation, points: int) -> AuditReport:
        found = real_audit(derivation, points=points)
        return AuditReport(found.lines, found.points, 1.0, found.sizes, refuted="line 2 at a = 1")

    monkeypatch.setattr(api, "audit", refuting)
    with pytest.raises(Refuted, match="line 2 at a = 1"):
        gradproof.prove(Statement((n.Eq(n.D(a * a, a), 2 * a),)))


def test_load_refuses_a_step_that_does_not_follow(proof: gradproof.Proof, tmp_path: Path) -> None:
    path = proof.save(tmp_path / "proof.json")
    text = path.read_text(encoding="utf-8").replace('"rule": "quotient rule"', '"rule": "product rule"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProofRefused, match="kernel refuses"):
        gradproof.load(path)


def shape(claims: tuple[Any, ...], arguments: tuple[Any, ...] = ()) -> tuple[list[str], list[str]]:
    found = interface(Statement(claims, arguments=arguments), claims)
    outputs = [f"{o.name}[{' '.join(x.name for x in o.axes)}]{o.variable}" for o in found.outputs]
    return outputs, [x.name for x in found.arguments]


@pytest.mark.parametrize(
    ("claims", "outputs", "arguments"),
    [
        ((n.Eq(n.D(L, z[k]), p[k] - y[k]),), ["loss[]", "grad[k]"], ["z", "y"]),
        ((n.Eq(n.D(p[i], z[k]), p[i]),), ["fun[i]", "jac[i k]"], ["z"]),
        ((n.Eq(n.D(-n.log(p[t]), z[k]), p[k]),), ["loss[]", "grad[k]"], ["z", "t"]),
        ((n.Eq(n.D(L, z[i], z[j]), p[i]),), ["loss[]", "hess[i j]"], ["z", "y"]),
        ((n.Eq(n.D(a * b, a), b), n.Eq(n.D(a * b, b), a)), ["loss[]", "grad[]a", "grad[]b"], ["a", "b"]),
        ((n.Eq(n.D(a**2, a), 2 * a), n.Eq(n.D(a**2, a, a), 2)), ["loss[]", "grad[]", "hess[]"], ["a"]),
        ((n.Eq(n.log(p[i] / p[j]), z[i] - z[j]),), ["lhs[]", "rhs[]"], ["z", "i", "j"]),
        ((n.kl(y, p, i) >= 0,), ["lhs[]", "rhs[]"], ["y", "z"]),
        ((n.argmin(n.kl(y, y, i), a, b),), ["optimum[]", "optvalue[]"], ["b", "y"]),
        ((n.Iff(a > b, b < a),), [], []),
        ((n.argmin((a - y[i]) ** 2, a, y[i]),), ["optimum[]", "optvalue[]"], ["y", "i"]),
        ((n.Eq(n.Sum(z[i], i) / K, a),), ["lhs[]", "rhs[]"], ["z", "a"]),
        ((n.Eq(1 / K, a),), ["lhs[]", "rhs[]"], ["K", "a"]),
    ],
    ids=str,
)
def test_functions_and_arguments_follow_from_the_claims(
    claims: tuple[Any, ...], outputs: list[str], arguments: list[str]
) -> None:
    assert shape(claims) == (outputs, arguments)


def test_the_smaller_side_is_lhs_and_an_optimum_is_put_into_its_objective() -> None:
    claim = n.kl(y, p, i) >= 0
    assert [o.term for o in interface(Statement((claim,)), (claim,)).outputs] == [Number.of(0), claim.args[0]]
    best = n.argmin(n.cross_entropy(y, p, i) + n.Sum(z[i] ** 2, i), z[i], y[i])
    optimum, value = interface(Statement((best,)), (best,)).outputs
    assert optimum.term == y[optimum.axes[0]]
    assert not any(v == z for v in value.term.free)


def test_listed_arguments_decide_what_is_an_axis() -> None:
    claim = n.Eq(p[i], n.exp(z[i]) / S)
    assert shape((claim,)) == (["lhs[]", "rhs[]"], ["z", "i"])
    assert shape((claim,), (z,)) == (["lhs[i]", "rhs[i]"], ["z"])
    best = n.argmin((a - y[i]) ** 2, a, y[i])
    assert shape((best,), (y,)) == (["optimum[i]"], ["y"])
    assert shape((best,), (y, i)) == (["optimum[]", "optvalue[]"], ["y", "i"])


def test_exported_functions_compute_what_was_proved(proof: gradproof.Proof) -> None:
    code = proof.export("numpy")
    assert "gradproof" not in {line.split()[1] for line in code.source.splitlines() if line.startswith("import")}
    logits, target = np.array([[0.3, -1e4, 2.0], [1e4, 0.0, 1.0]]), np.array([[0.0, 0.0, 1.0], [0.2, 0.3, 0.5]])
    gradient = code.functions.grad(z=logits, y=target)
    assert gradient[0] == pytest.approx([0.15446526508353473, 0.0, -0.1544652650835347], rel=1e-12)
    assert gradient[1] == pytest.approx([0.8, -0.3, -0.5], rel=1e-12)
    assert np.isfinite(code.functions.loss(z=logits, y=target)).all()
    assert code.functions.loss(z=logits, y=target)[1] == pytest.approx(0.3 * 1e4 + 0.5 * (1e4 - 1))


def test_a_side_that_code_cannot_compute_is_left_out_and_said_to_be() -> None:
    found = gradproof.prove(Statement((n.Eq(n.Sum(n.D(p[i], z[k]), i), 0),), title="The columns sum to zero"))
    code = found.export()
    assert code.names == ("rhs",)
    assert "Not exported: lhs" in code.source
    assert isinstance(found.proposition, Relation)
