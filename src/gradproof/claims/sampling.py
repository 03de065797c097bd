"""Relations tested at a few points, fast: what fails here is certainly false, what holds is worth a proof.

Contract. Points satisfy domains and hypotheses. Points are drawn once and shared by all relations over the same names.

Blind spot. It decides nothing: it only orders the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from time import process_time

from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.chains import schedule
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.sampling import Sampler
from gradproof.audit.truth import Judge
from gradproof.derivation import Given
from gradproof.expression import Expr, Index, Relation

SIZES = (3, 2, 4, 1)
FEW, TRIES = 4, 8


class Points:
    """Random points for relations over the names of `terms`."""

    def __init__(self, terms: Iterable[Expr], givens: Sequence[Given], points: int, seed: int = 1) -> None:
        rng = Random(seed)
        sampler = Sampler(terms, givens)
        self.judge = Judge(Evaluator(), sampler)
        self.points: list[Point] = []
        for number, sizes in enumerate(schedule(sampler.stock.sizes, SIZES, points, rng)):
            point = sampler.draw(sizes, rng, pattern=number % 4, tries=TRIES)
            if point is not None:
                self.points.append(point)
        self.points.reverse()  # the large sizes tell most relations apart

    def failure(self, relation: Expr) -> Point | None:
        """The first point at which the relation is false."""
        for point in self.points:
            self.judge.begin(point)
            try:
                if not self.judge.judge(relation).holds:
                    return point
            except (Undefined, Untestable):
                continue
        return None

    def survivors(self, relations: Sequence[Relation], deadline: float) -> list[Relation]:
        """The relations that hold, and are defined, at every point where their left sides are."""
        alive = list(relations)
        for point in self.points:
            self.judge.begin(point)
            kept = []
            for n, relation in enumerate(alive):
                if n % 64 == 0 and process_time() > deadline:
                    break
                if self._keeps(relation):
                    kept.append(relation)
            alive = kept
        return alive if self.points else []

    def _keeps(self, relation: Relation) -> bool:
        try:
            return self.judge.judge(relation).holds
        except Untestable:
            return False
        except Undefined:
            return not self._defined(relation.args[0])

    def _defined(self, e: Expr) -> bool:
        try:
            self.judge.evaluator.value(e)
        except (Undefined, Untestable):
            return False
        return True


def fails_somewhere(relation: Expr, givens: Sequence[Given], over: Sequence[Index]) -> bool:
    """Whether the relation is false at one of a few random points."""
    return Points((relation, *over), givens, FEW).failure(relation) is not None
