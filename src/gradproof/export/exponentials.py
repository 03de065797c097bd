"""Terms that are exponentials in disguise: e^a, 1, sum_j w_j e^{f_j}, their products and powers.

Contract. `exponent(e)` is a term a with e = exp(a) wherever e is defined; powers of sums become multiples of their
logarithm, which is how log-sum-exp enters. `signs` says which weights are positive.

Blind spot. A sum whose weights are not known to be positive is not an exponential here.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from gradproof.expression import Add, Expr, Mul, Number, Pow, Sum, mul
from gradproof.signs import Signs

from .terms import ONE, addends, called, coefficient, collected, factors, flat, function, negative

ZERO = Number.of(0)


def exponent(e: Expr, signs: Signs) -> Expr | None:
    """a where e = exp(a): for exponentials, 1, sums of exponentials, their powers, and positive multiples of them."""
    if called(e, "exp"):
        return e.args[0]
    if e == ONE:
        return ZERO
    if is_sum_of_exponentials(e, signs):
        return function("log", e)
    if isinstance(e, Pow) and (inner := exponent(e.args[0], signs)) is not None:
        return mul(e.args[1], inner)
    return _of_product(e, signs) if isinstance(e, Mul) and has_exponential(e) and signs.positive(e) else None


def _of_product(e: Mul, signs: Signs) -> Expr:
    """The exponent of a positive product, a weight w as log w."""
    found: list[Expr] = []
    for f in e.args:
        a = None if isinstance(f, Number) else exponent(f, signs)
        found.append(function("log", f) if a is None else a)
    return collected(found)


def is_sum_of_exponentials(e: Expr, signs: Signs) -> bool:
    """sum_j w_j e^{f_j} with positive w, or a sum of such sums; or e^a + e^b + ... of finitely many."""
    if isinstance(e, Sum):
        return has_exponential(e.args[1]) and signs.positive(e)
    if isinstance(e, Add):
        return all(t == ONE or (has_exponential(t) and signs.positive(t)) for t in e.args)
    return False


def is_plain_sum(e: Expr, signs: Signs) -> bool:
    """A sum of exponentials without weights."""
    body = e
    while isinstance(body, Sum):
        body = body.args[1]
    return isinstance(e, Sum) and called(body, "exp") and signs.positive(e)


def has_exponential(e: Expr) -> bool:
    """Whether a factor of the term is an exponential, or a sum of them."""
    return any(
        called(f, "exp")
        or (isinstance(f, Sum) and has_exponential(f.args[1]))
        or (isinstance(f, Pow) and has_exponential(f.args[0]))
        for f in factors(e)
    )


def merged(e: Mul, signs: Signs) -> Expr | None:
    """The product with its exponentials made one, where there are several; a product of softmaxes stays one."""
    found: list[Expr] = []
    plain: list[Expr] = []
    sums: list[Expr] = []
    for f in e.args:
        if is_plain_sum(f, signs):
            sums.append(f)
        elif not isinstance(f, Number | Sum | Add) and (a := exponent(f, signs)) is not None:
            found.append(a)
        else:
            plain.append(f)
    if len(found) + len(sums) < 2 or not found or (not sums and all(is_normalised(a, signs) for a in found)):
        return None
    total = collected([*found, *(function("log", s) for s in sums)])
    return mul(*plain, function("exp", total))


def is_normaliser(a: Expr, signs: Signs) -> bool:
    """Whether the exponent divides by a sum of exponentials: it has a term -c * log sum_j e^{f_j}."""
    return any(_log_of_sum(t, signs) and coefficient(t)[0] < 0 for t in flat([a]))


def is_normalised(a: Expr, signs: Signs) -> bool:
    """Whether the exponent is a difference f - log sum_j e^{f_j}, or like one."""
    return is_normaliser(a, signs) and not all(_log_of_sum(t, signs) for t in flat([a]))


def has_bare_exponential(e: Expr, signs: Signs) -> bool:
    """Whether a factor of the term is an exponential that is not divided by a sum, or a sum of such."""
    for f in factors(e):
        if called(f, "exp") and not is_normalised(f.args[0], signs):
            return True
        if isinstance(f, Sum) and any(has_bare_exponential(t, signs) for t in addends(f.args[1])):
            return True
        if isinstance(f, Pow) and has_bare_exponential(f.args[0], signs):
            return True
    return False


def _log_of_sum(term: Expr, signs: Signs) -> bool:
    return any(called(f, "log") and is_sum_of_exponentials(f.args[0], signs) for f in factors(term))


def log_of_sum(terms: Iterable[Expr], signs: Signs) -> Expr | None:
    """log(e^a + e^b + ...) by softplus, one term after another, where all terms are exponentials."""
    found = [exponent(t, signs) for t in terms]
    exponents = sorted((a for a in found if a is not None), key=lambda a: a == ZERO)  # 1 last: softplus(x) alone
    if len(exponents) < len(found) or exponents[0] == ZERO:
        return None
    total = exponents[0]
    for a in exponents[1:]:
        gap = collected([total, negative(a)])
        total = collected([a, function("softplus", gap)])
    return total


def one_minus(number: Fraction, argument: Expr) -> Expr:
    """n - n * e^a as -n * expm1(a)."""
    return mul(Number.of(-number), function("expm1", argument))
