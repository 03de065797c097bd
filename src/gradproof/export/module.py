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
Term = tuple[Expr, Outputs]


@dataclass(frozen=True)
class Exported:
    """A function: the term it computes, whose free indices in `outputs` are the last axes of the result, in this order.

    `expression` may be a mapping from names to pairs (term, outputs), which the function returns as a dict; or other
    functions, whose values it returns as a tuple. `formula` is shown in the documentation instead of the term.
    `backward`, for targets that differentiate, takes an upstream gradient in `seeds` for each result, and arguments;
    its result is the gradient in the arguments that it names. `together` returns the value and the derivatives of which
    `backward` returns the multiples.
    """

    name: str
    expression: Expr | Mapping[str, Term] | tuple[Exported, ...]
    outputs: Outputs = ()
    formula: str = ""
    seeds: tuple[Symbol | Array, ...] = ()
    backward: Exported | None = None
    together: Exported | None = None

    def groups(self) -> tuple[Mapping[str, Term], ...]:
        """The terms of each value that is returned, by name; a single one has no name."""
        if isinstance(self.expression, tuple):
            return tuple(group for part in self.expression for group in part.groups())
        return ({"": (self.expression, self.outputs)} if isinstance(self.expression, Expr) else self.expression,)

    def terms(self) -> tuple[Term, ...]:
        return tuple(term for group in self.groups() for term in group.values())


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
    """A function to be written. It returns one value for each group of results: an array, or a dict where they have
    names."""

    name: str
    parameters: tuple[Parameter, ...]
    groups: tuple[tuple[Result, ...], ...]
    formula: str = ""
    seeds: tuple[str, ...] = ()
    backward: Routine | None = None
    together: Routine | None = None  # the function itself with its derivatives, for the same parameters
    shard: str = ""  # the size whose axis lies in parts on several shards
    stream: str = ""  # the size whose axis comes in chunks

    @property
    def named(self) -> tuple[str, ...]:
        """For a backward function: the arguments in which it gives the gradient."""
        return tuple(identifier(r.name) for r in self.results)

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(r for group in self.groups for r in group)

    def nodes(self) -> set[Node]:
        return {n for r in self.results for n in walk(r.node)}

    def sizes(self) -> tuple[str, ...]:
        """The sizes that its body or the check of a label uses."""
        used = {n.name for n in self.nodes() if isinstance(n, Size)}
        known = {a for p in self.parameters for a in p.axes}
        used |= {p.below for p in self.parameters if p.label and p.below in known}
        if parted := self.shard or self.stream:
            used = used - {parted, start(parted)} | {local(parted)}
        return tuple(sorted(used))


def plan(functions: Sequence[Exported], arguments: Sequence[Symbol | Array | Index]) -> tuple[Routine, ...]:
    """Lower the functions and find their signatures."""
    terms = [e for f in functions for e, _ in f.terms()]
    indices = [i for f in functions for _, outputs in f.terms() for i in outputs]
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


def _routine(
    f: Exported, arguments: Sequence[Symbol | Array | Index], sizes: set[Expr], more: Iterable[str] = ()
) -> Routine:
    """The function, which takes of the arguments those that it needs and those called as in `more`."""
    groups = tuple(tuple(_result(f.name, n, t, arguments, sizes) for n, t in g.items()) for g in f.groups())
    nodes = {n for group in groups for r in group for n in walk(r.node)}
    labels = {n.name for n in nodes if isinstance(n, Label)}
    needed = {n.name for n in nodes if isinstance(n, Argument)} | set(more)
    wanted = {n.name for n in nodes if isinstance(n, Size)}
    signature = _signature(f.name, [_parameter(a, labels) for a in arguments], needed, wanted)
    seeds = tuple(identifier(s.name) for s in f.seeds)
    own = [a for p in signature for a in arguments if a == p.symbol]
    backward = _within(f.backward, [*f.seeds, *own], sizes)
    together = _within(f.together, own, sizes, [p.name for p in signature])
    return Routine(f.name, signature, groups, f.formula, seeds, backward, together)


def _result(
    function: str, name: str, term: Term, arguments: Sequence[Symbol | Array | Index], sizes: set[Expr]
) -> Result:
    e, outputs = term
    _check_known(function, e, outputs, arguments, sizes)
    node = Lowering(outputs, sizes, identifier).result(e, outputs)
    return Result(name, node, tuple(_length(i.size) for i in outputs), text(e))


def _within(
    f: Exported | None, arguments: Sequence[Symbol | Array | Index], sizes: set[Expr], more: Iterable[str] = ()
) -> Routine | None:
    """The function, where it needs no other arguments.

    It takes those that it names in its results, also where it does not need them: so a backward function is known to
    depend on what it differentiates in.
    """
    if f is None:
        return None
    try:
        return _routine(f, arguments, sizes, [*more, *(identifier(n) for g in f.groups() for n in g)])
    except NotExportable:
        return None


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


def local(size: str) -> str:
    """The name of the length of a part, where the axis of this size is split."""
    return f"{size}_local"


def start(size: str) -> str:
    """The name of the place of a part's first entry in the whole."""
    return f"{size}_start"


Target = Callable[[Sequence[Routine], str], str]
