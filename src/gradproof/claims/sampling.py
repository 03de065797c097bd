"""Relations tested at a few points, fast: what fails here is certainly false, what holds is worth a proof.

Contract. Points satisfy domains and hypotheses. Points are drawn once and shared by all relations over the same names.

Blind spot. It decides nothing: it only orders the work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.chains import schedule
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.sampling import Sampler
from gradproof.audit.truth import Judge
from gradproof.derivation import Given
from gradproof.expression import Expr, Index

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

    def holds(self, relation: Expr) -> bool:
        """Whether the relation holds at all points, and is defined at most of them."""
        tested = 0
        for point in self.points:
            self.judge.begin(point)
            try:
                if not self.judge.judge(relation).holds:
                    return False
            except (Undefined, Untestable):
                continue
            tested += 1
        return tested * 2 >= len(self.points) > 0


def fails_somewhere(relation: Expr, givens: Sequence[Given], over: Sequence[Index]) -> bool:
    """Whether the relation is false at one of a few random points."""
    return Points((relation, *over), givens, FEW).failure(relation) is not None
