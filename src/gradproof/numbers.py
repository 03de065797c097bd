"""The numbers that a text states, computed again.

Contract. Each `WorkedNumber` of a statement is evaluated from its definitions at 45 digits, inputs read as the decimals
that are written, and compared with what is stated, within the stated tolerance (or the rounding of the 45 digits).
Sizes follow from the inputs.

Blind spot. A number may be right for another reason than the text gives; only its value is compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mpmath import libmp

from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.errors import BadInput
from gradproof.expression import Array, Expr, Index, Number, Symbol
from gradproof.statement import Statement, WorkedNumber

ROUNDING = Fraction(1, 10**30)


@dataclass(frozen=True)
class CheckedNumber:
    """What became of one worked number; `computed` is shaped like `stated`, None where there is no value."""

    quote: str
    stated: Any
    computed: Any
    right: bool
    problem: str = ""


def check_numbers(statement: Statement) -> tuple[CheckedNumber, ...]:
    """Evaluate every worked number of the statement, in order. Raises BadInput where one is not well posed."""
    return tuple(_check(n, f"{statement.number} {n.quote!r}".strip()) for n in statement.numbers)


def _check(number: WorkedNumber, where: str) -> CheckedNumber:
    evaluator = Evaluator()
    point = _point(number, evaluator, where)
    try:
        if isinstance(number.stated, int | float | Fraction):
            values: Any = _value(evaluator, number.expression, point)
            pairs = [(values, number.stated)]
            computed: Any = _shown(values)
        else:
            index, size = _running(number, point, where)
            values = [
                _value(evaluator, number.expression, Point(point.sizes, {**point.indices, index: n}, point.values))
                for n in range(1, size + 1)
            ]
            pairs, computed = list(zip(values, number.stated, strict=True)), [_shown(v) for v in values]
    except (Undefined, Untestable) as why:
        return CheckedNumber(number.quote, number.stated, None, False, str(why))
    tolerance = max(exact(number.tolerance), ROUNDING)
    right = all(abs(value - exact(stated)) <= tolerance for value, stated in pairs)
    return CheckedNumber(number.quote, number.stated, computed, right)


def _value(evaluator: Evaluator, e: Expr, point: Point) -> Fraction:
    evaluator.begin(point)
    numerator, denominator = libmp.to_rational(evaluator.value(e))
    return Fraction(int(numerator), int(denominator))


def _shown(value: Fraction) -> float:
    """The number to print; what is left of rounding is 0."""
    return float(value) if abs(value) > ROUNDING else 0.0


def exact(value: Any) -> Fraction:
    """A number as the decimal it is written as: 0.1 is one tenth."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def _point(number: WorkedNumber, evaluator: Evaluator, where: str) -> Point:
    """Every symbol, array and index that the expression depends on, at its input."""
    needed = {f for f in number.expression.free if isinstance(f, Symbol | Array | Index)}
    inputs = dict(number.inputs)
    point = Point({}, {}, {})
    for array in sorted((f for f in needed if isinstance(f, Array)), key=lambda a: a.name):
        entries = dict(_entries(_input(inputs, array.name, where), ()))
        point.values[array] = {at: evaluator.arithmetic.real(value) for at, value in entries.items()}
        _learn_sizes(array, entries, point, where)
    for thing in needed:
        if isinstance(thing, Index) and thing.name in inputs:
            point.indices[thing] = int(inputs[thing.name])
        elif isinstance(thing, Symbol) and thing.domain.integer and thing.name in inputs:
            point.sizes[thing] = int(inputs[thing.name])
        elif isinstance(thing, Symbol) and thing not in point.sizes:
            point.values[thing] = evaluator.arithmetic.real(exact(_input(inputs, thing.name, where)))
    unknown = set(inputs) - {f.name for f in needed}
    if unknown:
        raise BadInput("an input that the expression does not depend on", where=where, found=", ".join(sorted(unknown)))
    return point


def _input(inputs: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in inputs:
        raise BadInput(f"no input for {name}", where=where, found=", ".join(sorted(inputs)))
    return inputs[name]


def _entries(value: Any, at: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Fraction]]:
    if isinstance(value, int | float | Fraction):
        yield at, exact(value)
    else:
        for n, inner in enumerate(value, 1):
            yield from _entries(inner, (*at, n))


def _learn_sizes(array: Array, entries: Mapping[tuple[int, ...], Fraction], point: Point, where: str) -> None:
    for axis, size in enumerate(array.shape):
        if any(len(at) != len(array.shape) for at in entries):
            raise BadInput(f"{array.name} takes {len(array.shape)} indices", where=where, found=str(list(entries)))
        length = max(at[axis] for at in entries)
        known = int(size.value) if isinstance(size, Number) else length
        if isinstance(size, Symbol):
            known = point.sizes.setdefault(size, length)
        if known != length:
            found = f"{length} in {array.name}"
            raise BadInput("the inputs differ in length", where=where, expected=str(known), found=found)


def _running(number: WorkedNumber, point: Point, where: str) -> tuple[Index, int]:
    """The one index that a stated list runs over, and how far."""
    free = [f for f in number.expression.free if isinstance(f, Index) and f not in point.indices]
    if len(free) != 1:
        found = ", ".join(f.name for f in free) or "none"
        raise BadInput("a stated list needs one free index", where=where, found=found)
    size = free[0].size
    length = int(size.value) if isinstance(size, Number) else point.sizes[size]  # type: ignore[index]
    if length != len(number.stated):
        found = str(number.stated)
        raise BadInput("the stated list has another length", where=where, expected=f"{length} numbers", found=found)
    return free[0], length
