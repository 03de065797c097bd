"""Terms: equality up to renaming, substitution without capture, constructors that do what they say and no more."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from gradproof import expression as x
from gradproof.expression import Array, Definition, Expr, Index, Number, Vector
from gradproof.notation import (
    POSITIVE,
    D,
    Eq,
    ForAll,
    Limit,
    Product,
    Sum,
    argmin,
    define,
    delta,
    exp,
    index,
    indices,
    infinity,
    let,
    log,
    matrix,
    scalar,
    size,
    vector,
)

K, N = size("K"), size("N")
i, j, k, m = indices("i j k m", K)
n = index("n", N)
z, w, y = vector("z", K), vector("w", K), vector("y", K)
W = matrix("W", N, K)
a, b, t = scalar("a"), scalar("b"), scalar("t", POSITIVE)
two, three = Number.of(2), Number.of(3)


# -- equality up to the names of bound indices ------------------------------------------------------------------------

SAME = [
    (Sum(z[i], i), Sum(z[j], j)),
    (Product(exp(z[i]), i), Product(exp(z[m]), m)),
    (ForAll(Eq(z[i], a), i), ForAll(Eq(z[k], a), k)),
    (Sum(Sum(z[i] * w[j], j), i), Sum(Sum(z[j] * w[i], i), j)),
    (Sum(z[i] * Sum(exp(z[i]), i), i), Sum(z[j] * Sum(exp(z[k]), k), j)),
    (D(Sum(z[i] ** 2, i), z[k]), D(Sum(z[j] ** 2, j), z[k])),
    (Vector.over(i, z[i]), Vector.over(j, z[j])),
    (argmin(Sum(z[i], i), z[i], w[i]), argmin(Sum(z[j], j), z[k], w[k])),
    (define("p", i, exp(z[i]))[k], define("p", j, exp(z[j]))[k]),
]
DIFFERENT = [
    (Sum(z[i], i), Sum(w[i], i)),
    (Sum(z[i], i), Product(z[i], i)),
    (Sum(z[i], i), Sum(z[k], i)),
    (z[i], z[j]),
    (Sum(1, i), Sum(1, n)),
    (Sum(Sum(z[i] * w[j], j), i), Sum(Sum(z[i] * w[j], i), j)),
    (index("i", K), index("i", N)),
    (scalar("a"), scalar("a", POSITIVE)),
    (vector("z", K)[k], vector("z", K, POSITIVE)[k]),
    (define("p", i, exp(z[i]))[k], define("p", i, exp(w[i]))[k]),
    (a + b, b + a),
    (a * b, b * a),
    (Number.of(1), Number.of(Fraction(1, 2))),
    (Eq(a, b), Eq(b, a)),
    (Eq(a, b), x.Relation.of(a, "<=", b)),
    (D(a * b, a), D(a * b, b)),
    (Limit(a / t, t, infinity), Limit(a / t, t, 0, "+")),
    (delta(i, j), delta(j, i)),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_terms_that_differ_in_bound_names_only_are_one_term(left: Expr, right: Expr) -> None:
    assert left == right
    assert hash(left) == hash(right)
    assert left.key == right.key
    assert len({left, right}) == 1


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_other_terms_are_different(left: Expr, right: Expr) -> None:
    assert left != right
    assert len({left, right}) == 2


def test_a_term_is_not_equal_to_a_number_of_python() -> None:
    assert Number.of(1) != 1
    assert (Number.of(1) == "1") is False


def test_one_letter_may_be_bound_and_free() -> None:
    body = exp(z[i]) / Sum(exp(z[i]), i)
    assert body == exp(z[i]) / Sum(exp(z[j]), j)
    assert i in body.free
    assert Sum(body, i) == Sum(exp(z[k]) / Sum(exp(z[j]), j), k)


# -- substitution never captures --------------------------------------------------------------------------------------


def check_no_capture(found: Expr, wanted: Expr) -> None:
    assert found == wanted
    assert found.loose == 0


def test_a_replaced_symbol_is_not_captured_by_a_sum() -> None:
    check_no_capture(x.substitute(Sum(z[k] * a, k), a, z[k]), Sum(z[j] * z[k], j))


def test_a_replaced_index_is_not_captured_by_a_sum() -> None:
    check_no_capture(x.substitute(Sum(z[i] * w[j], j), i, j), Sum(z[j] * w[m], m))


def test_a_replaced_index_is_not_captured_two_binders_deep() -> None:
    e = Sum(Sum(z[i] * w[j] * y[k], j), i)
    check_no_capture(x.substitute(e, k, i), _deep(i))
    check_no_capture(x.substitute(e, k, j), _deep(j))


def _deep(free: Index) -> Expr:
    first, second = index("r", K), index("s", K)
    return Sum(Sum(z[first] * w[second] * y[free], second), first)


def test_a_product_and_a_proposition_do_not_capture_either() -> None:
    check_no_capture(x.substitute(Product(z[k] + a, k), a, w[k]), Product(z[j] + w[k], j))
    check_no_capture(x.substitute(ForAll(Eq(z[k], a), k), a, w[k]), ForAll(Eq(z[j], w[k]), j))


def test_a_bound_index_is_not_free_and_is_not_replaced() -> None:
    e = Sum(z[k], k)
    assert k not in e.free
    assert x.substitute(e, k, j) is e


def test_a_derivative_keeps_what_it_moves() -> None:
    assert x.substitute(D(a * b, a), b, t) == D(a * t, a)
    assert x.substitute(D(z[i] ** 2, z[k]), k, m) == D(z[i] ** 2, z[m])
    for e, old, new in [
        (D(a * b, a), a, b),  # its variable
        (D(a * b, a), b, a),  # something becomes its variable
        (D(a * b, a), b, a + t),
        (D(z[i] * b, z[k]), b, z[i]),
        (D(a * i, a), i, a),  # an index too
    ]:
        with pytest.raises(ValueError, match="may not be replaced"):
            x.substitute(e, old, new)


def test_a_limit_keeps_what_it_binds() -> None:
    e = Limit(a / t, t, infinity)
    assert t not in e.free
    assert x.substitute(e, t, b) is e
    assert x.substitute(e, a, b) == Limit(b / t, t, infinity)
    with pytest.raises(ValueError, match="may not be replaced"):
        x.substitute(e, a, t)
    around = Limit(a / t, t, t)  # the point is outside of the limit
    with pytest.raises(ValueError, match="may not be replaced"):
        x.substitute(around, t, b)


def test_an_optimum_keeps_its_variable() -> None:
    e = argmin((a - b) ** 2, a, b)
    assert x.substitute(e, b, t) == argmin((a - t) ** 2, a, t)
    with pytest.raises(ValueError, match="may not be replaced"):
        x.substitute(e, b, a)


def test_substitution_looks_into_definitions() -> None:
    p = define("p", i, a * exp(z[i]))
    found = x.substitute(Sum(p[k], k), a, b)
    assert a not in found.free
    assert x.definitions(found)[0].unfold((m,)) == b * exp(z[m])


def test_a_definition_does_not_capture_its_arguments() -> None:
    p = define("p", i, exp(z[i]) / Sum(exp(z[j]), j))
    assert p.unfold((j,)) == exp(z[j]) / Sum(exp(z[i]), i)
    q = define("q", i, j, z[i] * w[j])
    assert q.unfold((j, i)) == z[j] * w[i]
    assert x.substitute(q[i, j], i, j) == q[j, j]


FAMILY = Vector.over(i, w[i] * a)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (z[k], w[k] * a),
        (z[2], w[2] * a),
        (Sum(z[i], i), Sum(w[i] * a, i)),
        (Sum(z[i] * Sum(exp(z[j]), j), i), Sum(w[i] * a * Sum(exp(w[j] * a), j), i)),
        (ForAll(Eq(z[i], z[k]), i), ForAll(Eq(w[i] * a, w[k] * a), i)),
        (D(z[k] * b, b), D(w[k] * a * b, b)),
        (W[n, k], W[n, k]),
        (define("p", i, exp(z[i]))[k], define("p", i, exp(w[i] * a))[k]),
    ],
)
def test_an_array_is_replaced_by_a_family(before: Expr, after: Expr) -> None:
    check_no_capture(x.replace_array(before, z, FAMILY), after)


def test_a_family_with_a_free_index_is_not_captured() -> None:
    family = Vector.over(i, w[i] * y[k])  # k is free in it
    check_no_capture(x.replace_array(Sum(z[k], k), z, family), Sum(w[j] * y[k], j))
    check_no_capture(x.replace_array(Sum(Product(z[k], k) * z[j], j), z, family),
                     Sum(Product(w[i] * y[k], i) * (w[j] * y[k]), j))  # fmt: skip


def test_a_family_may_mention_the_array_that_it_replaces() -> None:
    check_no_capture(x.replace_array(Sum(z[i], i), z, Vector.over(i, z[i] - a)), Sum(z[j] - a, j))


def test_a_binder_of_the_family_does_not_capture_a_parameter_of_a_definition() -> None:
    p = define("p", i, exp(z[i]))
    square = matrix("V", K, K)
    changed = x.replace_array(p[k], z, Vector.over(i, Sum(square[i, j], j)))
    assert isinstance(changed, x.Entry)
    assert isinstance(changed.base, Definition)
    assert changed.base.unfold(changed.args) == exp(Sum(square[k, j], j))
    rows = define("r", i, j, z[i] * z[j])
    changed = x.replace_array(rows[k, m], z, Vector.over(i, Sum(square[i, j], j)))
    assert isinstance(changed, x.Entry)
    assert isinstance(changed.base, Definition)
    assert changed.base.unfold(changed.args) == Sum(square[k, j], j) * Sum(square[m, j], j)


@pytest.mark.parametrize(
    ("e", "array", "family"),
    [
        (D(z[i] ** 2, z[k]), z, FAMILY),  # the derivative moves z
        (D(z[k] * a, a), z, FAMILY),  # the family would come under a derivative that moves it
        (Limit(z[k] / t, t, infinity), z, Vector.over(i, w[i] * t)),
        (argmin(Sum(z[i], i), z[i], w[i]), z, FAMILY),
        (z[k], z, Vector.over(n, W[n, k])),  # another size
        (W[n, k], W, FAMILY),  # two indices
    ],
)
def test_families_are_refused_where_they_would_change_the_meaning(e: Expr, array: Array, family: Vector) -> None:
    with pytest.raises(ValueError, match=r"may not be replaced|must have its size"):
        x.replace_array(e, array, family)


def test_opening_and_binding_are_inverse() -> None:
    for body in (z[i], z[i] * Sum(w[j] * z[i], j), exp(z[i]) / Sum(exp(z[i]), i), delta(i, k) * D(z[i], z[k])):
        bound = x.Sum.over(i, body)
        assert bound.open(i) == body
        assert x.Sum.over(m, bound.open(m)) == bound
        assert bound.loose == 0


def test_a_fresh_letter_is_never_one_that_is_free() -> None:
    e = x.Sum.over(i, z[i] * w[j] * y[k])
    assert e.fresh().name == "i"
    assert x.Sum.over(j, z[j] * w[i] * y[i]).fresh().name == "j"
    hint = Sum(z[k] * w[i], k)
    shadowed = x.substitute(hint, i, k)
    assert isinstance(shadowed, x.Sum)
    assert shadowed.fresh().name not in {"k"}
    letters: list[str] = []
    for _ in range(40):
        letters.append(x.fresh_letter("k", letters))
    assert len(set(letters)) == 40


# -- what a term depends on -------------------------------------------------------------------------------------------


def test_free_looks_through_definitions() -> None:
    S = let("S", Sum(exp(z[j]), j))
    p = define("p", i, exp(z[i]) / S)
    L = let("L", -Sum(y[i] * log(p[i]), i))
    for e in (S, p[k], L, L**2, Sum(p[i] * a, i), D(L, y[k]), log(p[k])):
        assert z in e.free, e
    assert y not in p[k].free
    assert {z, y} <= L.free
    assert k in p[k].free
    assert k not in Sum(p[k], k).free


def test_a_derivative_depends_on_what_it_moves_and_a_limit_does_not() -> None:
    assert a in D(b * 2, a).free
    assert z in D(b * 2, z[k]).free
    assert D(b, z[k]).moved == z
    assert D(b, a).moved == a
    assert t not in Limit(a / t, t, infinity).free
    assert t in Limit(a / t, t, t).free


def test_an_index_depends_on_its_size() -> None:
    assert K in z[k].free
    assert K in Sum(a, i).free
    assert N not in Sum(a, i).free


def test_a_definition_may_not_depend_on_an_index_that_is_no_parameter() -> None:
    with pytest.raises(ValueError, match="make it a parameter"):
        define("p", i, z[i] * w[k])
    with pytest.raises(ValueError, match="make it a parameter"):
        let("S", z[k])
    with pytest.raises(ValueError, match="depends on"):
        Definition("q", (K,), x.Mul((x.Bound((), (0,)), x.Bound((), (1,)))))


# -- immutability -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["args", "data", "free", "loose", "hint", "anything", "_hash"])
def test_terms_are_immutable(name: str) -> None:
    for e in (a, a + b, z[k], Sum(z[i], i), Number.of(1)):
        with pytest.raises(AttributeError):
            setattr(e, name, ())


def test_a_term_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(a)
    with pytest.raises(TypeError, match="no truth value"):
        assert Eq(a, b)


# -- constructors -----------------------------------------------------------------------------------------------------


def shape(e: Expr) -> tuple[type, int]:
    return type(e), len(e.args)


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        # add: flattens, leaves zeros out, nothing else
        (x.add(), Number.of(0)),
        (x.add(a), a),
        (x.add(a, Number.of(0)), a),
        (x.add(x.add(a, b), t), x.Add((a, b, t))),
        (x.add(a, x.add(b, t)), x.Add((a, b, t))),
        (x.add(a, a), x.Add((a, a))),
        (x.add(two, three), x.Add((two, three))),
        (x.add(b, a), x.Add((b, a))),
        (a - a, x.Add((a, x.Mul((Number.of(-1), a))))),
        # mul: flattens, numbers in front as one, nothing else
        (x.mul(), Number.of(1)),
        (x.mul(a), a),
        (x.mul(a, two, b, three), x.Mul((Number.of(6), a, b))),
        (x.mul(a, Number.of(0), b), Number.of(0)),
        (x.mul(a, Number.of(1)), a),
        (x.mul(two, Number.of(Fraction(1, 2)), a), a),
        (x.mul(a, a), x.Mul((a, a))),
        (x.mul(b, x.mul(a, t)), x.Mul((b, a, t))),
        (2 * (a + b), x.Mul((two, a + b))),
        (-(a + b), x.Mul((Number.of(-1), a + b))),
        (a * a**-1, x.Mul((a, x.Pow((a, Number.of(-1)))))),
        # power: exponents 0 and 1 and powers of numbers
        (a**1, a),
        (a**0, Number.of(1)),
        (Number.of(0) ** 0, Number.of(1)),
        (two**3, Number.of(8)),
        (two**-1, Number.of(Fraction(1, 2))),
        ((a**2) ** 3, x.Pow((x.Pow((a, two)), three))),
        ((a * b) ** 2, x.Pow((x.Mul((a, b)), two))),
        (Number.of(0) ** -1, x.Pow((Number.of(0), Number.of(-1)))),
        (Number.of(4) ** Fraction(1, 2), x.Pow((Number.of(4), Number.of(Fraction(1, 2))))),
        (two**1000, x.Pow((two, Number.of(1000)))),
        # divide: the factors of a product inverted one by one
        (a / b, x.Mul((a, x.Pow((b, Number.of(-1)))))),
        (a / (b * t), x.Mul((a, b**-1, t**-1))),
        (a / b**2, x.Mul((a, x.Pow((b, Number.of(-2)))))),
        (a / 2, x.Mul((Number.of(Fraction(1, 2)), a))),
        (1 / (a + b), x.Pow((a + b, Number.of(-1)))),
        # functions and deltas never rewrite themselves
        (log(exp(a)), x.Function((x.Function((a,), ("exp",)),), ("log",))),
        (exp(0), x.Function((Number.of(0),), ("exp",))),
        (log(1), x.Function((Number.of(1),), ("log",))),
        (delta(1, 1), x.Delta((Number.of(1), Number.of(1)))),
        (delta(k, k), x.Delta((k, k))),
    ],
)
def test_constructors_do_what_their_docstrings_say(made: Expr, wanted: Expr) -> None:
    assert made == wanted
    assert shape(made) == shape(wanted)


@pytest.mark.parametrize(
    "e",
    [
        lambda: Sum(Number.of(0), i),
        lambda: Sum(a, i),
        lambda: Sum(delta(i, k) * z[i], i),
        lambda: Product(Number.of(1), i),
        lambda: D(Number.of(1), a),
        lambda: D(a, a),
        lambda: D(z[i], z[k]),
        lambda: Limit(a, t, infinity),
        lambda: Eq(a, a),
    ],
)
def test_binders_derivatives_and_limits_never_evaluate_themselves(e: Callable[[], Expr]) -> None:
    assert isinstance(e(), x.Sum | x.Product | x.Derivative | x.Limit | x.Relation)


def test_nested_sums_stay_nested() -> None:
    e = Sum(Sum(W[n, k], k), n)
    assert isinstance(e, x.Sum)
    assert isinstance(e.args[1], x.Sum)


def test_numbers_are_exact() -> None:
    assert x.coerce(0.1) == Number.of(Fraction(1, 10))
    assert x.coerce(3) == Number.of(3)
    assert x.coerce(Fraction(2, 4)) == Number.of(Fraction(1, 2))
    with pytest.raises(TypeError, match="expected a gradproof term or a number"):
        x.coerce("a")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: z[n], "runs over another range"),
        (lambda: W[k, n], "runs over another range"),
        (lambda: z[k, k], "takes 1 indices, found 2"),
        (lambda: W[n], "takes 2 indices, found 1"),
        (lambda: define("p", i, z[i])[n], "runs over another range"),
        (lambda: D(a, a + b), "a derivative is taken in"),
        (lambda: D(a, define("p", i, z[i])[k]), "a derivative is taken in"),
        (lambda: x.Relation.of(a, "==", b), "unknown relation"),
        (lambda: x.moved(a + b), "not a variable"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(wrong: Callable[[], Expr], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()


# -- terms in messages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("e", "said"),
    [
        (a - b, "a - b"),
        (-a + b - 3, "-a + b - 3"),
        (-(a + b), "-(a + b)"),
        (a - 2 * (b - a), "a - 2*(b - a)"),
        (x.add(a, x.add(b, t)), "a + b + t"),
        (-(a**2), "-a^2"),
        ((-a) ** 2, "(-a)^2"),
        (a / b / t**2 * w[k], "a/b/t^2*w[k]"),
        (1 / (a + b), "1/(a + b)"),
        (-1 / a, "-1/a"),
        ((1 / a) * b, "1/a*b"),
        (Fraction(1, 2) * a**-b, "1/2*a^(-b)"),
        (x.power(x.power(a, two), Number.of(-1)), "1/(a^2)"),
        (x.power(Number.of(0), Number.of(-1)), "0^(-1)"),
        (a ** x.power(b, t), "a^(b^t)"),
        ((a**b) ** t, "(a^b)^t"),
        (exp(z[i]) / Sum(exp(z[j]), j), "exp(z[i])/Sum_j(exp(z[j]))"),
        (Sum(z[i] - w[i], i) ** 2, "Sum_i(z[i] - w[i])^2"),
        (D(-log(a), a) * b, "d(-log(a))/d(a)*b"),
        (1 / D(b, a), "1/(d(b)/d(a))"),
        (x.Relation.of(Eq(a, b), "<=>", Eq(-a, -b)), "(a = b) <=> (-a = -b)"),
        (argmin(a * b, a, -b), "argmin over a of a*b is -b"),
        (Limit(a / b, a, infinity), "lim(a/b; a -> oo)"),
    ],
)
def test_a_term_reads_well_in_a_message(e: Expr, said: str) -> None:
    assert repr(e) == said


def test_different_terms_read_differently_in_a_message() -> None:
    """Every term that the constructors build from a few parts in three rounds; one reading belongs to one term."""
    terms: dict[Expr, None] = dict.fromkeys([a, b, Number.of(-1), two, Number.of(Fraction(1, 2))])
    for size_ in (5, 14, 40):
        row = list(terms)[:size_]
        for e in row:
            for f in row:
                terms.update(dict.fromkeys((e + f, e * f, e - f)))
                if f != 0:
                    terms[e / f] = None
                if not (isinstance(e, Number) and isinstance(f, Number)):
                    terms[e**f] = None
        terms.update(dict.fromkeys(log(e) for e in row))
    found: dict[str, Expr] = {}
    clashes = [(said, e, found[said]) for e in terms if found.setdefault(said := repr(e), e) != e]
    assert clashes == []
    assert len(found) > 3000


def test_a_proposition_states_itself_read_from_right_to_left() -> None:
    assert x.Relation.of(a, "<=", b).states(x.Relation.of(b, ">=", a))
    assert Eq(a, b).states(Eq(b, a))
    assert not x.Relation.of(a, "<=", b).states(x.Relation.of(a, ">=", b))
    assert not x.Relation.of(a, "<", b).states(x.Relation.of(a, "<=", b))
    assert x.Relation.of(a, "<", b).flipped == x.Relation.of(b, ">", a)


@pytest.mark.parametrize(
    ("size_", "known"),
    [(Number.of(1), True), (Number.of(7), True), (K, True), (K * N, True), (K + 1, True), (2 * K, True),
     (Number.of(0), False), (Number.of(-2), False), (Number.of(Fraction(3, 2)), False), (a, False), (t, False),
     (K - 1, False), (K / 2, False), (K**2, False), (k, False)],
)  # fmt: skip
def test_which_terms_are_sizes(size_: Expr, known: bool) -> None:
    assert x.is_size(size_) is known


@pytest.mark.parametrize(
    ("position", "size_", "known"),
    [(k, K, True), (n, K, False), (Number.of(1), K, True), (Number.of(2), K, False), (Number.of(2), Number.of(2), True),
     (Number.of(3), Number.of(2), False), (Number.of(Fraction(3, 2)), Number.of(2), False), (Number.of(0), K, False),
     (Number.of(1), Number.of(0), False), (index("o", 0), Number.of(0), False), (a, K, False), (z[k], K, False)],
)  # fmt: skip
def test_which_indices_are_known_to_be_in_range(position: Expr, size_: Expr, known: bool) -> None:
    assert x.in_range(position, size_) is known
