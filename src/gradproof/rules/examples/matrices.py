"""Examples and counterexamples of the rules of `gradproof.rules.matrices`."""

from __future__ import annotations

from collections.abc import Mapping

from gradproof.expression import Array, Definition, Delta, Expr, OfMatrix, Sum, Vector
from gradproof.rule import Bindings, Counterexample
from gradproof.rules.examples.letters import ONE, K, W, a, define, i, j, k, n, number, r, s, t, w, y, z

A = Array("A", (K, K))  # any matrix
G = define("G", (i, k), s * Delta((i, k)) + Sum.over(n, W[n, i] * W[n, k]))  # positive definite, by its form
D = define("D", (i, k), y[i] * Delta((i, k)))
ONES = define("Z", (i, k), z[i] * z[k])  # symmetric, of rank one


ZERO = define("O", (i, k), 0 * z[i] * z[k])
BOWL = Sum.over(i, Sum.over(j, (w[i] - z[i]) * G[i, j] * (w[j] - z[j]))) / 2


def quadratic(kind: str, f: Expr, m: Definition, at: Expr, c: Expr = ONE) -> Bindings:
    """The family with members `at` is said to be the optimum of f, over w."""
    return {"kind": kind, "f": f, "x": w, "point": Vector.over(i, at), "entry": m[i, j], "i": i, "j": j, "c": c}


def inverse_of(m: Array | Definition) -> Definition:
    return define("P", (i, k), OfMatrix.of("inverse", m, (i, k)))


EXAMPLES: Mapping[str, tuple[Bindings, ...]] = {
    "inverse times matrix": ({"m": G, "i": i, "k": k}, {"m": D, "i": k, "k": k}),
    "matrix times inverse": ({"m": G, "i": i, "k": k}, {"m": D, "i": i, "k": i}),
    "derivative of an inverse": (
        {"m": G, "i": i, "j": j, "x": s},
        {"m": G, "i": i, "j": j, "x": W[n, k]},
        {"m": D, "i": i, "j": j, "x": y[k]},
    ),
    "Jacobi's formula": ({"m": G, "x": s}, {"m": G, "x": W[n, k]}),
    "inverse of a symmetric matrix": ({"m": G, "i": i, "j": j}, {"m": inverse_of(G), "i": i, "j": j}),
    "right inverse": (
        {"m": D, "value": Delta((i, k)) / y[i], "i": i, "k": k},
        {"m": inverse_of(G), "value": G[i, k], "i": i, "k": k},
    ),
    "determinant of a product": (
        {"m": define("H", (i, k), Sum.over(j, G[i, j] * D[j, k])), "a": G, "b": D},
        {"m": define("H", (i, k), y[i] * A[i, k]), "a": D, "b": A},
    ),
    "determinant of a multiple": (
        {"m": define("H", (i, k), r * G[i, k]), "c": r, "a": G},
        {"m": define("H", (i, k), 2 * A[i, k]), "c": number(2), "a": A},
    ),
    "determinant of a diagonal matrix": ({"m": D}, {"m": define("E", (i, k), Delta((i, k)))}),
    "determinant of an inverse": ({"m": inverse_of(G), "a": G}, {"m": inverse_of(D), "a": D}),
    "quadratic form": (
        {"entry": G[i, j], "i": i, "j": j, "v": z[i]},
        {"entry": ONES[i, j], "i": i, "j": j, "v": W[n, i]},
        {"entry": OfMatrix.of("inverse", G, (i, j)), "i": i, "j": j, "v": z[i]},
    ),
    "minimum of a quadratic": (quadratic("min", BOWL, G, z[i]), quadratic("max", -BOWL, G, z[i])),
}

COUNTEREXAMPLES: Mapping[str, tuple[Counterexample, ...]] = {
    "inverse times matrix": (
        Counterexample({"m": A, "i": i, "k": k}, "nonzero", "A may be singular: there is no inverse then."),
    ),
    "matrix times inverse": (
        Counterexample({"m": ONES, "i": i, "k": k}, "nonzero", "A matrix of rank one has an inverse for K = 1 only."),
    ),
    "derivative of an inverse": (
        Counterexample({"m": A, "i": i, "j": j, "x": A[k, t]}, "nonzero", "A singular A has no inverse to move."),
    ),
    "Jacobi's formula": (
        Counterexample(
            {"m": A, "x": A[k, t]}, "nonzero", "The determinant has a derivative at A = 0, and A has no inverse there."
        ),
    ),
    "inverse of a symmetric matrix": (
        Counterexample({"m": ONES, "i": i, "j": j}, "nonzero", "The matrix of rank one has no inverse."),
        Counterexample({"m": A, "i": i, "j": j}, "symmetric", "A positive definite A need not be symmetric."),
    ),
    "right inverse": (
        Counterexample(
            {"m": D, "value": Delta((i, k)), "i": i, "k": k}, "premise", "D is its own inverse for y = 1 only."
        ),
        Counterexample(
            {"m": D, "value": 1 / y[i], "i": i, "k": i}, "form", "On the diagonal alone, nothing is said of the rest."
        ),
    ),
    "determinant of a product": (
        Counterexample({"m": G, "a": G, "b": D}, "identity", "G is not the product of G and D."),
    ),
    "determinant of a multiple": (
        Counterexample({"m": G, "c": r, "a": G}, "identity", "A matrix is not a multiple of itself unless r = 1."),
        Counterexample(
            {"m": define("H", (i, k), y[i] * G[i, k]), "c": y[i], "a": G},
            "identity",
            "Every row has a factor of its own.",
        ),
    ),
    "determinant of a diagonal matrix": (Counterexample({"m": G}, "identity", "G has entries beside its diagonal."),),
    "determinant of an inverse": (
        Counterexample({"m": G, "a": G}, "identity", "Few matrices are their own inverse."),
        Counterexample({"m": inverse_of(A), "a": A}, "nonzero", "A may be singular, and then neither side is defined."),
    ),
    "quadratic form": (
        Counterexample({"entry": A[i, j], "i": i, "j": j, "v": z[i]}, "nonnegative", "A may be negative definite."),
        Counterexample(
            {"entry": OfMatrix.of("inverse", ONES, (i, j)), "i": i, "j": j, "v": z[i]},
            "positive",
            "A semidefinite matrix need not have an inverse.",
        ),
        Counterexample(
            {"entry": G[i, j], "i": i, "j": j, "v": z[i] * w[j]},
            "independent",
            "The two vectors would differ.",
        ),
        Counterexample({"entry": G[i, k], "i": i, "j": j, "v": z[i]}, "form", "The entry is in another column."),
    ),
    "minimum of a quadratic": (
        Counterexample(quadratic("min", BOWL, G, 2 * z[i]), "premise", "The gradient vanishes at z, not at 2 z."),
        Counterexample(
            quadratic("min", -BOWL, G, 2 * w[i] - z[i]), "constant", "The point moves with w, and no w is the minimum."
        ),
        Counterexample(quadratic("min", -BOWL, G, z[i], -ONE), "positive", "With c = -1 the point is the maximum."),
        Counterexample(quadratic("min", a * ONE, ZERO, z[i]), "positive", "A constant is as small anywhere."),
        Counterexample(quadratic("min", BOWL, G, z[i]), "unconstrained", "A w that must be z + 1 cannot be z."),
        Counterexample(
            {**quadratic("min", BOWL, G, z[i]), "x": y},
            "form",
            "All y are positive, z need not be.",
        ),
    ),
}
