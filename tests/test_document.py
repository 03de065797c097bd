"""What stands on the page: which lines, which reasons, which givens, the two cases of a delta, the status."""

from __future__ import annotations

from dataclasses import replace

import pytest

import specimens as s
from gradproof.derivation import AuditReport, Certificate, Derivation, Given, Step, Theorem
from gradproof.document import Chain, Declared, Display, Document, Line, Paragraph, Words, build, status
from gradproof.document.build import composed
from gradproof.document.cases import split
from gradproof.expression import Index, Relation
from gradproof.notation import BINARY, NATURAL, POSITIVE, Interval, define, given, labels, scalar
from gradproof.render.formulas import text
from gradproof.render.words import PLAIN
from specimens import D, Eq, K, Sum, certificate, delta, exp, i, j, k, log, step, vector


def page(derivation: Derivation, style: str = "delta", detail: str = "normal") -> Document:
    return build(certificate(derivation), None, s.AUDIT, s.RULES, style=style, detail=detail)


def chains(document: Document) -> list[Chain]:
    return [p for section in document.sections for p in section.parts if isinstance(p, Chain)]


def say(words: Words) -> str:
    return PLAIN.say(words)


def reasons(line: Line) -> list[str]:
    return [say(r) for r in line.reasons]


def one_chain(*steps: Step, start: object = None, **more: object) -> Chain:
    z = vector("z", K)
    theorem = Theorem("t", Eq(z[k], z[k]), z[k] if start is None else start, steps, role="claim", over=(k,), **more)  # type: ignore[arg-type]
    return chains(page(Derivation("test", (), (theorem,))))[0]


# -- detail ------------------------------------------------------------------------------------------------------------


def test_full_detail_shows_every_step_and_coarser_detail_fewer_lines() -> None:
    a12 = s.softmax_cross_entropy()
    counts = {d: sum(len(c.lines) for c in chains(page(a12, detail=d))) for d in ("full", "normal", "brief")}
    assert counts["full"] == sum(len(t.steps) for t in a12.theorems) == 17
    assert counts["full"] > counts["normal"] > counts["brief"]


def test_the_last_line_is_shown_at_every_level() -> None:
    hidden = [step("algebra", exp(0), 0), step("algebra", exp(1), 0)]
    assert one_chain(*hidden).formulas[1:] == (exp(1),)


def test_reasons_of_hidden_steps_pass_to_the_next_line_once_and_in_order() -> None:
    lemma, proof = chains(page(s.softmax_cross_entropy()))
    assert reasons(lemma.lines[0]) == ["definition of p_i", "quotient rule, S > 0"]
    assert reasons(proof.lines[3]) == ["delta_ik keeps i = k", "p_k is free of i"]
    twice = one_chain(step("chain_exp", exp(1), 0), step("split", exp(2), 0), step("chain_exp", exp(3), 1))
    assert reasons(twice.lines[0]) == ["chain rule for exp", "split the fraction"]


def test_a_small_reason_is_left_out_beside_a_larger_one_and_said_where_it_stands_alone() -> None:
    mixed = one_chain(step("linear", exp(1), 0), step("distribute", exp(2), 0), step("chain_exp", exp(3), 1))
    assert reasons(mixed.lines[0]) == ["chain rule for exp"]
    sums = one_chain(step("linear", exp(1), 0), step("distribute", exp(2), 1))
    assert reasons(sums.lines[0]) == ["the derivative is linear"]
    alone = one_chain(step("distribute", exp(1), 0), step("algebra", exp(2), 1))
    assert reasons(alone.lines[0]) == ["distribute"]


def test_beside_a_definition_the_handling_of_sums_is_still_said() -> None:
    z = vector("z", K)
    p = define("p", i, exp(z[i]))
    opened = step("definition", exp(z[k]), 0, entry=p[k])
    lines = [
        one_chain(opened, step(rule, exp(2), 1), start=p[k]).lines[0] for rule in ("linear", "distribute", "chain_exp")
    ]
    assert [reasons(line) for line in lines] == [
        ["definition of p_i", "the derivative is linear"],
        ["definition of p_i"],
        ["definition of p_i", "chain rule for exp"],
    ]


def test_a_rule_with_a_condition_says_it_of_its_own_terms() -> None:
    z = vector("z", K)
    S, p = s.let("S", Sum(exp(z[j]), j)), define("p", i, exp(z[i]))
    told = one_chain(
        step("quotient rule", exp(1), u=exp(z[i]), v=S, x=z[k]),
        step("chain rule for log", exp(2), u=p[i], x=z[k]),
        step("delta contraction", exp(3), index=j, delta=delta(j, k), body=z[j]),
        step("delta contraction", exp(4), index=j, delta=delta(k, j), body=z[j]),
        step("log x <= x - 1", exp(5), relation="<=", x=p[i]),
    )
    assert [reasons(line)[0] for line in told.lines] == [
        "quotient rule, S != 0",
        "chain rule for log, p_i > 0",
        "only j = k survives",
        "only j = k survives",
        "log x <= x - 1 for x = p_i",
    ]


def test_algebra_is_said_only_where_there_is_nothing_better() -> None:
    mixed = one_chain(step("algebra", exp(1), 0), step("distribute", exp(2), 1), step("algebra", exp(3), 1))
    assert [reasons(line) for line in mixed.lines] == [["distribute"], ["algebra"]]


def test_a_line_that_repeats_the_one_before_is_merged_into_it() -> None:
    same = one_chain(step("split", exp(1)), step("chain_exp", exp(1)), step("contract", exp(2)))
    assert [line.formula for line in same.lines] == [exp(1), exp(2)]
    assert reasons(same.lines[0]) == ["split the fraction", "chain rule for exp"]


def test_a_hidden_inequality_is_not_lost() -> None:
    bound = one_chain(step("log_bound", exp(1), 0, "<="), step("algebra", exp(2), 1))
    assert [line.relation for line in bound.lines] == ["<="]


def test_an_inequality_between_equal_terms_is_still_a_line() -> None:
    z = vector("z", K)
    kept = one_chain(step("log_bound", z[k], 1, "<="))
    assert [line.relation for line in kept.lines] == ["<="]


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [("=", "=", "="), ("=", "<=", "<="), ("<", "=", "<"), ("<=", "<", "<"), (">", ">=", ">"), ("=", "<=>", "<=>")],
)
def test_relations_compose(first: str, second: str, both: str) -> None:
    assert composed(first, second) == both


def test_equal_propositions_are_shown_as_equivalent() -> None:
    z = vector("z", K)
    line = Line("=", Eq(z[i], 0))
    assert line.sign == "<=>"
    assert Line("=", z[i]).sign == "="


@pytest.mark.parametrize("wrong", [{"detail": "all"}, {"style": "matrix"}])
def test_an_unknown_style_or_detail_is_refused_by_name(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong.values()))):
        page(s.gibbs(), **wrong)


# -- reasons -----------------------------------------------------------------------------------------------------------


def test_builtin_reasons() -> None:
    z, y = vector("z", K), vector("y", K)
    p = define("p", i, exp(z[i]))
    steps = (
        step("definition", exp(z[k]), entry=p[k]),
        step("given", exp(1), number=0, indices=()),
        step("lemma", exp(2), name="first"),
        step("sign", exp(3), relation=">", to=exp(3)),
        step("some_rule", exp(4)),
        step("algebra", exp(5), reason="$y_i$ cancels"),
    )
    first = Theorem("first", Eq(p[k], exp(z[k])), p[k], steps[:1], over=(k,))
    claim = Theorem("claim", Eq(p[k], exp(5)), p[k], steps, role="claim", over=(k,))
    found = chains(page(Derivation("t", (s.sums_to_one(y, i),), (first, claim))))[1]
    assert [reasons(line)[0] for line in found.lines] == [
        "definition of p_i",
        "since sum_i y_i = 1",
        "lemma",
        "every factor is positive",
        "some rule",
        "y_i cancels",
    ]


def test_a_given_is_said_at_the_indices_it_was_used_at() -> None:
    Y = s.distribution("y", s.N, K)
    m = s.index("m", s.N)
    claim = Theorem("c", Eq(exp(1), exp(2)), exp(1), (step("given", exp(2), number=0, indices=(m,)),), role="claim")
    found = chains(page(Derivation("t", (s.sums_to_one(Y, s.n, i),), (claim,))))[0]
    assert reasons(found.lines[0]) == ["since sum_i y_mi = 1"]


def test_an_inference_names_its_rule_and_its_premises() -> None:
    proof = page(s.coin()).sections[2].parts[0]
    assert isinstance(proof, Display)
    assert say(proof.reasons[0]).endswith("strictly concave ell; from Lemma 1 and Lemma 2")


def test_several_theorems_are_numbered_and_one_is_not() -> None:
    assert [x.heading for x in page(s.coin()).sections] == ["Lemma 1", "Lemma 2", "Proof"]
    assert [x.heading for x in page(s.gibbs()).sections] == ["Proof of (1)", "Proof of (2)"]
    assert [(x.heading, x.title) for x in page(s.softmax_cross_entropy()).sections] == [
        ("Lemma", ("softmax Jacobian",)),
        ("Proof", ()),
    ]


def test_a_lemma_without_a_title_is_named_after_the_family_it_is_about() -> None:
    z = vector("z", K)
    p = define("p", i, exp(z[i]) / Sum(exp(z[j]), j))

    def title(statement: Relation, role: str = "lemma") -> str:
        theorem = Theorem("t", statement, statement.args[0], (step("algebra", statement.args[1]),), role=role)
        return say(page(Derivation("test", (), (theorem,))).sections[0].title)

    jacobian = Eq(D(p[i], z[k]), p[i] * (delta(i, k) - p[k]))
    assert title(jacobian) == "the derivative of p_i"
    assert title(Eq(Sum(p[j], j), 1)) == "p_i sums to one"
    assert title(Eq(D(exp(z[i]), z[k]), exp(z[i]) * delta(i, k))) == ""
    assert title(jacobian, "claim") == ""


# -- givens ------------------------------------------------------------------------------------------------------------


def test_givens_and_definitions_of_the_page_to_beat() -> None:
    document = page(s.softmax_cross_entropy())
    assert [say(g) for g in document.givens] == ["z in R^K", "y in R^K, y_i > 0 with sum_i y_i = 1"]
    assert [text(d) for d in document.definitions] == [
        "S = sum_j e^{z_j}",
        "p_i = e^{z_i} / S",
        "L = -sum_i y_i log p_i",
    ]


def test_definitions_follow_those_they_use() -> None:
    seen: set[str] = set()
    for definition in page(s.softmax_cross_entropy()).definitions:
        name, body = definition.args
        assert name.data[0].name not in {t.data[0].name for t in _entries(body)}
        assert {t.data[0].name for t in _entries(body) if hasattr(t.data[0], "body")} <= seen
        seen.add(name.data[0].name)


def _entries(e: object) -> list[object]:
    from gradproof.expression import Entry, subterms

    return [t for t in subterms(e) if isinstance(t, Entry)]  # type: ignore[arg-type]


def test_symbols_of_one_domain_are_introduced_together_and_sizes_are_not() -> None:
    found = [say(g) for g in page(s.coin()).givens]
    assert found == ["h, t > 0", "0 < theta < 1"]
    assert isinstance(page(s.coin()).givens[0][0], Declared)


def test_hypotheses_with_words_ranges_and_distinct_indices() -> None:
    z, y = vector("z", K), vector("y", K)
    t = Index.of("t", K)
    tau = scalar("tau", POSITIVE)
    claim = Theorem("c", Eq(z[t] * y[t] * tau, 0), z[t] * y[t] * tau, (step("algebra", exp(0)),), role="claim")
    givens = (
        given(Relation.of(z[j], "<", z[t]), j, apart=((j, t),)),
        Given(Eq(y[j], delta(j, t)), (j,), text=r"y \text{ is one-hot at } t"),
    )
    found = [say(g) for g in page(Derivation("t", givens, (claim,))).givens]
    assert found == ["y, z in R^K", "tau > 0", "z_j < z_t for all j != t", "y is one-hot at t"]


def test_a_hypothesis_on_a_defined_name_is_not_told_of_its_array() -> None:
    y = vector("y", K)
    m = s.let("m", Sum(y[i], i))
    claim = Theorem("c", Eq(m, m), m, (step("algebra", m),), role="claim")
    found = [say(g) for g in page(Derivation("t", (given(m > 0),), (claim,))).givens]
    assert found == ["y in R^K", "m > 0"]


# -- cases -------------------------------------------------------------------------------------------------------------


def test_delta_style_adds_the_two_cases_in_words() -> None:
    lemma = page(s.softmax_cross_entropy()).sections[0]
    after = lemma.parts[-1]
    assert isinstance(after, Paragraph)
    assert say(after.words) == "that is, p_k (1 - p_k) for i = k and -p_i p_k for i != k"
    assert [(text(e), text(r)) for e, r in after.cases] == [("p_k (1 - p_k)", "i = k"), ("-p_i p_k", "i != k")]


def test_cases_style_tells_each_case_and_puts_them_together() -> None:
    lemma = page(s.softmax_cross_entropy(), style="cases").sections[0]
    kinds = [type(p).__name__ for p in lemma.parts]
    assert kinds == ["Paragraph", "Chain", "Paragraph", "Chain", "Paragraph", "Display"]
    equal, different = (p for p in lemma.parts if isinstance(p, Chain))
    assert [text(e) for e in (equal.start, equal.formulas[-1])] == ["dp_k/dz_k", "p_k (1 - p_k)"]
    assert [text(e) for e in (different.start, different.formulas[-1])] == ["dp_i/dz_k", "-p_i p_k"]
    assert not any(isinstance(t, type(delta(i, k))) for c in (equal, different) for e in c.formulas for t in _all(e))
    assert isinstance(lemma.parts[-1], Display)
    assert text(lemma.parts[-1].formula) == "dp_i/dz_k = p_i (delta_ik - p_k)"


def test_the_case_is_named_beside_the_first_line_that_uses_it() -> None:
    lemma = page(s.softmax_cross_entropy(), style="cases").sections[0]
    equal = next(p for p in lemma.parts if isinstance(p, Chain))
    assert [n for n, line in enumerate(equal.lines) if "i = k" in reasons(line)] == [1]


def _all(e: object) -> list[object]:
    from gradproof.expression import subterms

    return list(subterms(e))  # type: ignore[arg-type]


def test_the_index_of_the_derivative_is_the_one_that_stays() -> None:
    z = vector("z", K)
    found = split(Eq(D(exp(z[i]), z[k]), exp(z[i]) * delta(k, i)))
    assert found is not None
    assert (found.dropped, found.kept) == (i, k)


@pytest.mark.parametrize(
    "statement",
    [
        Eq(vector("z", K)[i], vector("z", K)[k]),
        Eq(exp(0), Sum(delta(i, k), i)),
        Eq(exp(0), delta(i, k) * delta(j, k)),
        exp(0) <= delta(i, k),
    ],
)
def test_no_cases_without_one_delta_of_two_free_indices(statement: Relation) -> None:
    assert split(statement) is None


def test_only_the_delta_of_the_two_indices_is_replaced() -> None:
    z = vector("z", K)
    found = split(Eq(exp(0), delta(i, k)))
    assert found is not None
    inner = Sum(delta(j, k) * z[j], j) * delta(i, k)
    assert found.where_equal(inner) == Sum(delta(j, k) * z[j], j)
    assert found.where_different(log(z[i]) + inner) == log(z[i])


def test_the_numbers_that_a_case_leaves_in_a_sum_are_joined() -> None:
    z = vector("z", K)
    found = split(Eq(exp(0), 1 + delta(i, k) * (z[k] - 1)))
    assert found is not None
    assert found.where_equal(1 + delta(i, k) * (z[k] - 1)) == z[k]
    assert found.where_equal(delta(i, k) + z[k] - 1) == z[k]
    assert found.where_equal(z[k] - delta(i, k) - 2 * delta(i, k)) == z[k] - 3


# -- status ------------------------------------------------------------------------------------------------------------


def line_of(derivation: Derivation, audit: AuditReport | None) -> str:
    return say(status(certificate(derivation), audit))


def test_the_status_says_what_was_done_and_never_just_verified() -> None:
    a12 = s.softmax_cross_entropy()
    assert line_of(a12, s.AUDIT) == "proved for every K >= 1; audited at 40 points, K = 1..5, worst difference 2e-31"
    assert line_of(a12, None) == "proved for every K >= 1; not audited"
    ranges = "h, t > 0, 0 < theta < 1"
    assert line_of(s.coin(), s.AUDIT) == f"proved for all {ranges}; audited at 40 points, worst difference 2e-31"
    assert line_of(s.batch(), None) == "proved for every K, N >= 1; not audited"
    assert all("verified" not in line_of(f(), s.AUDIT) for f in s.ALL.values())


def test_without_sizes_the_status_names_the_variables_if_they_are_few() -> None:
    a, b, *more = s.scalars("a b c d e f")

    def said(*terms: object, givens: tuple[Given, ...] = ()) -> str:
        claims = tuple(
            Theorem(f"t{n}", Eq(e, e), e, (step("algebra", e),), role="claim")  # type: ignore[arg-type]
            for n, e in enumerate(terms)
        )
        return line_of(Derivation("t", givens, claims), None)

    assert said(a * b) == "proved for all a, b in R; not audited"
    assert said(a, scalar("n", NATURAL) + b) == "proved for all a, b in R, n in {1, 2, ...}; not audited"
    assert said(a, givens=(given(a > b),)) == "proved for all a in R that satisfy the givens; not audited"
    assert said(a, b, *more) == "proved; not audited"
    assert said(exp(1)) == "proved; not audited"


def test_whole_numbers_and_class_labels_are_declared_as_members_of_a_set() -> None:
    y, T = vector("y", K, BINARY), labels("T", s.N, K)
    m, digit, w = scalar("m", Interval(integer=True)), scalar("n", Interval(0, 9, False, False, True)), s.n
    e = y[k] * vector("z", K)[T[w]] * m * digit
    claim = Theorem("c", Eq(e, e), e, (step("algebra", e),), role="claim", over=(k, w))
    assert [say(g) for g in page(Derivation("t", (), (claim,))).givens] == [
        "z in R^K", "T_i in {1, ..., K}", "y in R^K, y_i in {0, 1}", "m in Z", "n in {0, ..., 9}",
    ]  # fmt: skip


def test_the_status_names_untested_lines_and_points_not_taken() -> None:
    audit = replace(s.AUDIT, untested=("a limit",))
    assert line_of(s.coin(), audit).endswith("; 1 line not tested by the audit (a limit)")
    assert "audited at no point" in line_of(s.coin(), replace(s.AUDIT, points=0))


def test_what_the_audit_refutes_is_not_called_proved() -> None:
    found = line_of(s.coin(), replace(s.AUDIT, refuted="theta = 0.5: 1 against 2"))
    assert found.startswith("refuted by the audit: theta = 0.5")
    assert "proved" not in found


def test_a_statement_supplies_title_number_source_and_note() -> None:
    from gradproof.statement import Statement

    a12 = s.softmax_cross_entropy()
    spoken = Statement(claims=(), title="T", number="X1", source="S", note="N")
    found = build(Certificate(a12, {}, 0), spoken, None, {})
    assert (found.title, found.number, found.source, found.note) == ("T", "X1", "S", "N")
