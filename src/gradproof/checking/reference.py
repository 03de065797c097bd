"""The proved gradient as a function, and points to try it at.

Contract. The gradient is the NumPy code that `export` writes from the proof, times an upstream gradient. Points satisfy
the domains and givens of the statement; class labels count from 0.

Blind spot. A statement without a whole gradient, such as one in a single entry, has nothing to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from random import Random
from typing import Any

from gradproof.audit.evaluation import Point
from gradproof.audit.naming import by_name
from gradproof.audit.sampling import Sampler
from gradproof.audit.search import ascending, candidates
from gradproof.errors import BadInput
from gradproof.export import Exported
from gradproof.export.module import Routine, plan
from gradproof.export.names import identifier
from gradproof.export.numpy import write
from gradproof.exporting import functions_of, in_closed_form
from gradproof.expression import REAL, Array, Index, Symbol
from gradproof.functions import Interface, interface
from gradproof.proof import Proof
from gradproof.render.words import PLAIN

PER_SIZES = 8  # points for each choice of the sizes


@dataclass(frozen=True)
class Case:
    """A point: what the functions are given by name, the sizes, and the point as the audit knows it."""

    inputs: dict[str, Any]
    sizes: dict[str, int]
    point: Point


def compiled(routine: Routine) -> Any:
    """The function that a plan describes."""
    scope: dict[str, Any] = {"__name__": "gradproof_exported"}
    exec(compile(write([routine], "reference"), "<exported by gradproof>", "exec"), scope)
    return scope[routine.name]


class Reference:
    """The proved gradient of one statement."""

    def __init__(self, proof: Proof) -> None:
        self.proof = proof
        offered = interface(proof.statement, tuple(t.statement for t in proof.theorems))
        self.offered: Interface = in_closed_form(offered, [t.statement for t in proof.certificate.derivation.theorems])
        self.title = f"{proof.statement.number} {PLAIN.say((proof.statement.title,))}".strip()
        functions = functions_of(self.offered, proof.assumptions, "torch")
        main = next((f for f in functions if f.backward is not None), None)
        if main is None or main.backward is None:
            raise BadInput(
                "the entry states no gradient to compare with",
                where=self.title,
                advice="name an entry whose claim is a derivative in z_k, or in a symbol",
            )
        self.main: Exported = main
        self.seed: Symbol | Array = main.seeds[0]
        self.upstream = identifier(self.seed.name)
        (self.routine,) = plan([main.backward], [*main.seeds, *self.offered.arguments])
        self.whole = isinstance(self.seed, Array)  # of a family, whose gradient without upstream is the Jacobian
        self.jacobian: Any = vars(proof.export().functions).get("jac") if self.whole else None

    @cached_property
    def gradient(self) -> Any:
        return compiled(self.routine)

    @property
    def variables(self) -> tuple[str, ...]:
        return tuple(r.name for r in self.routine.results)

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments by name, the upstream gradient last."""
        return (*(identifier(a.name) for a in self.offered.arguments), self.upstream)

    def at(self, inputs: Mapping[str, Any], function: Any = None) -> dict[str, Any]:
        """The gradients by variable."""
        given = {p.name: inputs[p.name] for p in self.routine.parameters}
        found: dict[str, Any] = (function or self.gradient)(**given)
        return found

    @cached_property
    def sampler(self) -> Sampler:
        terms = [o.term for o in self.offered.outputs]
        indices = [a for a in self.offered.arguments if isinstance(a, Index)]
        return Sampler([*self.proof.statement.claims, *terms, *indices], self.proof.statement.givens)

    def cases(self, sizes: Any, upstream: bool) -> Iterator[Case]:
        """Points from small sizes to large; at each first simple values, then random ones."""
        rng = Random(0)
        for chosen in self._choices(sizes):
            for n, point in enumerate(candidates(self.sampler, chosen, PER_SIZES, rng)):
                yield self._case(point, rng, upstream, simple=n < PER_SIZES // 2)

    def random(self, count: int, sizes: Any, upstream: bool) -> list[Case]:
        """Random points, the sizes apart from one another where they can be."""
        rng, found = Random(1), list[Case]()
        choices = sorted(self._choices(sizes), key=lambda c: (-len(set(c.values())), -sum(c.values())))
        for n in range(3 * count):
            point = self.sampler.draw(choices[n % min(len(choices), 6)], rng)
            if point is not None:
                found.append(self._case(point, rng, upstream, simple=False))
            if len(found) == count:
                break
        return found

    def large(self, cases: Sequence[Case]) -> Iterator[Case]:
        """The points with the variables that may take any value a thousandfold: where exponentials overflow."""
        told = {s.name for g in self.proof.statement.givens for s in g.relation.free}
        arguments = {identifier(a.name): a for a in self.offered.arguments if isinstance(a, Symbol | Array)}
        free = [v for v in self.variables if arguments[v].domain == REAL and arguments[v].name not in told]
        for case in cases if free else ():
            yield replace(case, inputs={**case.inputs, **{v: 1000 * case.inputs[v] for v in free}})

    def _choices(self, sizes: Any) -> list[dict[Symbol, int]]:
        symbols = self.sampler.stock.sizes
        if sizes is None:
            return ascending(symbols)
        given = sizes if isinstance(sizes, Mapping) else {s.name: sizes for s in symbols}
        known = [s.name for s in symbols]
        for name, values in given.items():
            listed = [values] if isinstance(values, int) else list(values)
            if name not in known or not listed or any(not isinstance(v, int) or v < 1 for v in listed):
                raise BadInput(
                    "sizes are whole numbers >= 1 by the names of the sizes",
                    expected=f"sizes={{{', '.join(f'{n!r}: [1, 2, 3]' for n in known)}}}, or sizes=[1, 2, 3] for all",
                    found=f"{name} = {values}",
                )
        options = [self._option(given.get(s.name, range(1, 5))) for s in symbols]
        combinations = sorted(product(*options), key=lambda c: (sum(c), c))
        return [dict(zip(symbols, c, strict=True)) for c in combinations]

    @staticmethod
    def _option(values: int | Sequence[int]) -> list[int]:
        return [values] if isinstance(values, int) else sorted(values)

    def _case(self, point: Point, rng: Random, upstream: bool, simple: bool) -> Case:
        import numpy as np

        values = by_name(point)
        inputs: dict[str, Any] = {}
        for a in self.offered.arguments:
            if isinstance(a, Index) or (isinstance(a, Array) and a.into is not None):
                inputs[identifier(a.name)] = np.asarray(values[a.name], dtype=np.int64) - 1
            elif a.name in values:
                inputs[identifier(a.name)] = np.asarray(values[a.name], dtype=float)
        sizes = {s.name: n for s, n in point.sizes.items()}
        inputs[self.upstream] = np.asarray(1.0)
        shape = self._shape(point)
        if upstream:
            draw = [
                float(rng.choice((1, 2, -1, 3))) if simple else rng.gauss(0, 1.5) for _ in range(int(np.prod(shape)))
            ]
            inputs[self.upstream] = np.asarray(draw).reshape(shape)
        else:
            inputs[self.upstream] = np.ones(shape)
        return Case(inputs, sizes, point)

    def _shape(self, point: Point) -> tuple[int, ...]:
        if not isinstance(self.seed, Array):
            return ()
        self.sampler.evaluator.begin(point)
        return tuple(self.sampler.evaluator.count(n)(()) for n in self.seed.shape)
