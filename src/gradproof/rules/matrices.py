"""Inverses and determinants of square matrices, entry by entry.

Contract. A matrix is an array or a definition with two indices of one range. `constant` counts every symbol of the
matrix as one that its inverse and its determinant depend on; a derivative in one entry moves that entry alone, so what
makes a matrix symmetric does not hold below it.

Examples and counterexamples: `gradproof.rules.examples.matrices`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradproof.expression import (
    REAL,
    Array,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Number,
    OfMatrix,
    Optimum,
    Product,
    Relation,
    Sum,
    Vector,
    abstract,
    fresh_letter,
    instantiate,
    mul,
    names,
    power,
)
from gradproof.rule import Condition, Rule, constant, independent, nonnegative, nonzero, positive
from gradproof.rules.terms import equal

Matrix = Array | Definition
MINUS_ONE = Number.of(-1)


def inverse(m: Matrix, i: Expr, j: Expr) -> OfMatrix:
    return OfMatrix.of("inverse", m, (i, j))


def det(m: Matrix) -> OfMatrix:
    return OfMatrix.of("det", m)


def letters(wanted: str, size: Expr, *around: Expr) -> Iterator[Index]:
    """Indices that nothing in `around` mentions, to be bound."""
    taken = {name for e in around for name in names(e)}
    for hint in wanted:
        letter = fresh_letter(hint, taken)
        taken.add(letter)
        yield Index.of(letter, size)


def invertible(m: Matrix, **_: object) -> tuple[Condition, ...]:
    return (nonzero(det(m)),)


def inverse_times_matrix(m: Matrix, i: Expr, k: Expr) -> Relation:
    (j,) = letters("j", m.shape[0], inverse(m, i, k))
    return equal(Sum.over(j, mul(inverse(m, i, j), m[j, k])), Delta((i, k)))


def matrix_times_inverse(m: Matrix, i: Expr, k: Expr) -> Relation:
    (j,) = letters("j", m.shape[0], inverse(m, i, k))
    return equal(Sum.over(j, mul(m[i, j], inverse(m, j, k))), Delta((i, k)))


def derivative_of_inverse(m: Matrix, i: Expr, j: Expr, x: Expr) -> Relation:
    whole = inverse(m, i, j)
    a, b = letters("ab", m.shape[0], whole, x)
    inner = mul(inverse(m, i, a), Derivative.of(m[a, b], x), inverse(m, b, j))
    return equal(Derivative.of(whole, x), mul(MINUS_ONE, Sum.over(a, Sum.over(b, inner))))


def derivative_of_determinant(m: Matrix, x: Expr) -> Relation:
    a, b = letters("ab", m.shape[0], det(m), x)
    inner = mul(inverse(m, b, a), Derivative.of(m[a, b], x))
    return equal(Derivative.of(det(m), x), mul(det(m), Sum.over(a, Sum.over(b, inner))))


def symmetric_inverse(m: Matrix, i: Expr, j: Expr) -> Relation:
    return equal(inverse(m, i, j), inverse(m, j, i))


def is_symmetric(m: Matrix, i: Expr, j: Expr) -> tuple[Condition, ...]:
    return (Condition("symmetric", (m[i, j],)),)


def of_one_size(m: Matrix, *parts: Matrix) -> None:
    """Entries may agree where one matrix is larger than the other; determinants then do not."""
    if any(a.shape != m.shape for a in parts):
        raise ValueError(f"{m.name} and what it is made of must have as many rows and columns")


def determinant_of_product(m: Matrix, a: Matrix, b: Matrix) -> Relation:
    of_one_size(m, a, b)
    return equal(det(m), mul(det(a), det(b)))


def is_product(m: Matrix, a: Matrix, b: Matrix) -> tuple[Condition, ...]:
    i, j, k = letters("ijk", m.shape[0], det(m), det(a), det(b))
    return (Condition("identity", (equal(m[i, k], Sum.over(j, mul(a[i, j], b[j, k]))),)),)


def determinant_of_multiple(m: Matrix, c: Expr, a: Matrix) -> Relation:
    of_one_size(m, a)
    return equal(det(m), mul(power(c, m.shape[0]), det(a)))


def is_multiple(m: Matrix, c: Expr, a: Matrix) -> tuple[Condition, ...]:
    i, j = letters("ij", m.shape[0], det(m), det(a), c)
    return (Condition("identity", (equal(m[i, j], mul(c, a[i, j])),)),)


def determinant_of_diagonal(m: Matrix) -> Relation:
    (i,) = letters("i", m.shape[0], det(m))
    return equal(det(m), Product.over(i, m[i, i]))


def is_diagonal(m: Matrix) -> tuple[Condition, ...]:
    i, j = letters("ij", m.shape[0], det(m))
    return (Condition("identity", (equal(m[i, j], mul(Delta((i, j)), m[i, j])),)),)


def determinant_of_inverse(m: Matrix, a: Matrix) -> Relation:
    of_one_size(m, a)
    return equal(det(m), power(det(a), MINUS_ONE))


def is_inverse(m: Matrix, a: Matrix) -> tuple[Condition, ...]:
    i, j = letters("ij", m.shape[0], det(m), det(a))
    return (Condition("identity", (equal(m[i, j], inverse(a, i, j)),)), nonzero(det(a)))


def by_right_inverse(m: Matrix, value: Expr, i: Index, k: Index) -> Relation:
    return equal(inverse(m, i, k), value)


def right_inverse_premises(m: Matrix, value: Expr, i: Index, k: Index) -> tuple[Expr, ...]:
    """sum_j M_ij value_jk = delta_ik for all i and k."""
    if i == k or not i.size == k.size == m.shape[0]:
        raise ValueError("the row and the column need different letters, over all rows and columns")
    (j,) = letters("j", m.shape[0], inverse(m, i, k), value)
    there = instantiate(abstract(value, (i,)), (j,))
    product = equal(Sum.over(j, mul(m[i, j], there)), Delta((i, k)))
    return (ForAll.over(i, ForAll.over(k, product)),)


def at(entry: Entry | OfMatrix, i: Index, j: Index) -> None:
    """The entry must be the one in row i and column j of a matrix, or of the inverse of one."""
    if i.size != j.size:
        raise ValueError(f"{i.name} and {j.name} must run over one range")
    if entry.args != (i, j) or (isinstance(entry, OfMatrix) and entry.kind != "inverse"):
        raise ValueError(f"{entry!r} is not the entry ({i.name}, {j.name}) of a matrix or of an inverse")


def least(entry: Entry | OfMatrix) -> OfMatrix:
    return OfMatrix.of("least eigenvalue", entry.base)


def quadratic_form(entry: Entry | OfMatrix, i: Index, j: Index, v: Expr) -> Relation:
    at(entry, i, j)
    there = instantiate(abstract(v, (i,)), (j,))
    return Relation.of(Sum.over(i, Sum.over(j, mul(v, entry, there))), ">=", Number.of(0))


def is_semidefinite(entry: Entry | OfMatrix, i: Index, j: Index, v: Expr) -> tuple[Condition, ...]:
    semidefinite = nonnegative if isinstance(entry, Entry) else positive
    return (semidefinite(least(entry)), independent(v, j))


def quadratic_optimum(
    kind: str, f: Expr, x: Array, point: Vector, entry: Entry | OfMatrix, i: Index, j: Index, c: Expr
) -> Expr:
    return Optimum((f, point), (kind, x))


def gradient_premises(
    kind: str, f: Expr, x: Array, point: Vector, entry: Entry | OfMatrix, i: Index, j: Index, c: Expr
) -> tuple[Expr, ...]:
    """The gradient is c M (x - point), or its negative for a maximum."""
    at(entry, i, j)
    row, column = letters("kj", i.size, f, point, entry, c, x[1])
    there = instantiate(abstract(entry, (i, j)), (row, column))
    sign = {"min": c, "max": mul(MINUS_ONE, c)}[kind]
    gradient = mul(sign, Sum.over(column, mul(there, x[column] - point.open(column))))
    return (ForAll.over(row, equal(Derivative.of(f, x[row]), gradient)),)


def free_quadratic(
    kind: str, f: Expr, x: Array, point: Vector, entry: Entry | OfMatrix, i: Index, j: Index, c: Expr
) -> tuple[Condition, ...]:
    if x.domain != REAL or not x.shape == (point.size,) == (i.size,) == (j.size,):
        raise ValueError(f"{x.name} must take all real values, and the point and the matrix have as many")
    fixed = (constant(e, x[1]) for e in (point, least(entry), c))
    return (positive(c), positive(least(entry)), *fixed, Condition("unconstrained", (x,)))  # type: ignore[arg-type]


HJ = "Horn and Johnson 2013, Matrix Analysis"
MN = "Magnus and Neudecker 1999, Matrix Differential Calculus"

RULES = (
    Rule(
        "inverse times matrix", "matrices", r"\sum_j (M^{-1})_{ij} M_{jk} = \delta_{ik}",
        inverse_times_matrix, r"$M^{-1} M = I$", invertible, source=f"{HJ}, section 0.5",
    ),
    Rule(
        "matrix times inverse", "matrices", r"\sum_j M_{ij} (M^{-1})_{jk} = \delta_{ik}",
        matrix_times_inverse, r"$M M^{-1} = I$", invertible, source=f"{HJ}, section 0.5",
    ),
    Rule(
        "derivative of an inverse", "matrices",
        r"\frac{\partial (M^{-1})_{ij}}{\partial x}"
        r" = -\sum_a \sum_b (M^{-1})_{ia} \frac{\partial M_{ab}}{\partial x} (M^{-1})_{bj}",
        derivative_of_inverse, "derivative of an inverse", invertible, source=f"{MN}, section 8.4",
    ),
    Rule(
        "Jacobi's formula", "matrices",
        r"\frac{\partial \det M}{\partial x}"
        r" = \det M \sum_a \sum_b (M^{-1})_{ba} \frac{\partial M_{ab}}{\partial x}",
        derivative_of_determinant, "Jacobi's formula", invertible, source=f"{MN}, section 8.3",
    ),
    Rule(
        "inverse of a symmetric matrix", "matrices", r"(M^{-1})_{ij} = (M^{-1})_{ji}",
        symmetric_inverse, "the inverse of a symmetric matrix is symmetric",
        lambda m, i, j: (*invertible(m), *is_symmetric(m, i, j)), source=f"{HJ}, section 0.5",
    ),
    Rule(
        "right inverse", "matrices", r"\sum_j M_{ij} B_{jk} = \delta_{ik} \ \Rightarrow\ (M^{-1})_{ik} = B_{ik}",
        by_right_inverse, "a square matrix has one inverse", premises=right_inverse_premises,
        source=f"{HJ}, section 0.5",
    ),
    Rule(
        "determinant of a product", "matrices", r"\det (A B) = \det A \det B",
        determinant_of_product, r"$\det (A B) = \det A \det B$", is_product, source=f"{HJ}, section 0.3",
    ),
    Rule(
        "determinant of a multiple", "matrices", r"\det (c A) = c^n \det A",
        determinant_of_multiple, "each of the rows gives a factor", is_multiple, source=f"{HJ}, section 0.3",
    ),
    Rule(
        "determinant of a diagonal matrix", "matrices", r"\det M = \prod_i M_{ii}",
        determinant_of_diagonal, "the determinant of a diagonal matrix", is_diagonal, source=f"{HJ}, section 0.3",
    ),
    Rule(
        "determinant of an inverse", "matrices", r"\det (A^{-1}) = \frac{1}{\det A}",
        determinant_of_inverse, "the determinant of an inverse", is_inverse, source=f"{HJ}, section 0.5",
    ),
    Rule(
        "quadratic form", "matrices", r"\sum_i \sum_j v_i M_{ij} v_j \ge 0",
        quadratic_form, "the matrix is positive semidefinite", is_semidefinite, source=f"{HJ}, section 7.1",
    ),
    Rule(
        "minimum of a quadratic", "matrices",
        r"\frac{\partial f}{\partial x_k} = c \sum_j M_{kj} (x_j - p_j) \ \Rightarrow\ p = \arg\min f",
        quadratic_optimum, "the gradient is a positive definite matrix times the way from the point",
        free_quadratic, gradient_premises, source="Boyd, Vandenberghe 2004, section 9.1.1",
    ),
)  # fmt: skip
