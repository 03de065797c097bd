"""Attacks on bounds that one theorem proves and the signs of a later one know, and on weak bounds from equations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gradproof.derivation import Derivation, Given, Step, Theorem
from gradproof.expression import Expr, ForAll, Index, Number, Relation
from gradproof.kernel import Refused, check
from gradproof.notation import D, Eq, given, index, scalar, size, sqrt, vector
from gradproof.rules import RULES

K = size("K")
k, t = index("k", K), index("t", K)
u, v = scalar("u"), scalar("v")
z = vector("z", K)
ZERO, ONE = Number.of(0), Number.of(1)
U_IS_ONE = given(Eq(u, 1))
Z_T_IS_ONE = given(Eq(z[t], 1))


def bound(name: str, term: Expr, over: tuple[Index, ...] = ()) -> Theorem:
    """term = 1 by the first given, and 1 >= 0."""
    steps = (
        Step("given", {"number": 0, "indices": ()}, ONE),
        Step("sign", {"to": ZERO}, ZERO, relation=">="),
    )
    return Theorem(name, Relation.of(term, ">=", ZERO), term, steps, over=over)


def about(name: str, term: Expr, bounds: tuple[str, ...] = ()) -> Theorem:
    """term = term, which must be defined."""
    steps = (Step("algebra", {"to": term}, term),)
    return Theorem(name, Relation.of(term, "=", term), term, steps, bounds=bounds)


def checked(*theorems: Theorem, givens: tuple[Given, ...] = (U_IS_ONE,)) -> dict[str, frozenset[int]]:
    return dict(check(Derivation("bounds", givens, theorems), RULES).used)


def refused(*theorems: Theorem, givens: tuple[Given, ...] = (U_IS_ONE,)) -> str:
    with pytest.raises(Refused) as refusal:
        checked(*theorems, givens=givens)
    return str(refusal.value)


def test_a_bound_makes_a_root_defined_and_what_it_rests_on_is_used() -> None:
    used = checked(bound("A", u), about("B", sqrt(u), ("A",)))
    assert used["B"] == {0}


def test_without_the_bound_the_root_is_not_known_to_be_defined() -> None:
    assert "not known to be defined" in refused(bound("A", u), about("B", sqrt(u)))


@pytest.mark.parametrize("names", [("C",), ("B",), ("",)])
def test_a_bound_must_have_been_proved_before(names: tuple[str, ...]) -> None:
    assert "malformed" in refused(bound("A", u), about("B", sqrt(u), names))


def test_a_bound_that_comes_later_does_not_count() -> None:
    assert "malformed" in refused(about("B", sqrt(u), ("A",)), bound("A", u))


def test_a_bound_does_not_reach_below_a_derivative_that_moves_its_symbols() -> None:
    here = D(sqrt(u), u)
    assert "not known to be defined" in refused(bound("A", u), about("B", here, ("A",)))
    checked(bound("A", u), about("B", D(sqrt(u) * v, v), ("A",)))


def test_a_theorem_that_rests_on_a_bound_rests_on_its_givens() -> None:
    root = about("B", sqrt(u) * sqrt(u), ("A",))
    start = D(sqrt(u) * sqrt(u), u)
    below = Step("lemma", {"name": "B", "old": (), "new": ()}, start, at=(0,))
    use = Theorem("C", Relation.of(start, "=", start), start, (below,), bounds=("A",))
    assert "which a derivative, limit or mean moves here" in refused(bound("A", u), root, use)


def test_an_equation_or_a_strict_comparison_of_another_term_is_no_bound() -> None:
    equation = about("A", u)
    assert "not known to be defined" in refused(equation, about("B", sqrt(u), ("A",)))
    assert "not known to be defined" in refused(bound("A", u), about("B", sqrt(v), ("A",)))


def test_a_bound_of_one_entry_is_none_of_another() -> None:
    one = bound("A", z[t], over=(t,))
    givens = (Z_T_IS_ONE,)
    checked(one, about("B", sqrt(z[t]), ("A",)), givens=givens)
    assert "not known to be defined" in refused(one, about("B", sqrt(z[k]), ("A",)), givens=givens)


def test_a_proposition_about_all_indices_is_no_bound() -> None:
    everywhere = ForAll.over(k, Relation.of(z[k], ">=", ZERO))
    step = Step("algebra", {"to": everywhere}, everywhere)
    strange = Theorem("A", everywhere, everywhere, (step,))
    assert refused(strange, about("B", sqrt(z[k]), ("A",)))


def test_a_bound_of_every_entry_is_one_of_each() -> None:
    steps = (
        Step("given", {"number": 0, "indices": (k,)}, ONE),
        Step("sign", {"to": ZERO}, ZERO, relation=">="),
    )
    every = Theorem("A", Relation.of(z[k], ">=", ZERO), z[k], steps, over=(k,))
    root = sqrt(z[index("j", K)])
    givens = (given(Eq(z[k], 1), k),)
    checked(every, about("B", root, ("A",)), givens=givens)
    alone = replace(every, over=())  # then the bound is read as one of the k-th entry only
    assert "not known to be defined" in refused(alone, about("B", root, ("A",)), givens=givens)


@pytest.mark.parametrize(("operator", "holds"), [("<=", True), (">=", True), ("=", True), ("<", False), ("!=", False)])
def test_an_equation_states_that_its_sides_are_at_most_each_other(operator: str, holds: bool) -> None:
    step = Step("given", {"number": 0, "indices": ()}, ONE)
    for statement in (Relation.of(u, operator, ONE), Relation.of(ONE, Relation.FLIPPED[operator], u)):
        theorem = Theorem("A", statement, u, (step,))
        if holds:
            checked(theorem)
        else:
            assert "the theorem states" in refused(theorem)


def test_a_weak_bound_states_no_equation() -> None:
    steps = (Step("given", {"number": 0, "indices": ()}, ONE), Step("sign", {"to": ONE}, ONE, relation=">="))
    assert "the theorem states" in refused(Theorem("A", Relation.of(u, "=", ONE), u, steps))
    assert "the theorem states" in refused(Theorem("A", Relation.of(u, "<=", ONE), u, steps))
