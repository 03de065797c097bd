"""Saved proofs: exact round trips, strict reading, whole files or none."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradproof import expression as x
from gradproof import notation as n
from gradproof.derivation import AuditReport, Derivation, Inference, Step, Theorem
from gradproof.errors import BadInput
from gradproof.statement import Statement, WorkedNumber
from gradproof.storage import Saved, dumps, load, loads, save, write_file

K = n.size("K")
i, j, k = n.indices("i j k", K)
z = n.vector("z", K)
y = n.distribution("y", K)
S = n.let("S", n.Sum(n.exp(z[j]), j))
p = n.define("p", i, n.exp(z[i]) / S)
L = n.let("L", -n.Sum(y[i] * n.log(p[i]), i))
a, b = n.scalar("a"), n.scalar("b", x.UNIT)

CLAIM = n.Eq(n.D(L, z[k]), p[k] - y[k])
STEPS = (
    Step("quotient rule", {"u": n.exp(z[i]), "v": S, "x": z[k]}, p[i] * n.delta(i, k), at=(0, 1), shown=1),
    Step("algebra", {"to": p[k], "unfold": ("p", "S")}, p[k] - y[k], opened=("m",), relation="<=", backwards=True),
    Step("lemma", {"name": "jacobian", "indices": (i, k, k, i), "pairs": ((i, j), (1, "x"))}, p[k] - y[k], shown=2),
)
DERIVATION = Derivation(
    "Softmax cross-entropy",
    (n.sums_to_one(y), n.given(n.Ne(z[i], z[j]), i, j, apart=((i, j),), text="z_i \\ne z_j")),
    (
        Theorem("jacobian", n.Eq(n.D(p[i], z[k]), p[i]), n.D(p[i], z[k]), STEPS, over=(i, k), title="the Jacobian"),
        Theorem("least", n.argmin(L, z[i], y[i]), by=Inference("convex", {"f": L}, ("jacobian",)), role="claim"),
        Theorem("claim", CLAIM, CLAIM.args[0], STEPS[1:], over=(k,), role="claim"),
    ),
    "A12",
    "Bishop 2006, eq. 4.109",
)
STATEMENT = Statement(
    (CLAIM, n.ForAll(n.Iff(p[i] > p[k], z[i] > z[k]), i), n.Limit(1 / a, a, n.infinity)),
    DERIVATION.givens,
    "Bishop",
    "a note — ∂",
    (n.Eq(n.Sum(p[i], i), 1),),
    (n.D(L, z[k]),),
    (WorkedNumber(p[i], {"z": [1, 2.5, Fraction(1, 3)]}, [0.1, 0.2, 0.7], 5e-4, 'he said "0.1"'),),
    (z, y, a),
    (p,),
    "A12",
    "softmax-cross-entropy",
    "Prediction minus truth",
)
AUDIT = AuditReport(12, 40, 2e-31, (1, 2, 3), ("line 3",), "")
SAVED = Saved(DERIVATION, STATEMENT, AUDIT)


def hints(e: x.Expr) -> list[str]:
    found = [t.hint for t in x.subterms(e) if isinstance(t, x.Binder)]
    return found + [h for d in x.definitions(e) for h in (*d.letters, *hints(d.body))]


def test_the_round_trip_is_exact() -> None:
    again = loads(dumps(SAVED))
    assert again == SAVED
    assert hints(again.derivation.claims[1].statement) == hints(CLAIM)
    assert again.statement is not None
    assert again.statement.definitions[0].letters == ("i",)
    assert dumps(again) == dumps(SAVED)
    assert loads(dumps(Saved(DERIVATION))) == Saved(DERIVATION)


def test_equal_terms_with_different_letters_keep_their_letters() -> None:
    one, other = n.Sum(z[i], i), n.Sum(z[k], k)
    assert one == other
    theorem = Theorem("t", n.Eq(one, other), one)
    found = loads(dumps(Saved(Derivation("t", (), (theorem,))))).derivation.theorems[0].statement
    assert [a.hint for a in found.args if isinstance(a, x.Binder)] == ["i", "k"]


def test_each_term_is_written_once() -> None:
    rows = [json.dumps(r) for r in json.loads(dumps(SAVED))["terms"]]
    assert len(rows) == len(set(rows))
    grown = a
    for _ in range(15):
        grown = x.Add((grown, n.exp(grown)))
    text = dumps(Saved(Derivation("t", (), (Theorem("t", n.Eq(grown, grown), grown),))))
    assert len(json.loads(text)["terms"]) < 40
    assert loads(text).derivation.theorems[0].start == grown


TERMS = st.recursive(
    st.sampled_from([z[k], y[i], a, b, n.pi, p[j], x.Number.of(Fraction(-3, 7)), x.Number.of(0)]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: x.Add(t)),
        st.tuples(inner, inner, inner).map(lambda t: x.Mul(t)),
        st.tuples(inner, inner).map(lambda t: x.Pow(t)),
        inner.map(lambda t: n.Sum(t, i)),
        inner.map(lambda t: n.Product(t, k)),
        inner.map(lambda t: n.D(t, z[k])),
        inner.map(lambda t: n.Limit(t, a, 0, "+")),
        inner.map(n.log),
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(TERMS)
def test_any_term_comes_back(term: x.Expr) -> None:
    statement = n.Eq(term, term)
    found = loads(dumps(Saved(Derivation("t", (), (Theorem("t", statement, term),))))).derivation.theorems[0]
    assert found.statement == statement
    assert hints(found.statement) == hints(statement)


def test_every_kind_of_term_comes_back() -> None:
    A, f, u, v = n.matrix("A", K, K), n.function("f", derivatives=2), n.scalar("u"), n.scalar("v", n.POSITIVE)
    M = n.define("M", i, j, A[i, j] + n.delta(i, j))
    terms = [
        n.labels("T", K, classes=3)[i], n.labels("T", K, classes=4)[i], n.infinity, n.delta(i, j), f(u),
        f.derivative(u, 2), n.inverse(A)[i, j], n.inverse(A)[j, i], n.inverse(M)[i, j], n.det(A), n.det(M),
        x.OfMatrix.of("least eigenvalue", A), n.Limit(1 / v, v, 0, "+"), n.Limit(1 / v, v, 0, "-"), n.rel_entr(v, 1),
        n.E(u, u, n.Gaussian(a, v)), n.E(u, u, n.Laplace(a, v)), n.E(a, a, n.Gaussian(u, v)), n.D(u * v, u),
        n.D(u * v, v), n.root(n.Eq(u + a, 1), u), n.root(n.Eq(u + a, 1), a), n.argsort(z[i], i, k),
        n.rank(z[i], i, k), n.argmin(z[i] ** 2, z[i], 0 * a), n.argmax(u**2, u, a), n.ForAll(n.Ne(z[i], 0), i),
        n.Iff(u < v, v >= a), n.Sum(z[i], i), n.Product(z[i], i), x.Vector.over(i, z[i]),
    ]  # fmt: skip
    assert len(set(terms)) == len(terms)
    assert len({*map(repr, terms)}) == len(terms) - 1  # the two T say their range where they are declared
    for term in terms:
        found = loads(dumps(Saved(Derivation("t", (), (Theorem("t", n.Eq(term, term), term),))))).derivation
        assert found.theorems[0].start == term


def tampered(*path: Any, value: Any = None, drop: bool = False) -> str:
    """The saved proof as text with one place changed or removed."""
    data = json.loads(dumps(SAVED))
    place = data
    for step in path[:-1]:
        place = place[step]
    if drop:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(data)


def row_of(kind: str) -> int:
    return next(r for r, row in enumerate(json.loads(dumps(SAVED))["terms"]) if row["kind"] == kind)


ENTRY, BINDER, NUMBER, DERIVED = row_of("Entry"), row_of("Sum"), row_of("Number"), row_of("Derivative")
STEP = ("derivation", "theorems", 0, "steps", 0)
BROKEN = [
    (tampered("format", value="other"), "format"),
    (tampered("version", value=2), "version 1"),
    (tampered("audit", drop=True), "'audit'"),
    (tampered("extra", value=1), "extra"),
    (tampered("terms", value={}), "terms"),
    (tampered("terms", ENTRY, "kind", value="Eval"), rf"terms\[{ENTRY}\].kind"),
    (tampered("terms", ENTRY, "args", value=[0, 0, 0]), rf"terms\[{ENTRY}\]"),
    (tampered("terms", ENTRY, "base", value=0.0), rf"terms\[{ENTRY}\].base"),
    (tampered("terms", ENTRY, "code", value="import os"), rf"terms\[{ENTRY}\]"),
    (tampered("terms", BINDER, "args", value=[0]), rf"terms\[{BINDER}\].args"),
    (tampered("terms", BINDER, "args", value=[BINDER, 0]), rf"terms\[{BINDER}\].args"),
    (tampered("terms", BINDER, "args", value=[True, 0]), rf"terms\[{BINDER}\].args"),
    (tampered("terms", BINDER, "hint", value=""), rf"terms\[{BINDER}\].hint"),
    (tampered("terms", BINDER, "hint", drop=True), rf"terms\[{BINDER}\]"),
    (tampered("terms", NUMBER, "value", value="1/0"), rf"terms\[{NUMBER}\].value"),
    (tampered("terms", NUMBER, "value", value="1e9"), rf"terms\[{NUMBER}\].value"),
    (tampered("terms", NUMBER, "value", value=1), rf"terms\[{NUMBER}\].value"),
    (tampered("terms", DERIVED, "args", value=[NUMBER, NUMBER]), rf"terms\[{DERIVED}\]"),
    (tampered(*STEP, "rule", drop=True), r"theorems\[0\].steps\[0\].*'rule'|rule"),
    (tampered(*STEP, "result", value=10**9), r"steps\[0\].result"),
    (tampered(*STEP, "at", value=[-1]), r"steps\[0\].at\[0\]"),
    (tampered(*STEP, "relation", value="=="), r"steps\[0\].relation"),
    (tampered(*STEP, "backwards", value=1), r"steps\[0\].backwards"),
    (tampered(*STEP, "bindings", "u", value=None), r"steps\[0\].bindings.u"),
    (tampered(*STEP, "bindings", "u", value=1.5), r"steps\[0\].bindings.u"),
    (tampered("derivation", "theorems", 0, "role", value="axiom"), r"theorems\[0\].role"),
    (tampered("derivation", "givens", 0, "over", value=[NUMBER]), r"givens\[0\].over\[0\]"),
    (tampered("derivation", "givens", value=None), "givens"),
    ("", "JSON"),
    ("{", "JSON"),
    ("[" * 100_000, "nested"),
    ("[]", "object"),
    ("\x00\x01", "JSON"),
    ('{"format": 1, "format": 2}', "once"),
    (dumps(SAVED).replace('"lines": 12', '"lines": NaN'), "NaN"),
]


@pytest.mark.parametrize(("text", "place"), BROKEN, ids=[f"{n}-{p[:24]}" for n, (_, p) in enumerate(BROKEN)])
def test_anything_else_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(BadInput, match=place):
        loads(text)


def deep(levels: int, width: int) -> str:
    rows = [{"kind": "Symbol", "args": [], "name": "a", "domain": [None, None, True, True, False]}]
    rows += [{"kind": "Add", "args": [r] * width} for r in range(levels)]
    text = json.loads(dumps(Saved(Derivation("t", (), ()))))
    return json.dumps({**text, "terms": rows})


def test_terms_too_deep_or_too_large_are_refused() -> None:
    assert loads(deep(15, 2)).derivation.title == "t"
    with pytest.raises(BadInput, match="deep"):
        loads(deep(100, 2))
    with pytest.raises(BadInput, match="deep"):
        loads(deep(5_000, 2))


def test_every_shortened_file_is_refused(tmp_path: Path) -> None:
    text = dumps(SAVED)
    for length in range(0, len(text) - 2, 97):
        with pytest.raises(BadInput):
            loads(text[:length])
    missing = tmp_path / "none.json"
    with pytest.raises(BadInput, match=r"none\.json"):
        load(missing)
    missing.write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"none\.json"):
        load(missing)


def test_saving_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "proof.json"
    save(path, SAVED)
    assert load(path) == SAVED
    before = path.read_bytes()

    broken = Step("x", {"u": object()}, a)
    theorem = replace(DERIVATION.theorems[0], steps=(broken,))
    with pytest.raises(BadInput, match="cannot be saved"):
        save(path, Saved(replace(DERIVATION, theorems=(theorem,))))
    assert path.read_bytes() == before

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInput, match="No space left"):
        save(path, Saved(DERIVATION))
    assert path.read_bytes() == before
    assert [f.name for f in tmp_path.iterdir()] == ["proof.json"]


def test_files_keep_their_mode_and_folders_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    write_file(path, "one")
    path.chmod(0o640)
    write_file(path, "two")
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(BadInput, match="folder"):
        write_file(tmp_path, "x")
    with pytest.raises(BadInput, match="No such file"):
        write_file(tmp_path / "none" / "page.txt", "x")


def test_a_link_is_written_through(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("old")
    link.symlink_to(target)
    write_file(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
