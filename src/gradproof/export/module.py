"""What is exported, and the plan that a target writes out.

Contract. `plan` lowers every function and finds its signature: the arguments it needs, in the order given. A size is
never an argument: it is read off an argument that has it as an axis, one added to the signature where need be.

Blind spot. A size that is no axis of any argument cannot be found; it may then be listed as an argument itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from gradproof.expression import Array, Expr, Index, Number, Symbol

from .array import Argument, Label, Node, Size, walk
from .errors import NotExportable
from .formula import text
from .lower import Lowering
from .names import identifier

Outputs = tuple[Index, ...]


@dataclass(frozen=True)
class Exported:
    """A function: the term it computes, whose free indices in `outputs` are the last axes of the result, in this order.

    `expression` may be a mapping from names to pairs (term, outputs); the function then returns a dict. `formula` is
    shown in the documentation instead of the term.
    """

    name: str
    expression: Expr | Mapping[str, tuple[Expr, Outputs]]
    outputs: Outputs = ()
    formula: str = ""

    def results(self) -> Mapping[str, tuple[Expr, Outputs]]:
        """The terms by name; a single one has no name."""
        return {"": (self.expression, self.outputs)} if isinstance(self.expression, Expr) else self.expression


@dataclass(frozen=True)
class Parameter:
    """An argument of the written functions: its own axes by the names of their sizes; a label counts from 0."""

    name: str
    axes: tuple[str, ...]
    label: bool = False
    below: str = ""  # for a label: the size that it stays below
    symbol: Symbol | Array | Index | None = None


@dataclass(frozen=True)
class Result:
    """One array that a function returns."""

    name: str
    node: Node
    axes: tuple[str, ...]
    formula: str


@dataclass(frozen=True)
class Routine:
    """A function to be written."""

    name: str
    parameters: tuple[Parameter, ...]
    results: tuple[Result, ...]
    formula: str = ""

    @property
    def named(self) -> bool:
        """Whether it returns a dict by name."""
        return any(r.name for r in self.results)

    def nodes(self) -> set[Node]:
        return {n for r in self.results for n in walk(r.node)}

    def sizes(self) -> tuple[str, ...]:
        """The sizes that its body or the check of a label uses."""
        used = {n.name for n in self.nodes() if isinstance(n, Size)}
        known = {a for p in self.parameters for a in p.axes}
        used |= {p.below for p in self.parameters if p.label and p.below in known}
        return tuple(sorted(used))


def plan(functions: Sequence[Exported], arguments: Sequence[Symbol | Array | Index]) -> tuple[Routine, ...]:
    """Lower the functions and find their signatures."""
    terms = [e for f in functions for e, _ in f.results().values()]
    indices = [i for f in functions for _, outputs in f.results().values() for i in outputs]
    sizes = _sizes(arguments, terms, indices)
    _check_names([identifier(a.name) for a in (*arguments, *sizes) if isinstance(a, Symbol | Array | Index)])
    return tuple(_routine(f, arguments, sizes) for f in functions)


def _sizes(arguments: Sequence[Symbol | Array | Index], terms: Iterable[Expr], outputs: Iterable[Index]) -> set[Expr]:
    shapes = [n for a in arguments if isinstance(a, Array) for n in a.shape]
    shapes += [n for t in terms for a in t.free if isinstance(a, Array) for n in a.shape]
    shapes += [i.size for i in (*(a for a in arguments if isinstance(a, Index)), *outputs)]
    found = {s for n in shapes for s in n.free if isinstance(s, Symbol)}
    return {s for s in found if s not in arguments}


def _check_names(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise NotExportable(f"two arguments or sizes would both be called {name}", advice="rename one of them")


def _routine(f: Exported, arguments: Sequence[Symbol | Array | Index], sizes: set[Expr]) -> Routine:
    results = []
    for name, (term, outputs) in f.results().items():
        _check_known(f.name, term, outputs, arguments, sizes)
        node = Lowering(outputs, sizes, identifier).result(term, outputs)
        results.append(Result(name, node, tuple(_length(i.size) for i in outputs), text(term)))
    nodes = {n for r in results for n in walk(r.node)}
    labels = {n.name for n in nodes if isinstance(n, Label)}
    needed = {n.name for n in nodes if isinstance(n, Argument)}
    parameters = [_parameter(a, labels) for a in arguments]
    wanted = {n.name for n in nodes if isinstance(n, Size)}
    signature = _signature(f.name, parameters, needed, wanted)
    return Routine(f.name, signature, tuple(results), f.formula)


def _signature(name: str, parameters: Sequence[Parameter], needed: set[str], wanted: set[str]) -> tuple[Parameter, ...]:
    for size in sorted(wanted):
        if not any(p.name in needed and size in p.axes for p in parameters):
            provider = next((p for p in parameters if size in p.axes), None)
            if provider is None:
                raise NotExportable(
                    f"{name} needs the size {size}, which is the axis of no argument",
                    advice=f"list an argument that has an axis of length {size}, or {size} itself",
                )
            needed.add(provider.name)
    return tuple(p for p in parameters if p.name in needed)


def _check_known(
    name: str, e: Expr, outputs: Outputs, arguments: Sequence[Symbol | Array | Index], sizes: set[Expr]
) -> None:
    known = {*arguments, *outputs, *sizes}
    missing = sorted(a.name for a in e.free if a not in known)
    if missing:
        raise NotExportable(
            f"{name} depends on {', '.join(missing)}, which is no argument",
            expected=f"arguments among {', '.join(a.name for a in arguments)}",
            advice="list it among the arguments, or an index among the outputs",
        )


def _parameter(a: Symbol | Array | Index, labels: set[str]) -> Parameter:
    name = identifier(a.name)
    if isinstance(a, Index):
        return Parameter(name, (), True, _length(a.size), a)
    axes = tuple(_length(n) for n in a.shape) if isinstance(a, Array) else ()
    return Parameter(name, axes, name in labels, symbol=a)


def _length(size: Expr) -> str:
    """The name of a size: K, or 3, or the formula without blanks."""
    if isinstance(size, Symbol):
        return identifier(size.name)
    return str(size.value) if isinstance(size, Number) else text(size).replace(" ", "")


Target = Callable[[Sequence[Routine], str], str]
