"""What was once read wrongly without a word: each is now read right, or refused."""

from __future__ import annotations

import pytest

from gradproof.errors import GradproofError
from gradproof.expression import REAL, Index
from gradproof.notation import Eq, Sum, given, indices, matrix, scalar, size, vector
from gradproof.reader import Environment, NotReadable, ReadError, read_many, read_relation

K = size("K")
i, j, k, t = indices("i j k t", K)
z, a, x = (vector(name, K) for name in "zax")
W = matrix("w", K, K)
VECTOR, SQUARE = r"z \in \mathbb{R}^K", r"\mathbf{w} \in \mathbb{R}^{K \times K}"


def refused(kind: type[GradproofError], words: str, **request: object) -> None:
    with pytest.raises(kind, match=words):
        read_many(**request)  # type: ignore[arg-type]


# -- index capture -----------------------------------------------------------------------------------------------------


def test_a_vector_defined_by_a_sum_does_not_take_the_letter_of_the_sum() -> None:
    found = read_many(loss="v_1", lets=[r"\mathbf{v} = \sum_{i=1}^{K} a_i \mathbf{w}_i"], givens=[SQUARE])
    (v,) = found.definitions
    assert found.loss == v[1]
    assert v.unfold((k,)) == Sum(a[i] * W[i, k], i)


def test_a_vector_defined_with_a_free_index_does_not_take_its_letter() -> None:
    lets, givens = [r"\mathbf{v} = a_i \mathbf{z}"], [VECTOR, r"a \in \mathbb{R}^K"]
    refused(ReadError, "a vector that depends on a free index", loss="v_1", lets=lets, givens=givens)


@pytest.mark.parametrize(("let", "loss"), [("d_i = z_i - z_t", r"\sum_{t=1}^{K} d_t"), ("L = -z_t", r"\sum_t^K L")])
def test_an_index_that_a_definition_leaves_out_is_not_caught_by_a_sum(let: str, loss: str) -> None:
    refused(ReadError, "depends on t by its definition, and t is bound here", loss=loss, lets=[let], givens=[VECTOR])


def test_the_entries_of_a_relation_are_not_at_an_index_that_a_definition_leaves_out() -> None:
    known = Environment().given(VECTOR).let("L = -z_k")
    (said,) = read_relation(r"\nabla_{\mathbf{z}} L = \mathbf{z}", known)
    assert {n.name for n in said.relation.free if isinstance(n, Index)} == {"i", "k"}


def test_a_loss_is_a_number() -> None:
    refused(ReadError, "is a vector or matrix here", loss=r"\mathbf{z}", wrt=r"\mathbf{z}", givens=[VECTOR])


# -- hypotheses that say less than was read ----------------------------------------------------------------------------


def test_a_positive_diagonal_is_not_a_positive_matrix() -> None:
    found = read_many(loss=r"\sum_{i=1}^K A_{ii} + A_{1,2}", givens=["A_{ii} > 0"])
    A = matrix("A", K, K)
    assert found.givens == (given(A[i, i] > 0, i),)
    assert found.loss == Sum(A[i, i], i) + A[1, 2]


def test_what_is_said_at_the_labels_is_not_said_of_all_entries() -> None:
    found = read_many(loss=r"-\sum_{n=1}^N \log p_{n,y_n}", givens=[r"y_n \in \{1, \dots, K\}", "p_{n,y_n} > 0"])
    assert {a.name: a.domain for a in found.environment.arrays}["p"] == REAL
    assert len(found.givens) == 1


def test_a_set_is_not_given_for_one_entry() -> None:
    words = "a set is given for a symbol or all entries"
    refused(ReadError, words, loss=r"\sum_{i=1}^K x_i", givens=[r"x_1 \in [0, 1]"])


@pytest.mark.parametrize("declared", [(), (r"K \in \mathbb{N}",)])
def test_what_is_said_of_a_size_is_kept(declared: tuple[str, ...]) -> None:
    found = read_many(loss=r"\sum_{i=1}^{K} x_i / (K - 1)", givens=[*declared, "K > 1"])
    assert found.givens == (given(K > 1),)
    assert found.loss == Sum(x[i] / (K - 1), i)


def test_a_letter_of_the_loss_is_not_every_letter() -> None:
    assert read_many(loss="z_t - s", givens=["s = z_t", VECTOR]).givens == (given(Eq(scalar("s"), z[t])),)
    assert read_many(loss="z_k - s", givens=["s = z_t", VECTOR]).givens == (given(Eq(scalar("s"), z[t]), t),)


def test_the_shape_that_is_said_of_a_defined_name_is_heard() -> None:
    request = {"lets": ["p_i = e^{z_i}"], "givens": [r"p \in \mathbb{R}^N"]}
    refused(ReadError, "one index with two ranges", loss=r"\sum_{i=1}^K p_i", **request)
    assert read_many(loss="p_i", **request).definitions[0].shape == (size("N"),)  # type: ignore[arg-type]


def test_one_declared_row_is_not_an_array_of_numbers() -> None:
    givens = [r"x_n \in \mathbb{R}^D", r"w \in \mathbb{R}^D"]
    refused(ReadError, "x_n is declared as one vector", loss=r"\sum_{n=1}^N (w^\top x_n)", givens=givens)
    assert read_many(loss=r"w^\top x_n", givens=givens).loss is not None


# -- sums and expectations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["i+1", "K+i", "T-i", "2i"])
def test_a_sum_is_not_cut_at_the_range_of_its_index(end: str) -> None:
    loss = rf"\sum_{{i=1}}^{{K}} z_i \sum_{{j=1}}^{{{end}}} 1"
    refused(NotReadable, "may be beyond the range of j", loss=loss)


@pytest.mark.parametrize("start", ["i-1", "0", "K-i"])
def test_a_sum_does_not_start_below_1(start: str) -> None:
    loss = rf"\sum_{{i=1}}^{{K}} z_i \sum_{{j={start}}}^{{K}} z_j"
    refused(NotReadable, "a sum that may start below 1", loss=loss)


@pytest.mark.parametrize(
    "bounds", ["_{j=i}^{K}", "_{j=i+1}^{K}", "_{j=1}^{i}", "_{j=1}^{i-1}", "_{j=1}^{K-i+1}", "_{j=2}^{K}"]
)
def test_triangular_sums_within_their_range(bounds: str) -> None:
    found = read_many(loss=rf"\sum_{{i=1}}^{{K}} z_i \sum{bounds} z_j")
    assert {a.shape for a in found.environment.arrays} == {(K,)}


def test_the_outcome_of_an_expectation_is_not_its_place() -> None:
    givens = [r"p \in \mathbb{R}^K"]
    refused(NotReadable, "the values of the outcome x", loss=r"\mathbb{E}_{x \sim p}[x^2]", givens=givens)
    found = read_many(loss=r"\mathbb{E}_{x \sim p}[\mathbb{1}[x = t] z_x]", givens=givens)
    assert found.loss is not None


def test_a_definition_of_a_diagonal_does_not_define_the_matrix() -> None:
    givens = [r"A \in \mathbb{R}^{K \times K}", r"a \in \mathbb{R}^K"]
    refused(ReadError, "each with its own letter", loss="A_{1,2}", lets=["A_{ii} = a_i"], givens=givens)


def test_an_index_may_be_declared_by_its_set() -> None:
    declared = r"t \in \{1, \dots, K\}"
    assert read_many(loss=r"-\log p_t", givens=[declared]).environment.arrays[0].shape == (K,)
    refused(ReadError, "two ranges", loss=r"-\log p_t", givens=[declared, r"p \in \mathbb{R}^N"])


@pytest.mark.parametrize("other", ["i=1}^{K", r"i \in T", "i"])
def test_a_set_is_not_taken_for_the_whole_range(other: str) -> None:
    loss = rf"\frac{{\sum_{{i \in S}} a_i}}{{\sum_{{{other}}} a_i}}"
    refused(NotReadable, "is all of the range of i is not said", loss=loss, givens=[r"a \in \mathbb{R}^K"])


@pytest.mark.parametrize("moving", ["N(i)", "N_i", r"\mathcal{N}_i"])
def test_a_set_that_moves_with_an_index_is_refused(moving: str) -> None:
    loss = rf"\sum_{{i=1}}^K \sum_{{j \in {moving}}} A_{{ij}}"
    refused(NotReadable, "a set that depends on an index", loss=loss, givens=[r"A \in \mathbb{R}^{K \times K}"])
