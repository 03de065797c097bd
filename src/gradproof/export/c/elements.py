"""One entry of a term, in C.

Contract. Each function gives the value at these indices, and puts what it needs before it into the body.

Blind spot. Where a value is computed, and whether it is kept, is decided by the body.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from ..errors import NotExportable
from .indices import Indices, flat, index, literal, narrowed, union
from .loops import Loop, Statement, Value
from .operations import INFINITE, applied, as_kind, common
from .terms import ONE, Term, walk
from .wholes import CALLS

if TYPE_CHECKING:
    from .body import Body

UPDATES = {"sum": "{0} += {1};", "prod": "{0} *= {1};", "max": "{0} = max_real({0}, {1});"}


STARTS = {"sum": ("double", "0"), "prod": ("double", "1"), "max": ("real", "-INFINITY")}


def _fold(body: Body, term: Term, at: Indices) -> Value:
    (inner,) = term.args
    operation = str(term.data)
    kind, start = STARTS[operation]
    name = body.name({"max": "top", "sum": "sum", "prod": "product"}[operation])
    outside = body.here
    if inner.shape[-1] == ONE:
        return body.value(inner, (*at, Value("0", "int")))
    with body.loop(inner.shape[-1], set(walk(inner))) as loop:
        outside.add(Statement(f"{kind} {name} = {start};"))
        found = body.value(inner, (*at, index(loop)))
        shown = as_kind(found, "real" if operation == "max" or found.kind == "real" else "double")
        body.here.add(Statement(UPDATES[operation].format(name, shown), operation, name))
    outside.known[term, tuple(i.text for i in at)] = (Value(name, kind, union(at)), loop)
    return Value(name, kind, union(at))


def _apply(body: Body, term: Term, at: Indices) -> Value:
    """Operands that vary less are converted, and divisors that are sums inverted, once and outside."""
    operation = str(term.data)
    operands = [body.value(arg, narrowed(at, arg)) for arg in term.args]
    kind, depth = common(operands), max(v.depth for v in operands)
    if operation.startswith("raised") or operation == "narrow":
        kind = "real"  # raised by the power of 2 that belongs to the type of the data
    for n, (arg, v) in enumerate(zip(term.args, operands, strict=True)):
        if v.kind != "double" or v.depth == depth or not v.text.isidentifier():
            continue
        if operation == "divide" and n == 1:
            operation = "multiply"
            operands[n] = _converted(body, arg, at, v, kind, f"1.0 / {v.text}", "inverse")
        elif kind == "real":
            operands[n] = _converted(body, arg, at, v, kind, v.text, "narrow")
    return applied(operation, operands, kind)


def _converted(body: Body, term: Term, at: Indices, value: Value, kind: str, text: str, mark: str) -> Value:
    places = narrowed(at, term)
    for loop in body.here.around():
        if (found := loop.known.get((term, (*(i.text for i in places), mark)))) is not None:
            return found[0]
    shown = f"(to_real)({text})" if kind == "real" else text
    scope = next((n for n in body.here.around() if n in value.loops), body.root)
    return body.remembered(term, places, scope, mark, Value(shown, kind, value.loops), mark)


def _align(body: Body, term: Term, at: Indices) -> Value:
    (inner,) = term.args
    axes = term.data
    assert isinstance(axes, tuple)
    places: list[Value] = [Value("0", "int")] * len(inner.shape)
    for place, axis in enumerate(axes):
        if axis is not None and inner.shape[axis] != ONE:
            places[axis] = at[place]
    return body.value(inner, tuple(places))


def _guard(body: Body, term: Term, at: Indices) -> Value:
    weight, value = (body.value(arg, narrowed(at, arg)) for arg in term.args)
    fill = Value(INFINITE, "literal") if term.data is None else literal(Fraction(str(term.data)))
    operands = [weight, fill, value]
    return applied("guard", operands, common(operands))


def _equal(body: Body, term: Term, at: Indices) -> Value:
    left, right = (body.value(arg, narrowed(at, arg)) for arg in term.args)
    if left.kind == right.kind == "literal":
        return literal(Fraction(left.text == right.text))
    shown = " == ".join(v.text.removesuffix(".0") for v in (left, right))
    return Value(f"({shown})", "int", left.loops | right.loops)


def _gather(body: Body, term: Term, at: Indices) -> Value:
    value, position = term.args
    place = body.value(position, narrowed(at, position))
    if place.kind != "int":
        place = Value(f"(ptrdiff_t)({place.text})", "int", place.loops)
    return body.value(value, (*narrowed(at, value), place))


def _take(body: Body, term: Term, at: Indices) -> Value:
    return body.value(term.args[0], (*narrowed(at, term.args[0]), Value(str(term.data), "int")))


def _diagonal(body: Body, term: Term, at: Indices) -> Value:
    return body.value(term.args[0], (*at, at[-1]))


def _fill(body: Body, term: Term, at: Indices) -> Value:
    return body.value(term.args[0], at[:-1])


def _solve(body: Body, term: Term, at: Indices) -> Value:
    """Where the gap is 0: a loop whose body computes it at one point, until the search is over."""
    depth, low, high = cast("tuple[int, Fraction | None, Fraction | None]", term.data)
    name = body.name("search")
    ends = [f"{float(v)}r" if v is not None else f"{s}INFINITY" for v, s in ((low, "-"), (high, ""))]
    outside = body.here
    outside.add(Statement(f"struct search_real {name} = search_start_real({', '.join(ends)});"))
    loop = Loop("", "", outside, head=f"while ({name}.on) {{")
    body.searches[depth] = (loop, tuple(i.text for i in at))
    unknown = next(t for t in walk(term.args[0]) if t.kind == "unknown" and t.data == depth)
    places = tuple(i.text for i in narrowed(at, unknown))
    loop.known[unknown, places] = (Value(f"{name}.at", "real", frozenset({loop}) | union(at)), None)
    body.here = loop
    gap = body.value(term.args[0], at)
    body.here.add(Statement(f"search_step_real(&{name}, {as_kind(gap, 'double')});"))
    body.here = outside
    outside.add(loop)
    del body.searches[depth]
    return Value(f"{name}.at", "real", union(at))


def _unreachable(body: Body, term: Term, at: Indices) -> Value:
    raise NotExportable("the target c has no code for an unknown that is used at another index than its own")


def _window(body: Body, term: Term, at: Indices) -> Value:
    last = at[-1]
    moved = last if term.data == 0 else Value(f"{last.text} + {term.data}", "int", last.loops)
    return body.value(term.args[0], (*narrowed(at[:-1], term.args[0]), moved))


def computed(body: Body, term: Term) -> None:
    """A whole array by one call, its operands stored before."""
    operation, backwards = cast("tuple[str, bool]", term.data)
    shape = term.args[0].shape if operation in ("det", "logdet") else term.shape
    call = CALLS[operation]
    stems = [*("given" for _ in term.args), *(["space"] if "{space}" in call else [])]
    name, given = body.name("whole"), [body.name(stem) for stem in stems]
    body.buffers += [(name, term.shape), *((n, shape) for n in given)]
    with body.inside(body.root):
        for operand, place in zip(term.args, given, strict=False):
            _copied(body, operand, place, shape)
        rows = " * ".join(shape[:-1]) or "1"
        shown = call.format(*given, n=shape[-1], rows=rows, out=name, space=given[-1], backwards=int(backwards))
        body.root.add(Statement(shown))
        body.root.known[term, None] = (Value(name, "real"), body.root.last())


def _copied(body: Body, term: Term, name: str, shape: tuple[str, ...]) -> None:
    def line(at: Indices) -> str:
        return f"{name}[{flat(at, shape)}] = {as_kind(body.value(term, narrowed(at, term)), 'real')};"

    body.nest(shape, set(walk(term)), line)


COMPUTE: dict[str, Callable[[Body, Term, Indices], Value]] = {
    "fold": _fold,
    "apply": _apply,
    "align": _align,
    "guard": _guard,
    "equal": _equal,
    "gather": _gather,
    "take": _take,
    "diagonal": _diagonal,
    "window": _window,
    "solve": _solve,
    "unknown": _unreachable,
    "fill": _fill,
}
