"""Real numbers of a fixed working precision, and their jets: what the audit calculates with.

Contract. A real is a raw mpmath number (`mpmath.libmp`, about twice as fast as `mpf` objects). A jet is a polynomial in
nilpotent units e_1, e_2, ... (e_n * e_n = 0), so that the coefficient of e_1 e_2 in f(x + e_1 + e_2) is the second
derivative. Whatever is not defined in the reals raises `Undefined`.

Blind spot. The Taylor coefficients of exp, log and powers are written out here; the tests compare them with finite
differences.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import factorial, isfinite
from typing import Any

from mpmath import libmp

from gradproof.expression import Interval

Real = tuple[int, int, int, int]  # sign, mantissa, exponent, bits: mpmath's own representation
ZERO: Real = libmp.fzero
ONE: Real = libmp.fone
HALF: Real = libmp.fhalf
MINUS: Real = libmp.fnone
real_add: Callable[[Real, Real, int, str], Real] = libmp.mpf_add
real_sub: Callable[[Real, Real, int, str], Real] = libmp.mpf_sub
real_mul: Callable[[Real, Real, int, str], Real] = libmp.mpf_mul
real_abs: Callable[[Real], Real] = libmp.mpf_abs
real_neg: Callable[[Real], Real] = libmp.mpf_neg
from_int: Callable[[int], Real] = libmp.from_int
from_float: Callable[[float], Real] = libmp.from_float
from_rational: Callable[[int, int, int, str], Real] = libmp.from_rational
_divide: Callable[[Real, Real, int, str], Real] = libmp.mpf_div
_real_power: Callable[[Real, Real, int, str], Real] = libmp.mpf_pow
_integer_power: Callable[[Real, int, int, str], Real] = libmp.mpf_pow_int
_pi: Callable[[int, str], Real] = libmp.mpf_pi
LARGEST_EXPONENT = 400  # exp of anything beyond 2**400 would not fit into memory


class Undefined(ArithmeticError):
    """The term has no real value at this point."""


class Untestable(Exception):
    """The term may well have a value, but this audit cannot calculate it."""


class Jet:
    """A real part under 0, and under each set of units (a bit mask) the coefficient of their product."""

    __slots__ = ("parts",)

    def __init__(self, parts: dict[int, Real]) -> None:
        self.parts = parts


Value = Real | Jet


def parts_of(x: Value) -> dict[int, Real]:
    return x.parts if isinstance(x, Jet) else {0: x}


def whole(x: Real) -> int | None:
    """The integer that x is, or None."""
    sign, mantissa, exponent, _ = x
    if not 0 <= exponent < 1000:
        return None
    return -(mantissa << exponent) if sign else mantissa << exponent


def to_float(x: Real) -> float:
    return float(libmp.to_float(x))


def to_text(x: Real, digits: int = 8) -> str:
    return str(libmp.to_str(x, digits))


def less(x: Real, y: Real) -> bool:
    return bool(libmp.mpf_cmp(x, y) < 0)


def inside(domain: Interval, x: Real) -> bool:
    """Whether x lies in the domain."""
    for end, is_open, flip in _ends(domain):
        order = flip * libmp.mpf_cmp(x, end)
        if order < 0 or (order == 0 and is_open):
            return False
    return not domain.integer or whole(x) is not None


@lru_cache(maxsize=1000)
def _ends(domain: Interval) -> tuple[tuple[Real, bool, int], ...]:
    ends = ((domain.low, domain.low_open, 1), (domain.high, domain.high_open, -1))
    return tuple((from_rational(*e.as_integer_ratio(), 200, "n"), o, flip) for e, o, flip in ends if e is not None)


class Arithmetic:
    """Rounded to the nearest number of `precision` bits."""

    def __init__(self, precision: int) -> None:
        self.precision = precision
        self.memo: dict[tuple[str, Real], Real] = {}  # exp and log of reals; whoever changes the point clears it
        self.nodes: dict[Any, dict[Real, tuple[Real, Value]]] = {}  # of integrals, likewise
        self.failed: dict[Any, str] = {}  # integrals that did not settle, and why; likewise

    def real(self, value: Fraction | int | float) -> Real:
        if isinstance(value, float):
            if not isfinite(value):
                raise ValueError(f"not a real number: {value}")
            return from_float(value)
        exact = Fraction(value)
        return from_rational(exact.numerator, exact.denominator, self.precision, "n")

    def pi(self) -> Real:
        return _pi(self.precision, "n")

    def add(self, x: Value, y: Value) -> Value:
        if type(x) is tuple and type(y) is tuple:
            return real_add(x, y, self.precision, "n")
        total = dict(parts_of(x))
        for mask, part in parts_of(y).items():
            known = total.get(mask)
            total[mask] = part if known is None else real_add(known, part, self.precision, "n")
        return Jet(total)

    def mul(self, x: Value, y: Value) -> Value:
        if type(x) is tuple and type(y) is tuple:
            return real_mul(x, y, self.precision, "n")
        total: dict[int, Real] = {0: ZERO}
        for left, a in parts_of(x).items():
            for right, b in parts_of(y).items():
                if not left & right:
                    product = real_mul(a, b, self.precision, "n")
                    known = total.get(left | right)
                    total[left | right] = product if known is None else real_add(known, product, self.precision, "n")
        return Jet(total)

    def sub(self, x: Value, y: Value) -> Value:
        return self.add(x, self.mul(MINUS, y))

    def shifted(self, x: Real, sign: int, digits: int) -> Real:
        """x + sign * 10 ** digits."""
        return real_add(x, self.real(sign * Fraction(10) ** digits), self.precision, "n")

    def minus(self, x: Real, y: Real) -> Real:
        return real_sub(x, y, self.precision, "n")

    def over(self, x: Real, y: Real) -> Real:
        if y == ZERO:
            raise Undefined("division by zero")
        return _divide(x, y, self.precision, "n")

    def coefficient(self, x: Value, unit: int) -> Value:
        """The coefficient of the unit, itself a jet in the other units."""
        if not isinstance(x, Jet):
            return ZERO
        found = {mask ^ unit: part for mask, part in x.parts.items() if mask & unit}
        if all(mask == 0 for mask in found):
            return found.get(0, ZERO)
        found.setdefault(0, ZERO)
        return Jet(found)

    def lift(self, taylor: Callable[[Real, int], list[Real]], x: Value) -> Value:
        """f(x), where taylor(a, n) gives f(a), f'(a), f''(a)/2, ... up to the n-th."""
        if not isinstance(x, Jet):
            return taylor(x, 0)[0]
        units = 0
        for mask in x.parts:
            units |= mask
        moving = Jet({mask: part for mask, part in x.parts.items() if mask})
        series = taylor(x.parts[0], units.bit_count())
        total: Value = series[-1]
        for term in reversed(series[:-1]):
            total = self.add(self.mul(total, moving), term)
        return total

    def exp(self, x: Value) -> Value:
        def taylor(a: Real, order: int) -> list[Real]:
            value = self._remember("exp", a, libmp.mpf_exp)
            return [self.over(value, from_int(factorial(n))) for n in range(order + 1)]

        if type(x) is tuple:
            return self._remember("exp", x, libmp.mpf_exp)
        return self.lift(taylor, x)

    def log(self, x: Value) -> Value:
        def taylor(a: Real, order: int) -> list[Real]:
            if a == ZERO or a[0]:
                raise Undefined(f"logarithm of {to_text(a)}")
            series = [self._remember("log", a, libmp.mpf_log)]
            for n in range(1, order + 1):
                power = self._power(a, -n)
                series.append(self.over(power, from_int(n if n % 2 else -n)))
            return series

        return self.lift(taylor, x)

    def _remember(self, name: str, a: Real, function: Callable[[Real, int, str], Real]) -> Real:
        if name == "exp" and a[2] + a[3] > LARGEST_EXPONENT:
            raise Untestable(f"exp of {to_text(a)}")
        value = self.memo.get((name, a))
        if value is None:
            value = self.memo[name, a] = function(a, self.precision, "n")
        return value

    def power(self, base: Value, exponent: Value) -> Value:
        """base ** exponent; with 0 ** 0 = 1, as the likelihood of counts has it."""
        if isinstance(exponent, Jet):
            return self.exp(self.mul(exponent, self.log(base)))
        integer = whole(exponent)
        if integer is not None:
            return self._whole_power(base, integer)
        return self.lift(lambda a, order: self._fractional_taylor(a, exponent, order), base)

    def _whole_power(self, base: Value, n: int) -> Value:
        def taylor(a: Real, order: int) -> list[Real]:
            series, binomial = [], Fraction(1)
            for k in range(order + 1):
                series.append(
                    real_mul(self.real(binomial), self._power(a, n - k), self.precision, "n") if binomial else ZERO
                )
                binomial = binomial * (n - k) / (k + 1)
            return series

        if type(base) is tuple:
            return self._power(base, n)
        return self.lift(taylor, base)

    def _power(self, a: Real, n: int) -> Real:
        if n == -1:
            return self.over(ONE, a)
        if n < 0 and a == ZERO:
            raise Undefined("division by zero")
        return _integer_power(a, n, self.precision, "n")

    def _fractional_taylor(self, a: Real, exponent: Real, order: int) -> list[Real]:
        if a == ZERO and not exponent[0] and order == 0:
            return [ZERO]
        if a == ZERO or a[0]:
            raise Undefined(f"{to_text(a)} to the power {to_text(exponent)}")
        term = _real_power(a, exponent, self.precision, "n")
        series = [term]
        for k in range(order):
            factor = self.over(self.minus(exponent, from_int(k)), from_int(k + 1))
            term = self.over(real_mul(term, factor, self.precision, "n"), a)
            series.append(term)
        return series

    def larger(self, x: Value, y: Value) -> Value:
        a, b = parts_of(x)[0], parts_of(y)[0]
        if a == b and self.moves(self.sub(x, y)):
            raise Undefined("derivative of a maximum where its arguments are equal")
        return y if less(a, b) else x

    @staticmethod
    def moves(x: Value) -> bool:
        """Whether a value is perturbed at all: what is not has no kink to be at."""
        return isinstance(x, Jet) and any(part != ZERO for units, part in x.parts.items() if units)

    def negative(self, x: Value) -> Value:
        return real_neg(x) if type(x) is tuple else self.mul(MINUS, x)
