"""Functions as terms: of a number, entry by entry, and of whole vectors.

Contract. The functions of vectors are written out by their definitions, so that nothing but sums, exponentials and
logarithms is left of softmax, entropy, cross-entropy, Kullback-Leibler divergence, log-sum-exp and diag.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from gradproof.expression import Delta, Expr, Function, Mul, Number, Pow, add, divide, mul, power
from gradproof.notation import clip, maximum, minimum
from gradproof.reader.meaning.tensors import Mismatch, Tensor, Value, combined, described, mapped, signed, summed

ZERO, ONE = Number.of(0), Number.of(1)

MAX_BITS, MAX_EXPONENT = 4096, 10_000


class TooLarge(Exception):
    """A number that nobody writes into a formula."""


def call(name: str, *args: Expr) -> Expr:
    if name in OF_NUMBERS:
        return OF_NUMBERS[name](*args)
    return power(args[0], Number.of(Fraction(1, 2))) if name == "sqrt" else Function(args, (name,))


def applied(name: str, args: tuple[Value, ...]) -> Value:
    """A function of numbers; of tensors, entry by entry."""
    scalars = tuple(a for a in args if isinstance(a, Expr))
    if len(scalars) == len(args):
        return call(name, *scalars)
    if len(args) > 1:
        raise Mismatch(f"{name} of {', '.join(described(a) for a in args if isinstance(a, Tensor))}")
    (only,) = args
    assert isinstance(only, Tensor)
    return mapped(lambda e: call(name, e), only)


def exponential(e: Expr) -> Expr:
    return call("exp", e)


def logarithm(e: Expr) -> Expr:
    return call("log", e)


def _vector(a: Value, name: str) -> Tensor:
    if not isinstance(a, Tensor) or len(a.shape) != 1 or a.ones:
        raise Mismatch(f"{name} of {described(a) if isinstance(a, Tensor) else 'a number'}")
    return a


def softmax(z: Tensor) -> Tensor:
    total = summed(z.shape[0], lambda j: exponential(z.entry((j,))), "j")
    return mapped(lambda e: divide(exponential(e), total), z)


def log_softmax(z: Tensor) -> Tensor:
    return mapped(logarithm, softmax(z))


def logsumexp(z: Tensor) -> Expr:
    return logarithm(summed(z.shape[0], lambda j: exponential(z.entry((j,))), "j"))


def diag(p: Tensor) -> Tensor:
    return Tensor(p.shape * 2, lambda i: mul(Delta(i), p.entry(i[:1])))


def entropy(p: Tensor) -> Expr:
    return cross_entropy(p, p)


def cross_entropy(p: Tensor, q: Tensor) -> Expr:
    _alike(p, q)
    return signed(-1, summed(p.shape[0], lambda i: mul(p.entry((i,)), logarithm(q.entry((i,)))), "i"))


def kl(p: Tensor, q: Tensor) -> Expr:
    _alike(p, q)
    ratio = combined(lambda a, b: mul(a, logarithm(divide(a, b))), p, q)
    return summed(p.shape[0], lambda i: ratio.entry((i,)), "i")


def _alike(p: Tensor, q: Tensor) -> None:
    if p.shape != q.shape:
        raise Mismatch(f"{described(p)} and {described(q)}")


OF_VECTORS: dict[str, Callable[..., Value]] = {
    "softmax": softmax,
    "log_softmax": log_softmax,
    "logsumexp": logsumexp,
    "diag": diag,
    "entropy": entropy,
    "cross_entropy": cross_entropy,
    "kl": kl,
}


def of_vectors(name: str, args: tuple[Value, ...]) -> Value:
    return OF_VECTORS[name](*(_vector(a, name) for a in args))


def largest(*args: Expr) -> Expr:
    """max(0, a) is relu(a); else max(a, b) is b + relu(a - b)."""
    first, second, *rest = args
    if rest:
        return largest(largest(first, second), *rest)
    if second == ZERO:
        first, second = second, first
    return call("relu", second) if first == ZERO else maximum(first, second)


def least(*args: Expr) -> Expr:
    first, second, *rest = args
    return least(minimum(first, second), *rest) if rest else minimum(first, second)


def positive(e: Expr) -> Expr:
    """1 where e > 0, else 0."""
    return call("step", e)


def _minus(one: Expr, other: Expr) -> Expr:
    return one if other == ZERO else add(one, signed(-1, other))


def _opposite(e: Expr) -> Expr:
    return add(ONE, signed(-1, e))


COMPARISONS: dict[str, Callable[[Expr, Expr], Expr]] = {
    ">": lambda a, b: positive(_minus(a, b)),
    "<": lambda a, b: positive(_minus(b, a)),
    ">=": lambda a, b: _opposite(positive(_minus(b, a))),
    "<=": lambda a, b: _opposite(positive(_minus(a, b))),
    "=": lambda a, b: Delta((a, b)),
    "!=": lambda a, b: _opposite(Delta((a, b))),
}

OF_NUMBERS: dict[str, Callable[..., Expr]] = {"largest": largest, "least": least, "clip": clip}


def product(factors: list[Expr]) -> Expr:
    """The product; numbers that grow without bound are refused."""
    bits = sum(_bits(f) for f in factors)
    if bits > MAX_BITS:
        raise TooLarge
    return mul(*factors)


def inverses(denominator: Expr) -> list[Expr]:
    """The factors of a denominator inverted one by one, in their order."""
    parts = denominator.args if isinstance(denominator, Mul) else (denominator,)
    return [power(p.args[0], signed(-1, p.args[1])) if isinstance(p, Pow) else power(p, Number.of(-1)) for p in parts]


def quotient(numerator: Expr, denominator: Expr) -> Expr:
    return product([numerator, *inverses(denominator)])


def raised(base: Expr, exponent: Expr) -> Expr:
    if isinstance(exponent, Number):
        size = abs(exponent.value)
        evaluated = isinstance(base, Number) and size <= 64
        if size > MAX_EXPONENT or (evaluated and _bits(base) * size > MAX_BITS):
            raise TooLarge
    return power(base, exponent)


def _bits(e: Expr) -> int:
    front = e.args[0] if e.args and isinstance(e.args[0], Number) else e
    if not isinstance(front, Number):
        return 0
    return front.value.numerator.bit_length() + front.value.denominator.bit_length()
