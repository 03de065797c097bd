"""The common slips of hand-written backward passes: true forms of something else.

Contract. A slip makes, from the proved gradient, what somebody who made it would compute: by other arguments, by one
change of the array program, of the loss, or of the result. It explains a function only if it gives what the function
gives at every point, to rounding; plain slips come first, then those with a wrong sign or factor besides.

Blind spot. Two slips may give the same numbers, as a missing temperature and a factor do where it enters but once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from gradproof.checking.loss_slips import of_the_loss
from gradproof.checking.reference import Case, Reference, compiled
from gradproof.export import NotExportable
from gradproof.export.array import Align, Apply, Constant, Contract, Fold, Label, Node, Normal, walk
from gradproof.export.module import Routine
from gradproof.expression import Array, Index, Symbol

Gradients = dict[str, Any]
Observed = Sequence[tuple[Case, Gradients]]
SAME, SINGLE = 1e-7, 1e-4  # in double and in single precision


@dataclass(frozen=True)
class Slip:
    """What somebody computes instead, and its name in words."""

    words: str
    gradients: Callable[[Case], Gradients]


def explain(reference: Reference, observed: Observed, jacobian: Callable[[Case], Gradients] | None = None) -> str:
    """The first slip that gives what was observed, or nothing; of a Jacobian, only changes of the result."""
    plain = Slip("", jacobian or (lambda case: reference.at(case.inputs)))
    factors = list(_factors(reference))
    others = [] if jacobian else [*_arguments(reference), *_programs(reference), *of_the_loss(reference, Slip)]
    sign = factors[0]
    tried = [*((plain, f) for f in factors), *((s, None) for s in others), *((s, sign) for s in others)]
    tried += [(s, f) for s in others for f in factors[1:]]
    if not observed or _gives(plain, None, observed):
        return ""
    for slip, factor in tried:
        if _gives(slip, factor, observed):
            return "; and ".join(w for w in (slip.words, factor.words if factor else "") if w)
    return ""


@dataclass(frozen=True)
class Factor:
    """A change of the result."""

    words: str
    apply: Callable[[Case, Any], Any]


def _gives(slip: Slip, factor: Factor | None, observed: Observed) -> bool:
    import numpy as np

    for case, found in observed:
        try:
            with np.errstate(all="ignore"):
                own = slip.gradients(case)
                for v, value in found.items():
                    changed = np.asarray(own[v] if factor is None else factor.apply(case, own[v]))
                    same = SINGLE if value.dtype == np.float32 else SAME
                    scale = max(1.0, float(np.max(np.abs(changed), initial=0)))
                    if changed.shape != value.shape or not np.all(np.abs(changed - value) <= same * scale):
                        return False
        except (ArithmeticError, ValueError, IndexError, KeyError, TypeError, NotExportable):
            return False
    return bool(observed)


def _factors(reference: Reference) -> Iterator[Factor]:
    yield Factor("the sign is wrong", lambda case, g: -g)
    import numpy as np

    yield Factor("the gradient is transposed", lambda case, g: np.swapaxes(g, -1, -2) if np.ndim(g) > 1 else g)
    for s in reference.sampler.stock.sizes:
        n = s.name
        yield Factor(f"a factor 1/{n} is missing (a sum instead of a mean)", lambda c, g, n=n: g * c.sizes[n])  # type: ignore[misc]
        yield Factor(f"a factor 1/{n} too much (a mean instead of a sum)", lambda c, g, n=n: g / c.sizes[n])  # type: ignore[misc]
    for a in (a for a in reference.offered.arguments if isinstance(a, Symbol)):
        for power, missing in ((1, f"1/{a.name}"), (2, f"1/{a.name}^2"), (-1, a.name), (-2, f"{a.name}^2")):
            yield Factor(
                f"a factor {missing} is missing",
                lambda c, g, n=a.name, p=power: g * c.inputs[n] ** float(p),  # type: ignore[misc]
            )
    yield Factor("a factor 2 too much", lambda case, g: 2 * g)
    yield Factor("a factor 2 is missing", lambda case, g: g / 2)


def _with(reference: Reference, name: str, change: Callable[[Case, Any], Any]) -> Callable[[Case], Gradients]:
    return lambda case: reference.at({**case.inputs, name: change(case, case.inputs[name])})


def _arguments(reference: Reference) -> Iterator[Slip]:
    """The gradient at other arguments."""
    import numpy as np

    u = reference.upstream
    seeds = [(u, "the upstream gradient")]
    arguments = {p.name: p.symbol for p in reference.routine.parameters if p.name != u}
    labels = {n.name for n in reference.routine.nodes() if isinstance(n, Label)}
    variables = reference.variables
    seeds += [(n, n) for n, a in arguments.items() if isinstance(a, Array) and n not in labels and n not in variables]
    for name, shown in seeds:
        yield Slip(f"{shown} is not applied", _with(reference, name, lambda c, v: np.ones_like(v)))
        if name != u or reference.whole:
            outside = f"{shown} is applied outside the sum over its axis, as its"
            yield Slip(f"{outside} mean", _with(reference, name, lambda c, v: np.full_like(v, v.mean())))
            yield Slip(f"{outside} sum", _with(reference, name, lambda c, v: np.full_like(v, v.sum())))
            yield Slip(f"{outside} first entry", _with(reference, name, lambda c, v: np.full_like(v, v.flat[0])))
    for name, a in arguments.items():
        if name in labels:
            for step, side in ((1, "up"), (-1, "down")):
                yield Slip(
                    f"the label {name} is off by one (one {side}: classes counted from {1 if step < 0 else 0}?)",
                    _with(reference, name, lambda c, v, s=step, a=a: (v + s) % _classes(c, a)),  # type: ignore[misc]
                )
        elif name not in variables:
            yield Slip(f"{name} is left out (taken for 0)", _with(reference, name, lambda c, v: np.zeros_like(v)))
            yield Slip(f"{name} is left out (taken for 1)", _with(reference, name, lambda c, v: np.ones_like(v)))


def _classes(case: Case, a: Any) -> int:
    size = a.size if isinstance(a, Index) else a.into
    return case.sizes[size.name] if isinstance(size, Symbol) else int(size.data[0])


def _programs(reference: Reference) -> Iterator[Slip]:
    """One change of the array program."""
    seen = dict.fromkeys(n for r in reference.routine.results for n in walk(r.node))
    for node in seen:
        for words, other in _changes(node):
            program = _Program(replaced(reference.routine, node, other))
            yield Slip(words, lambda case, p=program: reference.at(case.inputs, p.function()))  # type: ignore[misc]


def _changes(node: Node) -> Iterator[tuple[str, Node]]:
    one = Apply("power", (node, Constant(Fraction(0))))
    if isinstance(node, Apply) and node.operation == "sigmoid":
        yield "the sign inside the sigmoid is wrong", replace(node, args=(Apply("negative", node.args),))
    if isinstance(node, Apply) and node.operation == "step":
        yield "a case is left out: where a maximum, a minimum or a clip makes the gradient 0", one
    if isinstance(node, Normal) and node.kind == "softmax" and node.value.rank > 1 and node.scale is None:
        swap = (*range(node.value.rank - 2), node.value.rank - 1, node.value.rank - 2)
        yield "the softmax is over the wrong axis", Align(replace(node, value=Align(node.value, swap)), swap)
    if isinstance(node, Normal) and node.scale is not None:
        yield "the temperature is missing inside the softmax", replace(node, scale=None)
    if isinstance(node, Fold) and node.operation == "sum" and not node.rank:
        names = sorted({n.name for n in walk(node.value) if hasattr(n, "name")})
        yield f"assumes that a sum is 1 where it need not be: the sum of {' '.join(names)}", one
    if isinstance(node, Contract) and not node.output:
        names = sorted({n.name for n in walk(node) if hasattr(n, "name")})
        yield f"a sum over {' and '.join(names)} is taken for 1", one
        yield f"a term is missing: the sum over {' and '.join(names)}", Apply("multiply", (node, Constant(Fraction(0))))


class _Program:
    """A changed program, compiled when it is tried."""

    def __init__(self, routine: Routine) -> None:
        self.routine = routine
        self.made: Any = None

    def function(self) -> Any:
        if self.made is None:
            self.made = compiled(self.routine)
        return self.made


def replaced(routine: Routine, old: Node, new: Node) -> Routine:
    """The function with one node replaced by another."""
    known: dict[Node, Node] = {old: new}

    def change(node: Node) -> Node:
        if node not in known:
            parts = {f.name: _changed(getattr(node, f.name)) for f in fields(node)}
            known[node] = replace(node, **parts)
        return known[node]

    def _changed(value: Any) -> Any:
        if isinstance(value, Node):
            return change(value)
        return tuple(map(_changed, value)) if isinstance(value, tuple) else value

    groups = tuple(tuple(replace(r, node=change(r.node)) for r in group) for group in routine.groups)
    return replace(routine, groups=groups)
