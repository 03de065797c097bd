"""The book: what is in it, that it compiles with contents and indices, that two runs give the same, and its errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradproof.book import Page, latex, page
from gradproof.book.front import SIGNS
from gradproof.cli import main
from gradproof.entries import catalogue
from gradproof.errors import NotDecided
from gradproof.expression import Function, definitions, subterms
from gradproof.rules import RULES
from typesetting import compiled, complaints, needs_pdflatex

NUMBERS = ("A11", "A12", "A01", "B03", "F03")


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    return [page(n) for n in NUMBERS]


@pytest.fixture(scope="module")
def source(pages: list[Page]) -> str:
    return latex(catalogue(), pages)


def test_entries_stand_in_the_order_of_the_catalogue_below_their_families(source: str) -> None:
    found = re.findall(r"\\chapter\{([^}]*)\}|^\\entry\{(\w+)\}", source, re.MULTILINE)
    told = [chapter or number for chapter, number in found]
    assert told == ["Foundations", "A01", "A11", "A12", "Likelihoods", "B03", "Preferences and policies", "F03"]


def test_a_lemma_that_another_entry_claims_refers_to_it(source: str) -> None:
    body = source[source.index(r"\entry{A12}") : source.index(r"\entry{B03}")]
    assert r"\textbf{Lemma} (the derivative of $p_i$\seeentry{A11})" in body
    alone = latex(catalogue(), [page("A12")])
    assert r"\seeentry{" not in alone.split(r"\begin{document}")[1]
    assert "@@" not in source + alone


def test_fingerprints_tell_domains_and_definitions_apart(tmp_path: Path) -> None:
    from gradproof.book.pages import fingerprint
    from gradproof.notation import NONNEGATIVE, POSITIVE, D, Eq, Sum, delta, index, indices, size, softmax, vector

    K = size("K")
    i, j, k = indices("i j k", K)
    z, w, positive = vector("z", K), vector("w", K), vector("z", K, domain=POSITIVE)
    prints = {
        fingerprint(Eq(D(p[i], a[k]), p[i] * (delta(i, k) - p[k])))
        for a in (z, positive, vector("z", K, domain=NONNEGATIVE))
        for p in (softmax(a, i), softmax(a, i, tau=2))
    }
    assert len(prints) == 6
    N = size("N")
    m, other = index("m", N), softmax(vector("s", N), index("m", N), name="q", total="T")
    same = [Eq(Sum(softmax(z, i)[k], k), 1), Eq(Sum(softmax(z, j)[j], j), 1), Eq(Sum(other[m], m), 1)]
    assert len({fingerprint(e) for e in same}) == 1
    swapped = [Eq(Sum(z[i] * w[i] ** 2, i), Sum(a[i], i)) for a in (z, w)]
    assert len({fingerprint(e) for e in swapped}) == 2


def test_indices_list_rules_signs_subjects_and_sources(source: str) -> None:
    index = source[source.index(r"\backmatter") :]
    assert r"\textbf{chain rule for sigma}" in index
    assert re.search(r"DPO\\enspace \\entryat\{F03\}", index)
    assert re.search(r"Jacobian\\enspace \\entryat\{A11\}", index)
    assert re.search(r"Rafailov et al. 2023\\enspace \\entryat\{F03\}", index)
    assert index.count(r"\indent") == len(re.findall(r"\\indent .*\\entryat\{\w+\}", index))


def test_pages_know_their_rules_and_signs(pages: list[Page]) -> None:
    found = {p.number: p for p in pages}
    assert {"chain rule for log", "chain rule for sigma"} <= set(found["F03"].rules) <= set(RULES)
    assert {"sigmoid", "log"} <= set(found["F03"].signs)
    assert found["A11"].claims[0] in found["A12"].lemmas
    assert all(p.steps > 0 and not p.problem and p.code == 0 for p in pages)


def test_the_notation_explains_every_function_of_the_catalogue() -> None:
    claims = [c for e in catalogue().values() for c in e.statement.claims]
    terms = [*claims, *(d.body for c in claims for d in definitions(c))]
    functions = {t.name for e in terms for t in subterms(e) if isinstance(t, Function)}
    assert len(functions) > 8
    assert functions <= set(SIGNS)


def test_the_book_is_the_same_whoever_was_first(pages: list[Page], source: str) -> None:
    again = {p.number: p for p in reversed(pages)}
    assert latex(catalogue(), [again[n] for n in NUMBERS]) == source


@needs_pdflatex
def test_the_book_compiles_without_a_complaint(source: str, tmp_path: Path) -> None:
    for _ in range(3):
        code, log = compiled(source, tmp_path)
        assert code == 0, log[-2000:]
    assert list(complaints(log)) == []
    assert not re.search("Label.s. may have changed|Rerun to get", log)
    assert "pdfTeX warning" not in log


@needs_pdflatex
def test_one_family_as_pdf_twice_is_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [tmp_path / "one.pdf", tmp_path / "two.pdf"]
    for file, jobs in zip(files, ("1", "2"), strict=True):
        assert main(["book", "--family", "latent", "--jobs", jobs, "-o", str(file)]) == 0
    assert files[0].read_bytes() == files[1].read_bytes()
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(r"proving: (\d+) of \1 in ", said.err)


def test_what_is_not_proved_is_named_and_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import gradproof.api

    real = gradproof.api.prove

    def sometimes(statement: gradproof.api.Statement) -> gradproof.api.Proof:
        if statement.number != "A12":
            return real(statement)
        raise NotDecided("no way is found")

    monkeypatch.setattr(gradproof.api, "prove", sometimes)
    target = tmp_path / "book.tex"
    assert main(["book", "--family", "foundations", "--jobs", "1", "-o", str(target)]) == 3
    assert "A12 The gradient of softmax cross-entropy" in (said := capsys.readouterr().err)
    assert "no way is found" in said
    text = target.read_text(encoding="utf-8")
    assert r"\entry{A12}" not in text
    assert r"\entryat{A12}" not in text
    assert r"\entry{A11}" in text

    assert main(["list", "--family", "foundations", "--prove", "--jobs", "1"]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert any(re.match(r"A12 .* unknown .*prediction minus truth", line) for line in lines)
    assert any(re.match(r"A11 .* proved +\d+ steps +[\d.]+ s ", line) for line in lines)


BAD = [
    (["book", "-o", "book.docx"], "-o book.tex or -o book.pdf"),
    (["book", "--family", "none"], "no family 'none'"),
    (["list", "--prove", "--jobs", "0", "--family", "latent"], "--jobs N with N >= 1"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD, ids=[" ".join(a) for a, _ in BAD])
def test_bad_input_is_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert message in capsys.readouterr().err


def test_a_missing_pdflatex_is_said_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["book", "-o", str(tmp_path / "book.pdf")]) == 2
    said = capsys.readouterr().err
    assert "pdflatex is not installed" in said
    assert "proving" not in said
