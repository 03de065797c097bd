"""What the corpus intends and what was read, as numbers; neither half uses gradproof's own evaluation.

The intended column is a small language: + - * / **, exp, log, sqrt, Abs, Max, Sum(e, (i, 1, K)), Product, Eq,
Piecewise, KroneckerDelta, Derivative, indexed names x[i, j]. It is walked as a Python syntax tree, never executed. A
name without a definition gets a number of its own for each value of its indices, an unknown function one for each
value of its arguments, and so does the derivative of an undefined name.
"""

from __future__ import annotations

import ast
import hashlib
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradproof import expression as x
from gradproof.expression import Expr

SIZES = {"K": 3, "C": 4, "q": 3, "n": 3, "N": 2, "J": 3, "D": 2, "m": 3}
STEP = 1e-4


def drawn(*key: object) -> float:
    """A number in (0.15, 0.85) that only the key decides."""
    digest = hashlib.sha256(repr(key).encode()).digest()
    return 0.15 + 0.7 * int.from_bytes(digest[:6], "big") / 2**48


@dataclass(frozen=True)
class Point:
    """Values of the free indices, sizes, and what is added to an entry that a derivative moves."""

    indices: Mapping[str, int]
    sizes: Mapping[str, int] = field(default_factory=lambda: SIZES)
    moved: tuple[tuple[tuple[str, tuple[int, ...]], float], ...] = ()

    def value(self, name: str, at: tuple[int, ...] = ()) -> float:
        if not at and name in self.sizes:
            return float(self.sizes[name])
        return drawn(name, at) + sum(step for key, step in self.moved if key == (name, at))

    def with_step(self, key: tuple[str, tuple[int, ...]], step: float) -> Point:
        return Point(self.indices, self.sizes, (*self.moved, (key, step)))


def slope(f: Callable[[Point], float], point: Point, key: tuple[str, tuple[int, ...]]) -> float:
    ends = [f(point.with_step(key, s * STEP)) for s in (-2, -1, 1, 2)]
    return (ends[0] - 8 * ends[1] + 8 * ends[2] - ends[3]) / (12 * STEP)


Meaning = float | tuple[str, float, float]


# -- the intended column -----------------------------------------------------------------------------------------------


def intended(text: str, point: Point) -> Meaning:
    tree = ast.parse(re.sub(r"\blambda\b", "lambda_", text), mode="eval").body
    if isinstance(tree, ast.Call) and _called(tree) == "Eq":
        return ("=", _walk(tree.args[0], point, {}), _walk(tree.args[1], point, {}))
    return _walk(tree, point, {})


def _called(node: ast.Call) -> str:
    assert isinstance(node.func, ast.Name)
    return node.func.id


_OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": math.exp, "log": math.log, "sqrt": math.sqrt, "Abs": abs, "Max": max, "gamma": math.gamma,
    "sigma": lambda a: 1 / (1 + math.exp(-a)),
}  # fmt: skip


def _walk(node: ast.expr, point: Point, bound: Mapping[str, int]) -> float:
    match node:
        case ast.Constant(value=value):
            return float(value)
        case ast.Name(id=name):
            if name in bound:
                return float(bound[name])
            return math.pi if name == "pi" else point.value(name.rstrip("_"))
        case ast.UnaryOp(operand=inner):
            return -_walk(inner, point, bound)
        case ast.BinOp(left=left, op=op, right=right):
            return _OPERATIONS[type(op)](_walk(left, point, bound), _walk(right, point, bound))
        case ast.Subscript():
            return point.value(*_place(node, point, bound))
        case ast.Call():
            return _call(node, point, bound)
    raise AssertionError(ast.dump(node))


def _index(node: ast.expr, point: Point, bound: Mapping[str, int]) -> int:
    if isinstance(node, ast.Name):
        return bound[node.id] if node.id in bound else point.indices[node.id]
    if isinstance(node, ast.BinOp):
        return round(_OPERATIONS[type(node.op)](_index(node.left, point, bound), _index(node.right, point, bound)))
    assert isinstance(node, ast.Constant)
    return int(node.value)  # type: ignore[arg-type]


def _place(node: ast.expr, point: Point, bound: Mapping[str, int]) -> tuple[str, tuple[int, ...]]:
    if isinstance(node, ast.Name):
        return node.id, ()
    assert isinstance(node, ast.Subscript)
    assert isinstance(node.value, ast.Name)
    indices = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return node.value.id, tuple(_index(i, point, bound) for i in indices)


def _running(node: ast.Call, point: Point, bound: Mapping[str, int]) -> Iterator[float]:
    body, *limits = node.args

    def over(rest: list[ast.expr], now: Mapping[str, int]) -> Iterator[float]:
        if not rest:
            yield _walk(body, point, now)
            return
        *outer, last = rest
        assert isinstance(last, ast.Tuple)
        name, low, high = last.elts
        assert isinstance(name, ast.Name)
        for i in range(int(_walk(low, point, now)), int(_walk(high, point, now)) + 1):
            yield from over(outer, {**now, name.id: i})

    return over(limits, bound)


def _call(node: ast.Call, point: Point, bound: Mapping[str, int]) -> float:
    name = _called(node)
    if name == "Sum":
        return sum(_running(node, point, bound))
    if name == "Product":
        return math.prod(_running(node, point, bound))
    if name == "KroneckerDelta":
        one, other = (_index(a, point, bound) for a in node.args)
        return float(one == other)
    if name == "Piecewise":
        return _piecewise(node, point, bound)
    if name == "Derivative":
        return _derivative(node, point, bound)
    if name in ("D_KL", "H", "norm", "softmax"):
        return _of_vectors(name, node, point, bound)
    arguments = [_walk(a, point, bound) for a in node.args]
    return _FUNCTIONS[name](*arguments) if name in _FUNCTIONS else unknown(name, arguments)


def unknown(name: str, arguments: list[float]) -> float:
    return drawn(name, *(round(a, 9) for a in arguments))


def undefined_derivative(body: tuple[str, tuple[int, ...]], variables: list[tuple[str, tuple[int, ...]]]) -> float:
    return drawn("derivative", body, tuple(variables))


def _derivative(node: ast.Call, point: Point, bound: Mapping[str, int]) -> float:
    body, *variables = node.args
    places = [_place(v, point, bound) for v in variables]
    if isinstance(body, ast.Name | ast.Subscript):
        return undefined_derivative(_place(body, point, bound), places)
    (only,) = places
    return slope(lambda at: _walk(body, at, bound), point, only)


def _piecewise(node: ast.Call, point: Point, bound: Mapping[str, int]) -> float:
    for row in node.args:
        assert isinstance(row, ast.Tuple)
        value, condition = row.elts
        if isinstance(condition, ast.Constant):
            return _walk(value, point, bound)
        if isinstance(condition, ast.Call):
            holds = _index(condition.args[0], point, bound) == _index(condition.args[1], point, bound)
        else:
            assert isinstance(condition, ast.Compare)
            assert isinstance(condition.ops[0], ast.GtE)
            holds = _walk(condition.left, point, bound) >= _walk(condition.comparators[0], point, bound)
        if holds:
            return _walk(value, point, bound)
    raise AssertionError("no case holds")


def _of_vectors(name: str, node: ast.Call, point: Point, bound: Mapping[str, int]) -> float:
    names = [a.id for a in node.args if isinstance(a, ast.Name)]
    names = names[:1] if name == "softmax" else names
    first, *rest = [[point.value(n, (i,)) for i in range(1, point.sizes["K"] + 1)] for n in names]
    if name == "norm":
        return math.sqrt(sum(a * a for a in first))
    if name == "softmax":
        return math.exp(first[_index(node.args[1], point, bound) - 1]) / sum(map(math.exp, first))
    second = rest[0] if rest else first
    if name == "H":
        return -sum(a * math.log(b) for a, b in zip(first, second, strict=True))
    return sum(a * math.log(a / b) for a, b in zip(first, second, strict=True))


# -- what was read -----------------------------------------------------------------------------------------------------


def meant(e: Expr, point: Point) -> Meaning:
    if isinstance(e, x.Relation):
        return (e.operator, _term(e.args[0], point, ()), _term(e.args[1], point, ()))
    return _term(e, point, ())


def _term(e: Expr, point: Point, bound: tuple[int, ...]) -> float:
    return _TERMS[type(e)](e, point, bound)


def _count(e: Expr, point: Point, bound: tuple[int, ...]) -> int:
    if isinstance(e, x.Bound):
        return bound[e.data[0]]
    if isinstance(e, x.Index):
        return point.indices[e.name]
    return round(_term(e, point, bound))


def _binder(fold: Callable[[list[float]], float]) -> Callable[[Expr, Point, tuple[int, ...]], float]:
    def run(e: Expr, point: Point, bound: tuple[int, ...]) -> float:
        return fold([_term(e.args[1], point, (i, *bound)) for i in range(1, _count(e.args[0], point, bound) + 1)])

    return run


def _function(e: Expr, point: Point, bound: tuple[int, ...]) -> float:
    named: dict[str, Callable[..., float]] = {
        "exp": math.exp, "log": math.log, "abs": abs, "relu": lambda a: max(a, 0.0), "step": lambda a: float(a > 0),
        "gamma": math.gamma, "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    }  # fmt: skip
    return named[e.data[0]](*(_term(a, point, bound) for a in e.args))


def _entry(e: Expr, point: Point, bound: tuple[int, ...]) -> float:
    assert isinstance(e, x.Entry)
    return _named(e.base.name, tuple(_count(a, point, bound) for a in e.args), point)


WHOLE = ("y_w", "y_l", "r_w", "r_l")  # what the corpus writes as one name


def place_of(name: str, indices: tuple[int, ...], point: Point) -> tuple[str, tuple[int, ...]]:
    """The corpus's name and indices for a name of gradproof: alpha_bar_t is alphabar[t]."""
    if name in WHOLE:
        return name, indices
    name = {r"\mathcal{L}": "L", r"\theta": "theta", r"\hat{y}": "yhat"}.get(name, name)
    name = re.sub(r"^\\hat\{(\w)\}", r"\1_hat", name)
    head, *labels = re.sub(r"[{}\\]", "", name).split("_")
    while labels and labels[0] in ("hat", "bar", "star", "theta", "ref", "mathrmref"):
        label = labels.pop(0).removeprefix("mathrm")
        head += label if label in ("hat", "bar", "star") else f"_{label}"
    own = []
    for label in labels:
        shifted = re.fullmatch(r"([a-z])-(\d)", label)
        own.append(point.indices[shifted[1]] - int(shifted[2]) if shifted else _label(label, point))
    return head.replace("r^*", "rstar"), (*own, *indices)


def _label(label: str, point: Point) -> int:
    return int(label) if label.isdigit() else point.indices[label]


def _named(name: str, indices: tuple[int, ...], point: Point) -> float:
    derivative = re.fullmatch(r"\\frac\{\\partial(?:\^\d)? (.+?)\}\{\\partial (.+)\}", name)
    if derivative:
        variables = []
        for v in derivative[2].split(r" \, \partial "):
            base, _, times = v.partition("^")
            variables += [base] * int(times or 1)
        parts = [derivative[1], *variables]
        own = [place_of(p, (), point) for p in parts]
        spread = iter(indices)
        full = [(n, at if at or not indices or (n == "L") else (next(spread),)) for n, at in own]
        return undefined_derivative(full[0], full[1:])
    call = re.fullmatch(r"([^(]+)\((.+)\)", name)
    if call:
        parts = re.split(r", | \\mid ", call[2])
        spread = iter(indices)
        places = [place_of(p, (next(spread),) if len(indices) == len(parts) else (), point) for p in parts]
        head = re.sub(r"\\mathrm\{(\w+)\}", r"\1", call[1])
        return unknown(place_of(head, (), point)[0], [point.value(*where) for where in places])
    return point.value(*place_of(name, indices, point))


def _moving(e: Expr, point: Point, bound: tuple[int, ...]) -> float:
    variable = e.args[1]
    indices = tuple(_count(a, point, bound) for a in variable.args)
    name = variable.base.name if isinstance(variable, x.Entry) else variable.data[0]
    return slope(lambda at: _term(e.args[0], at, bound), point, place_of(name, indices, point))


_TERMS: dict[type, Callable[[Any, Point, tuple[int, ...]], float]] = {
    x.Number: lambda e, _, __: float(e.value),
    x.Constant: lambda e, _, __: math.pi,
    x.Symbol: lambda e, point, __: _named(e.name, (), point),
    x.Index: lambda e, point, bound: float(_count(e, point, bound)),
    x.Bound: lambda e, point, bound: float(_count(e, point, bound)),
    x.Add: lambda e, point, bound: sum(_term(a, point, bound) for a in e.args),
    x.Mul: lambda e, point, bound: math.prod(_term(a, point, bound) for a in e.args),
    x.Pow: lambda e, point, bound: _term(e.args[0], point, bound) ** _term(e.args[1], point, bound),
    x.Function: _function,
    x.Entry: _entry,
    x.Delta: lambda e, point, bound: float(_count(e.args[0], point, bound) == _count(e.args[1], point, bound)),
    x.Sum: _binder(sum),
    x.Product: _binder(math.prod),
    x.Derivative: _moving,
}
