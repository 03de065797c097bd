"""Array expressions as a stand-alone NumPy module.

Contract. The source imports numpy alone. Every function takes any leading batch axes, keeps float32, checks the
lengths of its arguments and computes each shared value once. Writing it does not import numpy.

Blind spot. Temporaries are NumPy's own: one array per operation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction

from .array import (
    Align,
    Apply,
    Argument,
    Constant,
    Contract,
    Cumulative,
    Diagonal,
    Equal,
    Fill,
    Fold,
    Gather,
    Guard,
    Label,
    LinearAlgebra,
    Node,
    Normal,
    Order,
    Range,
    Size,
    Solve,
    Take,
    Unknown,
    Window,
    walk,
)
from .documentation import describe, docstring
from .module import Parameter, Routine
from .names import unused
from .numpy_helpers import HELPERS, with_needs

ADD, MULTIPLY, UNARY, POWER, ATOM = range(5)
LONGEST = 76  # characters of an expression that is still written in place

NAMESAKES = ("exp", "log", "log1p", "expm1", "tanh", "sqrt", "square", "abs", "sign", "sin", "cos")
# operation: (template, its own precedence, the least precedence of each operand)
OPERATIONS: dict[str, tuple[str, int, tuple[int, ...]]] = {
    "add": ("{} + {}", ADD, (ADD, MULTIPLY)),
    "subtract": ("{} - {}", ADD, (ADD, MULTIPLY)),
    "multiply": ("{} * {}", MULTIPLY, (MULTIPLY, UNARY)),
    "divide": ("{} / {}", MULTIPLY, (MULTIPLY, UNARY)),
    "negative": ("-{}", UNARY, (UNARY,)),
    "power": ("{} ** {}", POWER, (ATOM, ATOM)),
    "real": ("{}.astype(dtype)", ATOM, (ATOM,)),
    "softplus": ("np.logaddexp(0, {})", ATOM, (ADD,)),
    "relu": ("np.maximum({}, 0)", ATOM, (ADD,)),
    "step": ("np.heaviside({}, 0)", ATOM, (ADD,)),
    "sigmoid": ("_sigmoid({})", ATOM, (ADD,)),
    "log1mexp": ("_log1mexp({})", ATOM, (ADD,)),
    "lgamma": ("_lgamma({})", ATOM, (ADD,)),
    "relentr": ("_relentr({}, {})", ATOM, (ADD, ADD)),
    "expm1_minus": ("_expm1_minus({})", ATOM, (ADD,)),
    **{name: (f"np.{name}({{}})", ATOM, (ADD,)) for name in NAMESAKES},
}
CUMULATIVE = {
    "sum": "np.cumsum({}, axis=-1)",
    "logsumexp": "np.logaddexp.accumulate({}, axis=-1)",
    "max": "np.maximum.accumulate({}, axis=-1)",
    "scaled": "_scaled_cumsum({}, {})",
}
LINEAR = {"inverse": "np.linalg.inv({})", "det": "np.linalg.det({})", "logdet": "np.linalg.slogdet({})[1]"}
PREFIX = {"logsumexp": "lse", "log_softmax": "log_p", "softmax": "p"}


class _Body:
    """The statements of one function."""

    def __init__(self, routine: Routine) -> None:
        self.routine = routine
        self.taken = {p.name for p in routine.parameters} | set(routine.sizes()) | {"np", "dtype"}
        self.lines: list[str] = []
        self.helpers: set[str] = set()
        self.typed = False
        self.written: dict[Node, tuple[str, int]] = {}
        nodes = routine.nodes()
        self.uses = Counter(c for n in nodes for c in n.children)
        self.uses.update(r.node for r in routine.results)
        self.nodes = nodes

    def code(self, node: Node, least: int = ADD) -> str:
        """An expression for the node, in parentheses where it binds less than `least`."""
        if node not in self.written:
            shown, own = WRITE[type(node)](self, node)
            self.written[node] = self._kept(node, shown, own)
        shown, own = self.written[node]
        return shown if own >= least else f"({shown})"

    def _kept(self, node: Node, shown: str, own: int) -> tuple[str, int]:
        plain = isinstance(node, Argument | Size | Constant) or node.static
        if plain or (self.uses[node] < 2 and len(shown) <= LONGEST and not isinstance(node, Normal | Solve)):
            return shown, own
        if isinstance(node, Align) and isinstance(node.value, Argument):
            return shown, own
        prefix = "root" if isinstance(node, Solve) else PREFIX.get(getattr(node, "kind", ""), "t")
        name = unused(prefix, self.taken)
        self.taken.add(name)
        self.lines.append(f"{name} = {shown}")
        return name, ATOM

    def helper(self, name: str) -> str:
        self.helpers.add(name)
        return name

    def dtype(self) -> str:
        self.typed = True
        return "dtype"


def _constant(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Constant)
    value = node.value
    if not isinstance(value, Fraction):
        return "np.pi", ATOM
    if value.denominator == 1:
        return str(value), UNARY if value < 0 else ATOM
    return str(value).replace("/", " / "), MULTIPLY


def _apply(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Apply)
    template, own, needs = OPERATIONS[node.operation]
    shown = template.format(*(body.code(a, n) for a, n in zip(node.args, needs, strict=True)))
    for name in HELPERS:
        if template.startswith(name + "("):
            body.helper(name)
    if node.operation == "real":
        body.dtype()
    if node.static and template.startswith(("np.", "_")):
        return f"float({shown})", ATOM  # a NumPy scalar would turn float32 into float64
    return shown, own


def _align(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Align)
    kept = [n for n in node.axes if n is not None]
    shown = body.code(node.value, ATOM)
    if kept != sorted(kept):
        shown = _permuted(shown, kept)
    if None in node.axes:
        marks = [":" if n is not None else "None" for n in node.axes]
        while marks and marks[0] == ":":
            marks.pop(0)
        shown = f"{shown}[..., {', '.join(marks)}]"
    return shown, ATOM


def _permuted(shown: str, order: Sequence[int]) -> str:
    if list(order) == [1, 0]:
        return f"np.swapaxes({shown}, -1, -2)"
    rank = len(order)
    source = tuple(n - rank for n in order)
    return f"np.moveaxis({shown}, {source}, {tuple(range(-rank, 0))})"


def _fold(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Fold)
    inner, depth = node.value, 1
    while isinstance(inner, Fold) and inner.operation == node.operation and body.uses[inner] < 2:
        inner, depth = inner.value, depth + 1
    axis = "-1" if depth == 1 else str(tuple(range(-depth, 0)))
    return f"np.{node.operation}({body.code(inner)}, axis={axis})", ATOM


def _contract(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Contract)
    if (product := _matmul(body, node) or _solve(body, node)) is not None:
        return product
    letters = "abcdefghijklmnopqrstuvwxyz"
    inputs = ",".join("..." + "".join(letters[n] for n in labels) for labels in node.labels)
    output = "..." + "".join(letters[n] for n in node.output)
    operands = ", ".join(body.code(o) for o in node.operands)
    option = ", optimize=True" if len(node.operands) > 2 else ""
    return f'np.einsum("{inputs}->{output}", {operands}{option})', ATOM


def _matmul(body: _Body, node: Contract) -> tuple[str, int] | None:
    """A @ B, where that is what it is."""
    if [len(labels) for labels in node.labels] != [2, 2] or len(node.output) != 2:
        return None
    shared = set(node.labels[0]) & set(node.labels[1])
    if len(shared) != 1 or shared & set(node.output):
        return None
    order = (0, 1) if node.output[0] in node.labels[0] else (1, 0)
    shown = []
    for place, n in enumerate(order):
        plain = (node.labels[n][0] in shared) == (place == 1)
        shown.append(body.code(node.operands[n], UNARY) if plain else _permuted(body.code(node.operands[n]), (1, 0)))
    return " @ ".join(shown), MULTIPLY


def _solve(body: _Body, node: Contract) -> tuple[str, int] | None:
    """M^-1 v, where nothing else asks for the inverse."""
    pairs = list(zip(node.operands, node.labels, strict=True))
    for (matrix, axes), (vector, along) in (pairs, pairs[::-1]) if len(pairs) == 2 else ():
        once = isinstance(matrix, LinearAlgebra) and matrix.operation == "inverse" and body.uses[matrix] == 1
        if not once or len(along) != 1 or along[0] not in axes or len(node.output) != 1 or along == node.output:
            continue
        whole = (
            body.code(matrix.children[0]) if along[0] == axes[1] else _permuted(body.code(matrix.children[0]), (1, 0))
        )
        return f"np.linalg.solve({whole}, {body.code(vector, ATOM)}[..., None])[..., 0]", ATOM
    return None


def _normal(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Normal)
    logs = Normal("log_softmax", node.value, node.scale, node.weight)
    if node.kind == "softmax" and logs in body.nodes:
        return f"np.exp({body.code(logs)})", ATOM
    name = body.helper(f"_{node.kind}" if node.weight is None else f"_weighted_{node.kind}")
    given = [body.code(node.value)] if node.weight is None else [body.code(node.value), body.code(node.weight)]
    if node.scale is not None:
        given.append(f"scale={body.code(node.scale)}")
    return f"{name}({', '.join(given)})", ATOM


def _guard(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Guard)
    if isinstance(node.value, Normal):
        return f"{body.helper('_kept')}({body.code(node.value)}, {body.code(node.weight)})", ATOM
    return f"np.where({body.code(node.weight)} == 0, {node.fill}, {body.code(node.value)})", ATOM


def _equal(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Equal)
    left, right = node.left, node.right
    if isinstance(left, Align) and isinstance(left.value, Range) and right == Align(left.value, left.axes[::-1]):
        return f"np.eye({body.code(left.value.size)}, dtype={body.dtype()})", ATOM
    return f"({body.code(left)} == {body.code(right)}).astype({body.dtype()})", ATOM


def _gather(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Gather)
    return f"{body.helper('_gather')}({body.code(node.value)}, {body.code(node.index)})", ATOM


def _take(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Take)
    position = str(node.position) if isinstance(node.position, int) else body.code(node.position)
    return f"{body.code(node.value, ATOM)}[..., {position}]", ATOM


def _cumulative(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Cumulative)
    template, turn = CUMULATIVE[node.operation], "[..., ::-1]" if node.backwards else ""
    given = [n for n in (node.value, node.weight) if n is not None]
    shown = [body.code(n, ATOM) + turn if turn and n.rank else body.code(n) for n in given]
    if node.operation == "scaled":
        body.helper("_scaled_cumsum")
    return template.format(*shown) + turn, ATOM


def _window(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Window)
    size, start = body.code(node.size, ADD), node.start
    end = f"{start} : {start} + {size}" if start else f":{size}"
    return f"{body.code(node.value, ATOM)}[..., {end}]", ATOM


def _linear(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, LinearAlgebra)
    return LINEAR[node.operation].format(body.code(node.value)), ATOM


def _diagonal(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Diagonal)
    return f"np.diagonal({body.code(node.value)}, axis1=-2, axis2=-1)", ATOM


def _fill(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Fill)
    zeros = f"np.zeros({body.code(node.size)}, {body.dtype()})"
    if node.value.static and not node.value.rank:
        return f"{body.code(node.value, ADD)} + {zeros}", ADD
    return f"{body.code(node.value, ATOM)}[..., None] + {zeros}", ADD


def _search(body: _Body, node: Node) -> tuple[str, int]:
    """A function of the unknown, written within this one, and the search for its zero."""
    assert isinstance(node, Solve)
    inside = [n for n in walk(node.gap) if node.unknown in walk(n)]
    for n in walk(node.gap):
        if n not in inside and not any(isinstance(m, Unknown) for m in walk(n)):
            body.code(n)  # what is the same at every value of the unknown, once and outside
    gap, letter = (unused(name, body.taken) for name in ("gap", "u"))
    body.taken |= {gap, letter}
    body.written[node.unknown] = letter, ATOM
    outside, body.lines = body.lines, []
    last = f"return {body.code(node.gap)}"
    body.lines = [*outside, f"def {gap}({letter}):", *(f"    {line}" for line in (*body.lines, last))]
    for n in inside:
        body.written.pop(n, None)
    ends = [f", {name}={float(v)}" for name, v in (("low", node.low), ("high", node.high)) if v is not None]
    return f"{body.helper('_root')}({gap}, {node.rank}, {body.dtype()}{''.join(ends)})", ATOM


def _order(body: _Body, node: Node) -> tuple[str, int]:
    assert isinstance(node, Order)
    shown = f'np.argsort({body.code(node.value)}, axis=-1, kind="stable")'
    return (shown if node.kind == "argsort" else f"np.argsort({shown}, axis=-1)"), ATOM


WRITE: dict[type[Node], Callable[[_Body, Node], tuple[str, int]]] = {
    Constant: _constant,
    Apply: _apply,
    Align: _align,
    Fold: _fold,
    Contract: _contract,
    Normal: _normal,
    Guard: _guard,
    Equal: _equal,
    Gather: _gather,
    Take: _take,
    Cumulative: _cumulative,
    Window: _window,
    Diagonal: _diagonal,
    LinearAlgebra: _linear,
    Fill: _fill,
    Solve: _search,
    Order: _order,
    Range: lambda body, node: (f"np.arange({body.code(node.children[0])})", ATOM),
    Size: lambda body, node: (node.name, ATOM),  # type: ignore[attr-defined]
    Argument: lambda body, node: (node.name, ATOM),  # type: ignore[attr-defined]
    Label: lambda body, node: (node.name, ATOM),  # type: ignore[attr-defined]
}


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a module with these functions."""
    bodies = [_function(r) for r in routines]
    helpers = with_needs({name for _, needed in bodies for name in needed})
    parts = [docstring(header, ""), "import numpy as np\n", *(HELPERS[h].strip() + "\n" for h in helpers)]
    return "\n\n".join([*parts[:1], *parts[1:], *(text for text, _ in bodies)])


def _function(routine: Routine) -> tuple[str, set[str]]:
    body = _Body(routine)
    shown = [_returned(body, r.node) for r in routine.results]
    inside = ", ".join(f'"{r.name}": {s}' for r, s in zip(routine.results, shown, strict=True))
    lines = [*_prologue(body), *body.lines, f"return {{{inside}}}" if routine.named else f"return {shown[0]}"]
    head = f"def {routine.name}({', '.join(p.name for p in routine.parameters)}):\n"
    text = head + docstring(describe(routine), "    ") + "".join(f"    {line}\n" for line in lines)
    return text, body.helpers


def _returned(body: _Body, node: Node) -> str:
    if node.static:
        return f"np.asarray({body.code(node)}, {body.dtype()})"
    return body.code(node) if body.uses[node] > 1 else WRITE[type(node)](body, node)[0]


def _prologue(body: _Body) -> list[str]:
    parameters = body.routine.parameters
    real = [p.name for p in parameters if not p.label]
    lines = []
    if real:
        target = ", ".join(real) if len(real) > 1 else f"({real[0]},)"
        lines.append(f"{target} = {body.helper('_floats')}({', '.join(real)})")
    shaped = [p for p in parameters if p.axes]
    if shaped:
        sizes = body.routine.sizes()
        target = "" if not sizes else f"{', '.join(sizes)} = " if len(sizes) > 1 else f"({sizes[0]},) = "
        lines.append(f'{target}{body.helper("_sizes")}("{" ".join(sizes)}", {", ".join(map(_shape, shaped))})')
    known = {a for p in parameters for a in p.axes}
    for p in parameters:
        if p.label:
            bound = f", {p.below}" if p.below in known or p.below.isdigit() else ""
            lines.append(f'{p.name} = {body.helper("_label")}("{p.name}", {p.name}{bound})')
    if body.typed:
        lines.append(f"dtype = {real[0]}.dtype" if real else "dtype = np.dtype(np.float64)")
    return lines


def _shape(p: Parameter) -> str:
    value = f"np.asarray({p.name})" if p.label else p.name
    return f'{p.name}=({value}, "{" ".join(p.axes)}")'
