"""Square matrices: inverse, determinant, definiteness, symmetry.

Contract. A matrix is an array or a definition with two indices of one range; these words make terms of its entries, or
hypotheses about all of them.

Blind spot. `positive_definite` says nothing of symmetry, and `symmetric` holds at the point only, not where a
derivative moves one entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradproof import expression as x
from gradproof.derivation import Given
from gradproof.expression import Array, Definition, Expr
from gradproof.notation.claims import Eq
from gradproof.notation.names import indices


@dataclass(frozen=True)
class Inverse:
    """The inverse of a square matrix, by entries: inverse(M)[i, j]."""

    matrix: Array | Definition

    def __getitem__(self, index: tuple[Expr | int, Expr | int]) -> Expr:
        return x.OfMatrix.of("inverse", self.matrix, index)


def inverse(m: Array | Definition) -> Inverse:
    """The inverse of a matrix that is given invertible, or positive definite by what is given or by its form."""
    return Inverse(m)


def det(m: Array | Definition) -> Expr:
    """The determinant; log(det(M)) where it is positive."""
    return x.OfMatrix.of("det", m)


def positive_definite(m: Array | Definition) -> Given:
    """x^T M x > 0 for every x but 0. Nothing is said of M being symmetric: see `symmetric`."""
    return Given(x.OfMatrix.of("least eigenvalue", m) > 0)


def symmetric(m: Array, letters: str = "i j") -> Given:
    """M_ij = M_ji: so it is at the point where a derivative is taken, but the derivative moves one entry alone."""
    i, j = indices(letters, m.shape[0])
    return Given(Eq(m[i, j], m[j, i]), (i, j))
