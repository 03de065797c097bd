"""From proved derivatives to backward functions: what a library that differentiates is to call instead of its own.

Contract. For an upstream gradient g of a family f_i, the gradient in z_k is sum_i g_i df_i/dz_k: the term is built from
the proved derivatives, and the caller makes it stable, so that a Jacobian whose sum has a closed form is never stored.
Where every second derivative of a loss was proved too, its backward function has a backward function of its own, made
of Hessian-vector products.

Blind spot. A derivative in a single entry, such as z_t for a class t, says nothing of the other entries: there is no
backward function for z then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from gradproof.export import Exported
from gradproof.export.names import identifier, unused
from gradproof.expression import Array, Entry, Expr, Index, Sum, Symbol, add, moved, mul, substitute
from gradproof.functions import Output

Stable = Callable[[Expr], Expr]
Variable = Symbol | Array
Axes = tuple[Index, ...]


@dataclass(frozen=True)
class _Slope:
    """A derivative of f in whole variables: its term, and the axes that belong to each variable."""

    term: Expr
    axes: tuple[Axes, ...]

    def at(self, *places: Axes) -> Expr:
        """The term with other letters for the axes of each variable."""
        term = self.term
        for old, new in zip(sum(self.axes, ()), sum(places, ()), strict=True):
            term = substitute(term, old, new)
        return term


def with_backward(
    f: Exported, outputs: Iterable[Output], stable: Stable, taken: Sequence[str], where: str = ""
) -> Exported:
    """The function f with the backward function that the derivatives among the outputs make, where there are any.

    `where` says where these derivatives were proved, and `taken` which names are.
    """
    slopes = {tuple(moved(v) for v in o.wrt): s for o in outputs if o.wrt and (s := _slope(o, f.outputs)) is not None}
    first = {v[0]: s for v, s in slopes.items() if len(v) == 1}
    if not first:
        return f
    upstream = _seed("upstream", f.outputs, taken)
    terms = {v: _total(f.outputs, _entry(upstream, f.outputs), s.term) for v, s in first.items()}
    results = {identifier(v.name): (stable(terms[v]), s.axes[0]) for v, s in first.items()}
    back = Exported(f"{f.name}_backward", results, formula=where)
    second = {} if f.outputs else _second(first, slopes)
    if second:
        back = _twice(back, first, second, upstream, stable, taken)
    together = None if f.outputs or second else _together(f, {v: (stable(s.term), s.axes[0]) for v, s in first.items()})
    return replace(f, seeds=(upstream,), backward=back, together=together)


def _together(f: Exported, slopes: Mapping[Variable, tuple[Expr, Axes]]) -> Exported:
    """The function with its derivatives."""
    derivatives = {identifier(v.name): slope for v, slope in slopes.items()}
    return Exported(f.name, (f, Exported(f"{f.name}_slopes", derivatives)))


def _twice(
    back: Exported,
    first: dict[Variable, _Slope],
    second: dict[tuple[Variable, Variable], Expr],
    upstream: Variable,
    stable: Stable,
    taken: Sequence[str],
) -> Exported:
    """The backward function of a loss, with u_v for each of its results, has u_v . grad_v and g sum_v H_vw u_v."""
    names = {v: "direction" if len(first) == 1 else f"direction_{v.name}" for v in first}
    seeds = {v: _seed(names[v], s.axes[0], taken) for v, s in first.items()}
    slope = add(*(_total(s.axes[0], _entry(seeds[v], s.axes[0]), s.term) for v, s in first.items()))
    results: dict[str, tuple[Expr, Axes]] = {upstream.name: (stable(slope), ())}
    summed = {v: _primed(s.axes[0]) for v, s in first.items()}
    for w, s in first.items():
        turned = add(*(_total(axes, _entry(seeds[v], axes), second[v, w]) for v, axes in summed.items()))
        results[identifier(w.name)] = (stable(mul(_entry(upstream, ()), turned)), s.axes[0])
    return replace(back, seeds=tuple(seeds.values()), backward=Exported(f"{back.name}_backward", results))


def _second(
    first: dict[Variable, _Slope], slopes: dict[tuple[Variable, ...], _Slope]
) -> dict[tuple[Variable, Variable], Expr]:
    """The second derivatives of every pair, or none: in v at primed letters, in w at those of the gradient in w."""
    found = {}
    for v, w in product(first, repeat=2):
        places = _primed(first[v].axes[0]), first[w].axes[0]
        if (v, w) in slopes:
            found[v, w] = slopes[v, w].at(*places)
        elif (w, v) in slopes:
            found[v, w] = slopes[w, v].at(*places[::-1])
        else:
            return {}
    return found


def _slope(o: Output, own: Axes) -> _Slope | None:
    """The derivative, if it is in all entries of its variables and each has axes of its own."""
    axes = tuple(tuple(v.args) for v in o.wrt)
    letters = (*own, *sum(axes, ()))
    whole = all(isinstance(i, Index) for i in letters) and len(set(letters)) == len(letters)
    if not whole or set(letters) != set(o.axes) or not all(map(_everywhere, o.wrt)):
        return None
    return _Slope(o.term, axes)  # type: ignore[arg-type]


def _everywhere(v: Expr) -> bool:
    return not isinstance(v, Entry) or all(i.size == n for i, n in zip(v.args, v.base.shape, strict=True))  # type: ignore[attr-defined]


def _primed(axes: Axes) -> Axes:
    return tuple(Index.of(f"{i.name}'", i.size) for i in axes)


def _seed(stem: str, axes: Axes, taken: Sequence[str]) -> Variable:
    name = unused(stem, taken)
    return Array(name, tuple(i.size for i in axes)) if axes else Symbol.of(name)


def _entry(v: Variable, axes: Axes) -> Expr:
    return v[axes] if isinstance(v, Array) else v


def _total(axes: Axes, *factors: Expr) -> Expr:
    """The sum of the product over these axes."""
    total = mul(*factors)
    for index in reversed(axes):
        total = Sum.over(index, total)
    return total
