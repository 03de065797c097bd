"""What each kind of term means: closures that calculate it.

Contract. A meaning takes the values of the bound indices (innermost first) and the moves under way, and gives a value.
A derivative is a move: the entry z_k, or the symbol, has a nilpotent unit added wherever it occurs, through definitions
too. A limit is a move as well: it puts a value in the place of its symbol, at three distances from the limit. So is an
expectation, at the nodes of an integral or a sum.

Blind spot. Where those three do not settle, `Untestable` is raised; a limit that only looks settled is taken for one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gradproof import expression as x
from gradproof.audit.arithmetic import (
    ONE,
    ZERO,
    Jet,
    Real,
    Undefined,
    Untestable,
    Value,
    from_int,
    inside,
    parts_of,
    to_float,
)
from gradproof.audit.functions import FUNCTIONS, sample_function
from gradproof.audit.laws import mean
from gradproof.audit.matrices import OF_MATRIX
from gradproof.expression import Array, Definition, Expr, Index, Symbol, Unknown

if TYPE_CHECKING:
    from gradproof.audit.evaluation import Evaluator

Where = tuple[int, ...]  # the position of an entry, and the values of bound indices, innermost first
Table = dict[Where, Real]
Base = Symbol | Array | Unknown
Move = tuple[int, int, Any]  # base, unit, place: the unit is added there; or base, 0, value: it becomes that
Moves = tuple[Move, ...]
Run = Callable[[Where, Moves], Value]
Count = Callable[[Where], int]
Operation = Callable[[Value, Value], Value]

LIMIT_DISTANCES = (20, 25, 30)  # powers of ten
LIMIT_AGREEMENT = 1e-9
KINKED = ("relu", "abs", "step", "sign")


def no_number(e: Expr) -> Run:
    def run(where: Where, moves: Moves) -> Value:
        raise Untestable(f"no way to evaluate {type(e).__name__}")

    return run


def _number(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    value = ev.arithmetic.real(e.data[0])
    return lambda where, moves: value


def _constant(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    if e.data != ("pi",):
        return no_number(e)
    value = ev.arithmetic.pi()
    return lambda where, moves: value


def position(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    """An index, or a place in an order, as a number."""
    count = ev.count(e)
    return lambda where, moves: from_int(count(where))


def _moved(value: Real, moves: Moves, base: int, where: Where) -> Value:
    parts = {0: value}
    for which, unit, place in moves:
        if which == base:
            if not unit:
                parts = dict(parts_of(place))
            elif place == where:
                parts[unit] = ONE
    return Jet(parts) if len(parts) > 1 else parts[0]


def _symbol(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    assert isinstance(e, Symbol)
    base, values = ev.base(e), ev.values

    def run(where: Where, moves: Moves) -> Value:
        return _moved(values[base], moves, base, ()) if moves else values[base]

    return run


def _entry(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    assert isinstance(e, x.Entry)
    counts = tuple(ev.count(a) for a in e.args)
    if isinstance(e.base, Definition):
        body = ev.node(e.base.body).run
        return lambda where, moves: body(tuple([c(where) for c in counts]), moves)
    base, values, name = ev.base(e.base), ev.values, e.base.name

    def run(where: Where, moves: Moves) -> Value:
        place = tuple([c(where) for c in counts])
        value = values[base].get(place)
        if value is None:
            raise Undefined(f"{name} has no entry {place}")
        return _moved(value, moves, base, place) if moves else value

    return run


def _of_matrix(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    """All entries of the matrix, calculated one by one, and then the inverse, the determinant or the eigenvalue."""
    assert isinstance(e, x.OfMatrix)
    size, counts = ev.count(e.base.shape[0]), tuple(ev.count(a) for a in e.args)
    matrix, calculate = x.Entry((x.Bound((), (0,)), x.Bound((), (1,))), (e.base,)), OF_MATRIX[e.kind]
    entry, arithmetic = _entry(ev, matrix, ()), ev.arithmetic

    def run(where: Where, moves: Moves) -> Value:
        everywhere = range(1, size(where) + 1)
        rows = [[entry((i, j, *where), moves) for j in everywhere] for i in everywhere]
        return calculate(arithmetic, rows, *[c(where) - 1 for c in counts])

    return run


def _delta(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    left, right = ev.count(e.args[0]), ev.count(e.args[1])
    return lambda where, moves: ONE if left(where) == right(where) else ZERO


def _add(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    return _folded(ev.arithmetic.add, args)


def _mul(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    return _folded(ev.arithmetic.mul, args)


def _folded(operation: Operation, args: tuple[Run, ...]) -> Run:
    first, rest = args[0], args[1:]

    def run(where: Where, moves: Moves) -> Value:
        total = first(where, moves)
        for a in rest:
            total = operation(total, a(where, moves))
        return total

    return run


def _pow(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    power, (base, exponent) = ev.arithmetic.power, args
    return lambda where, moves: power(base(where, moves), exponent(where, moves))


def _function(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    function, arithmetic = FUNCTIONS.get(e.data[0]), ev.arithmetic
    if function is None:
        return no_number(e)
    if len(args) == 1:
        (only,) = args
        return lambda where, moves: function(arithmetic, only(where, moves))
    return lambda where, moves: function(arithmetic, *[a(where, moves) for a in args])


def _application(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    """Every unknown function is drawn from one family: a cubic, a sine and a falling exponential."""
    assert isinstance(e, x.Application)
    base, values, arithmetic, (inner,) = ev.base(e.function), ev.values, ev.arithmetic, args

    def run(where: Where, moves: Moves) -> Value:
        return sample_function(arithmetic, values[base], e.order, inner(where, moves))

    return run


def _sum(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    return _running(ev.arithmetic.add, ZERO, ev.count(e.args[0]), args[1])


def _product(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    return _running(ev.arithmetic.mul, ONE, ev.count(e.args[0]), args[1])


def _running(operation: Operation, start: Real, count: Count, body: Run) -> Run:
    def run(where: Where, moves: Moves) -> Value:
        total: Value = start
        for i in range(1, count(where) + 1):
            total = operation(total, body((i, *where), moves))
        return total

    return run


def _derivative(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    body, variable = args[0], e.args[1]
    base = ev.base(x.moved(variable))
    counts = tuple(ev.count(a) for a in variable.args) if isinstance(variable, x.Entry) else ()
    coefficient = ev.arithmetic.coefficient

    def run(where: Where, moves: Moves) -> Value:
        taken, unit = 0, 1
        for _, other, _ in moves:
            taken |= other
        while taken & unit:
            unit <<= 1
        place = tuple([c(where) for c in counts])
        return coefficient(body(where, (*moves, (base, unit, place))), unit)

    return run


def _limit(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    symbol, side = e.data
    fine = ev.limit_evaluator()
    body, base, infinite = fine.node(e.args[0]).run, ev.base(symbol), _infinity(e.args[1])
    target = None if infinite else fine.node(e.args[1]).run
    ordered = any(isinstance(s, x.Ranking) and symbol in s.free for s in x.subterms(e.args[0]))

    def run(where: Where, moves: Moves) -> Value:
        if symbol in ev.sizes:
            raise Untestable(f"a limit in the size {symbol.name}")
        if ordered:
            raise Untestable(f"a limit that moves an order by {symbol.name}")
        point = target(where, moves) if target else ZERO
        if isinstance(point, Jet):
            raise Untestable("a derivative that moves the point of a limit")
        results = []
        for sign in (infinite,) if infinite else _sides(side):
            places = [fine.arithmetic.shifted(point, sign, d if infinite else -d) for d in LIMIT_DISTANCES]
            if all(inside(symbol.domain, place) for place in places):
                results.append(_settled([body(where, (*moves, (base, 0, place))) for place in places]))
        if not results:
            raise Untestable(f"a limit from outside the domain of {symbol.name}")
        return _settled(results)

    return run


def _expectation(ev: Evaluator, e: Expr, args: tuple[Run, ...]) -> Run:
    symbol, law = e.data
    (body, *parameters), base, arithmetic = args, ev.base(symbol), ev.arithmetic
    kinks = _kinks(ev, e)
    failed = arithmetic.failed  # an integral that does not settle is not tried twice

    def run(where: Where, moves: Moves) -> Value:
        key = (e, where, moves)
        if key in failed:
            raise Untestable(failed[key])
        known = tuple([p(where, moves) for p in parameters])

        def at(run: Run) -> Callable[[Real], Value]:
            return lambda place: run(where, (*moves, (base, 0, place)))

        try:
            return mean(arithmetic, law, known, at(body), tuple([at(k) for k in kinks]))
        except Untestable as why:
            failed[key] = str(why)
            raise

    return run


def _kinks(ev: Evaluator, e: Expr) -> tuple[Run, ...]:
    """The arguments of the functions with a kink in the body that move with the variable, outside of sums."""
    symbol, body = e.data[0], e.args[0]
    parts = [s for term in (body, *(d.body for d in x.definitions(body))) for s in x.subterms(term)]
    wanted = (s for s in parts if isinstance(s, x.Function) and s.name in KINKED and symbol in s.free and not s.loose)
    return tuple(ev.node(s.args[0]).run for s in dict.fromkeys(wanted))


def _infinity(e: Expr) -> int:
    """1 or -1 for plus or minus infinity, else 0."""
    if isinstance(e, x.Constant) and e.data == ("oo",):
        return 1
    if isinstance(e, x.Mul) and isinstance(e.args[0], x.Number) and e.args[1:] == (x.Constant((), ("oo",)),):
        return 1 if e.args[0].value > 0 else -1
    return 0


def _sides(side: str) -> tuple[int, ...]:
    return {"+": (1,), "-": (-1,)}.get(side, (1, -1))


def _settled(values: list[Value]) -> Value:
    """The last value, if the one before agrees with it."""
    last = parts_of(values[-1])
    before = parts_of(values[-2] if len(values) > 1 else values[-1])
    for mask in last.keys() | before.keys():
        a, b = to_float(last.get(mask, ZERO)), to_float(before.get(mask, ZERO))
        if not abs(a - b) <= LIMIT_AGREEMENT * (1 + abs(a)):
            raise Untestable(f"a limit that does not settle: {b:.9g}, then {a:.9g}")
    return values[-1]


MEANINGS: dict[type[Expr], Callable[[Evaluator, Expr, tuple[Run, ...]], Run]] = {
    x.Number: _number,
    x.Constant: _constant,
    Symbol: _symbol,
    Index: position,
    x.Bound: position,
    x.Add: _add,
    x.Mul: _mul,
    x.Pow: _pow,
    x.Function: _function,
    x.Application: _application,
    x.Delta: _delta,
    x.Entry: _entry,
    x.OfMatrix: _of_matrix,
    x.Sum: _sum,
    x.Product: _product,
    x.Derivative: _derivative,
    x.Limit: _limit,
    x.Expectation: _expectation,
}
