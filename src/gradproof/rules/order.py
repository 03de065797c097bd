"""Inequalities, and equivalences between equations or inequalities.

Examples and counterexamples: `gradproof.rules.examples.order`.
"""

from __future__ import annotations

from gradproof.expression import Expr, ForAll, Function, Index, Number, Relation, Sum, add, mul, substitute
from gradproof.rule import Condition, Rule, in_range, nonnegative, nonzero, positive
from gradproof.rules.terms import log

ZERO, ONE = Number.of(0), Number.of(1)


def iff(left: Expr, right: Expr) -> Relation:
    return Relation.of(left, "<=>", right)


def log_bound(x: Expr) -> Relation:
    return Relation.of(log(x), "<=", add(x, -ONE))


def log_bound_below(x: Expr) -> Relation:
    return Relation.of(log(x), ">=", add(ONE, -(ONE / x)))


def log_tangent(x: Expr, c: Expr) -> Relation:
    return Relation.of(log(x), "<=", add(x / c, -ONE, log(c)))


def one_term(body: Expr, index: Index, at: Expr) -> Relation:
    return Relation.of(Sum.over(index, body), ">=", substitute(body, index, at))


def exp_bound(x: Expr) -> Relation:
    return Relation.of(Function((x,), ("exp",)), ">=", add(ONE, x))


def comparison(claim: Relation) -> str:
    """The operator of a relation between numbers."""
    if claim.operator == "<=>":
        raise ValueError("a relation between numbers is needed, not an equivalence")
    return claim.operator


def monotone_log(a: Expr, b: Expr, claim: Relation) -> Relation:
    return iff(Relation.of(a, comparison(claim), b), Relation.of(log(a), comparison(claim), log(b)))


def monotone_exp(a: Expr, b: Expr, claim: Relation) -> Relation:
    e = [Function((t,), ("exp",)) for t in (a, b)]
    return iff(Relation.of(a, comparison(claim), b), Relation.of(e[0], comparison(claim), e[1]))


def scaled_equation(claim: Relation, factor: Expr) -> Relation:
    left, right = claim.args
    return iff(claim, Relation.of(mul(factor, left), comparison(claim), mul(factor, right)))


def scaling_conditions(claim: Relation, factor: Expr) -> tuple[Condition, ...]:
    return (nonzero(factor),) if claim.operator in ("=", "!=") else (positive(factor),)


def tight_log_bound(weight: Expr, x: Expr, index: Index) -> Relation:
    gap = mul(weight, add(x, -ONE, -log(x)))
    everywhere = ForAll.over(index, Relation.of(x, "=", ONE))
    return iff(Relation.of(Sum.over(index, gap), "=", ZERO), everywhere)


def zero_sum(body: Expr, index: Index) -> Relation:
    everywhere = ForAll.over(index, Relation.of(body, "=", ZERO))
    return iff(Relation.of(Sum.over(index, body), "=", ZERO), everywhere)


def by_difference(a: Expr, b: Expr, claim: Relation) -> Relation:
    return Relation.of(a, comparison(claim), b)


def difference_premises(a: Expr, b: Expr, claim: Relation) -> tuple[Expr, ...]:
    return (Relation.of(a - b, comparison(claim), ZERO),)


RULES = (
    Rule(
        "sign of the difference", "order", r"a - b \ge 0 \ \Rightarrow\ a \ge b", by_difference,
        "the difference has this sign", premises=difference_premises,
        source="addition keeps the order",
    ),
    Rule(
        "log x <= x - 1", "order", r"\log x \le x - 1", log_bound, r"$\log x \le x - 1$", lambda x: (positive(x),),
        source="log is concave and lies below its tangent at 1",
    ),
    Rule(
        "log x >= 1 - 1/x", "order", r"\log x \ge 1 - \frac{1}{x}", log_bound_below,
        r"$\log x \ge 1 - 1/x$", lambda x: (positive(x),), source="log x <= x - 1 at 1/x",
    ),
    Rule(
        "tangent of log", "order", r"\log x \le \frac{x}{c} - 1 + \log c", log_tangent,
        r"log lies below its tangents", lambda x, c: (positive(x), positive(c)),
        source="log x <= x - 1 at x / c",
    ),
    Rule(
        "one term of a sum", "order", r"\sum_j f_j \ge f_t \text{ where all } f_j \ge 0", one_term,
        "a sum of nonnegative terms is at least each of them",
        lambda body, index, at: (nonnegative(body), in_range(at, index.size)),
        source="induction on the number of terms",
    ),
    Rule(
        "exp x >= 1 + x", "order", r"e^x \ge 1 + x", exp_bound, r"$e^x \ge 1 + x$",
        source="exp is convex and lies above its tangent at 0",
    ),
    Rule(
        "log is increasing", "order", r"a > b \iff \log a > \log b", monotone_log, "log is strictly increasing",
        lambda a, b, claim: (positive(a), positive(b)),
        source="its derivative 1/x is positive",
    ),
    Rule(
        "exp is increasing", "order", r"a > b \iff e^a > e^b", monotone_exp, "exp is strictly increasing",
        source="its derivative is positive",
    ),
    Rule(
        "scaling a relation", "order", r"a = b \iff c a = c b", scaled_equation, "multiply both sides",
        scaling_conditions,
        source="the reals are an ordered field",
    ),
    Rule(
        "log x = x - 1 only at 1", "order",
        r"\sum_j w_j (x_j - 1 - \log x_j) = 0 \iff x_j = 1 \text{ for all } j", tight_log_bound,
        r"$x - 1 - \log x \ge 0$ with equality only at $x = 1$",
        lambda weight, x, index: (positive(weight), positive(x)),
        source="log is strictly concave; no weight is 0",
    ),
    Rule(
        "sum of nonnegative terms", "order", r"\sum_j f_j = 0 \iff f_j = 0 \text{ for all } j", zero_sum,
        "a sum of nonnegative terms vanishes only if each does", lambda body, index: (nonnegative(body),),
        source="no term makes up for a positive one",
    ),
)  # fmt: skip
