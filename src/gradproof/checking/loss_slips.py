"""Slips that are the true gradient of another loss, or in another variable.

Contract. The other loss is made by one change of the term, and differentiated by the audit's evaluator, which knows
nothing of the proof.

Blind spot. Only losses, not families; an epsilon is looked for among powers of ten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from gradproof import expression as x
from gradproof.audit.arithmetic import to_float
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.checking.reference import Case, Reference
from gradproof.expression import Array, Definition, Expr, Index, Number

EPSILONS = tuple(Fraction(1, 10**n) for n in (1, 2, 3, 4, 5, 6))


def of_the_loss(reference: Reference, slip: Callable[[str, Any], Any]) -> Iterator[Any]:
    outputs = reference.offered.outputs
    if outputs[0].name != "loss" or reference.whole:
        return
    loss = outputs[0].term
    variables = {v.name: v for o in outputs if len(o.wrt) == 1 for v in [x.moved(o.wrt[0])]}
    for eps in EPSILONS:
        other = opened(loss, lambda e, eps=eps: _with_epsilon(e, eps))  # type: ignore[misc]
        if other != opened(loss, lambda e: e):
            yield slip(
                f"epsilon inside the logarithm: log(p + {float(eps):g})", _gradients(reference, other, variables)
            )
    for d in _probabilities(loss):
        q = Array(f"{d.name}!", d.shape)
        other = _free(loss, d, q)
        words = f"this is the gradient in the probabilities {d.name}, not in {', '.join(variables)}"
        yield slip(words, _in_probabilities(reference, other, d, q, tuple(variables)))


def opened(e: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The term with its definitions unfolded and every subterm changed, the innermost first."""
    if isinstance(e, x.Entry) and isinstance(e.base, Definition):
        return opened(e.base.unfold(e.args), change)
    return change(_rebuilt(e, tuple(opened(a, change) for a in e.args)))


def _rebuilt(e: Expr, args: tuple[Expr, ...]) -> Expr:
    return e if args == e.args or isinstance(e, Index) else e.rebuild(args)


def _with_epsilon(e: Expr, eps: Fraction) -> Expr:
    if isinstance(e, x.Function) and e.name == "log":
        return _rebuilt(e, (x.add(e.args[0], Number.of(eps)),))
    return e


def _probabilities(loss: Expr) -> list[Definition]:
    return [d for d in x.definitions(loss) if len(d.shape) == 1 and any(isinstance(f, Array) for f in d.body.free)]


def _free(e: Expr, d: Definition, q: Array) -> Expr:
    """The term with the entries of the definition as those of an array."""
    if isinstance(e, x.Entry) and e.base == d:
        return q[e.args]
    if isinstance(e, x.Entry) and isinstance(e.base, Definition):
        return _free(e.base.unfold(e.args), d, q)
    return _rebuilt(e, tuple(_free(a, d, q) for a in e.args))


def _gradients(reference: Reference, loss: Expr, variables: dict[str, Any]) -> Callable[[Case], dict[str, Any]]:
    def gradients(case: Case) -> dict[str, Any]:
        return {n: _slope(loss, v, case.point) * case.inputs[reference.upstream] for n, v in variables.items()}

    return gradients


def _in_probabilities(
    reference: Reference, loss: Expr, d: Definition, q: Array, names: tuple[str, ...]
) -> Callable[[Case], dict[str, Any]]:
    def gradients(case: Case) -> dict[str, Any]:
        evaluator = Evaluator()
        evaluator.begin(case.point)
        lengths = [evaluator.count(n)(()) for n in d.shape]
        places = list(product(*(range(1, n + 1) for n in lengths)))
        values = {p: evaluator.value(d[tuple(Number.of(n) for n in p)]) for p in places}
        point = Point(case.point.sizes, case.point.indices, {**case.point.values, q: values})
        found = _slope(loss, q, point) * case.inputs[reference.upstream]
        return dict.fromkeys(names, found)

    return gradients


def _slope(loss: Expr, variable: Any, point: Point) -> Any:
    """The derivative in every entry of the variable, by the audit's evaluator."""
    import numpy as np

    evaluator = Evaluator()
    evaluator.begin(point)
    if not isinstance(variable, Array):
        return np.asarray(to_float(evaluator.value(x.Derivative((loss, variable), ()))))
    lengths = [evaluator.count(n)(()) for n in variable.shape]
    indices = tuple(Index.of(f"slip{n}", size) for n, size in enumerate(variable.shape))
    slope = x.Derivative((loss, variable[indices]), ())
    found = np.empty(lengths)
    for place in product(*(range(1, n + 1) for n in lengths)):
        evaluator.begin(Point(point.sizes, {**point.indices, **dict(zip(indices, place, strict=True))}, point.values))
        found[tuple(n - 1 for n in place)] = to_float(evaluator.value(slope))
    return found
