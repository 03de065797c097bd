"""The sets that symbols live in."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Interval:
    """The set a real symbol lives in; None is an infinite end. `integer` restricts it to whole numbers."""

    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = True
    high_open: bool = True
    integer: bool = False


REAL = Interval()
POSITIVE = Interval(Fraction(0))
NEGATIVE = Interval(None, Fraction(0))
NONNEGATIVE = Interval(Fraction(0), low_open=False)
UNIT = Interval(Fraction(0), Fraction(1))
BINARY = Interval(Fraction(0), Fraction(1), low_open=False, high_open=False, integer=True)
NATURAL = Interval(Fraction(1), low_open=False, integer=True)
COUNTS = Interval(Fraction(0), low_open=False, integer=True)
