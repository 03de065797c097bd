"""The corpus of formulas as people write them: read right, or refused with a reason; never read wrongly."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from corpus_meaning import Meaning, Point, intended, meant

from gradproof.expression import Expr
from gradproof.notation import Eq, Product, Sum, index, matrix, scalar, size, vector
from gradproof.reader import Environment, NotReadable, ReadError, read, read_relation

with (Path(__file__).parent / "corpus.tsv").open(encoding="utf-8") as file:
    ROWS = {int(r["id"]): r for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
NOTATION = "(notation; no plain SymPy counterpart)"
MEANT = {n: r for n, r in ROWS.items() if r["intended"] != NOTATION}

PLAIN = Environment().size("K")
Declare = Callable[[Environment], Environment]
# What a reader of the page around the formula knows, and the formula itself does not say.
DECLARED: dict[int, Declare] = {
    24: lambda e: e.array("z", "K"),
    26: lambda e: e.function("l"),
    33: lambda e: e.distribution("P", "K").distribution("Q", "K"),
    35: lambda e: e.distribution("p", "K").distribution("q", "K"),
    51: lambda e: e.with_wide_sums(),
    52: lambda e: e.with_wide_sums(),
    55: lambda e: e.with_wide_sums(),
    56: lambda e: e.function("L"),
    64: lambda e: e.function("p"),
    68: lambda e: e.function("f"),
    69: lambda e: e.function("f"),
    71: lambda e: e.array("x", "K"),
    73: lambda e: e.function("r^*"),
    85: lambda e: e.function(r"\mathrm{sim}"),
    86: lambda e: e.function(r"\mathrm{sim}"),
}
REFUSED = {46}  # an integral: gradproof has no term for it
BOUND_AND_FREE = {51, 52, 55}  # without the declaration above
POINTS = tuple(
    Point({"i": a, "j": b, "k": c, "t": 2, "y": d, "w": 1, "l": 2, "n": 1})
    for a, b, c, d in ((1, 2, 3, 1), (2, 2, 2, 2), (3, 1, 1, 3), (1, 3, 1, 1), (2, 1, 3, 3))
)


def declared(n: int) -> Environment:
    return DECLARED.get(n, lambda e: e)(PLAIN)


def same(one: Meaning, other: Meaning) -> bool:
    if isinstance(one, tuple) or isinstance(other, tuple):
        return isinstance(one, tuple) and isinstance(other, tuple) and one[0] == other[0] and all(
            math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(one[1:], other[1:], strict=True)  # type: ignore[arg-type]
        )  # fmt: skip
    return math.isclose(one, other, rel_tol=1e-7, abs_tol=1e-9)


def means(e: Expr, text: str) -> bool:
    return all(same(meant(e, point), intended(text, point)) for point in POINTS)


def outcome(n: int) -> str:
    try:
        found = read(ROWS[n]["latex"], declared(n))
    except (ReadError, NotReadable) as why:
        return f"refused: {why.summary}"
    return "right" if means(found, ROWS[n]["intended"]) else f"WRONG: {found!r}"


@pytest.mark.parametrize("n", sorted(set(MEANT) - REFUSED))
def test_a_formula_of_the_corpus_means_what_is_intended(n: int) -> None:
    assert outcome(n) == "right", ROWS[n]["latex"]


def test_the_score_of_the_corpus() -> None:
    outcomes = {n: outcome(n) for n in MEANT}
    right = sum(o == "right" for o in outcomes.values())
    print(f"\ncorpus: {right} of {len(MEANT)} read right, {len(MEANT) - right} refused, none wrong")
    assert not [n for n, o in outcomes.items() if o.startswith("WRONG")]
    assert right >= 87


@pytest.mark.parametrize("n", sorted(BOUND_AND_FREE))
def test_a_sum_that_seems_to_reach_too_far_is_refused_with_advice(n: int) -> None:
    with pytest.raises(ReadError, match="is bound by a sum and also stands outside it") as why:
        read(ROWS[n]["latex"], PLAIN)
    assert "into brackets" in why.value.advice


def test_an_integral_is_not_readable_yet() -> None:
    with pytest.raises(NotReadable, match="an integral"):
        read(ROWS[46]["latex"], PLAIN)


K, J, n = size("K"), size("J"), size("n")
i, k, j, r = index("i", K), index("k", K), index("j", J), index("i", n)
z = vector("z", J)
# Rows without an intended expression: what they are read as where no meaning has to be invented, else refused.
READ = {
    10: Eq(
        vector(r"\frac{\partial C}{\partial z}", K)[i],
        Sum(vector(r"\frac{\partial C}{\partial s}", K)[k] * matrix(r"\frac{\partial s}{\partial z}", K, K)[k, i], k),
    ),
    31: Eq(scalar(r"P(Y \mid X)"), Product(matrix(r"P(y \mid x)", n, n)[r, r], r)),
    48: Eq(Sum(z[j] * z[j], j), Sum(z[j] ** 2, j)),
}


@pytest.mark.parametrize("row", sorted(set(ROWS) - set(MEANT)))
def test_no_meaning_is_invented(row: int) -> None:
    if row in READ:
        assert read_relation(ROWS[row]["latex"], PLAIN)[0].relation == READ[row]
    else:
        with pytest.raises((ReadError, NotReadable)):
            read_relation(ROWS[row]["latex"], PLAIN)
