"""The audit of a derivation: every line against the line before, by numbers.

Contract. Nothing of rules, kernel or normal form is used, only what the terms mean. A line is refuted where it does not
stand to the line before as its step says, or is undefined where that was defined. What could not be tested is listed
with the reason. For `<=>` half of the points are drawn on the equations themselves, so that both truth values occur.

Blind spot. Samples cannot see an assumption that is not used, nor a falsehood outside of sizes 1 to 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

from gradproof import expression as x
from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.evaluation import Evaluator, Point
from gradproof.audit.naming import describe
from gradproof.audit.sampling import TRIES, Sampler
from gradproof.audit.truth import PROPOSITIONS, Judge, Verdict
from gradproof.derivation import AuditReport, Derivation, Given, Theorem
from gradproof.expression import Expr, Relation, Symbol

FAILURES = 2  # to draw a point, after which its sizes are left out
TRIES_ON_AN_EQUATION = 2  # these points are extra, and some equations cannot be solved


@dataclass
class Tally:
    """What happened to one link of a chain over all points."""

    name: str
    tested: int = 0
    truths: set[bool] = field(default_factory=set)
    reasons: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Link:
    """`right` must stand to `left` in `relation`; without left, `right` must hold by itself."""

    left: Expr | None
    relation: str
    right: Expr
    tally: Tally


class Refuted(Exception):
    """A line that does not hold, with the point."""


def audit(derivation: Derivation, points: int = 40, seed: int = 0, sizes: Sequence[int] = range(1, 6)) -> AuditReport:
    """Test every line of every theorem at random sizes and points that satisfy the derivation's givens."""
    return _Audit(derivation, points, seed, tuple(sizes)).report()


class _Audit:
    def __init__(self, derivation: Derivation, points: int, seed: int, sizes: tuple[int, ...]) -> None:
        self.derivation = derivation
        self.points = points
        self.rng = Random(seed)
        self.sizes = sizes
        self.chains = {t.name: _links(t) for t in derivation.theorems}
        self.terms = [e for t in derivation.theorems for e in _terms(t)]
        self.sampler = Sampler(self.terms, derivation.givens)
        self.judge = Judge(Evaluator(), self.sampler)
        self.worst = 0.0
        self.drawn = 0
        self.seen_sizes: set[int] = set()

    def report(self) -> AuditReport:
        refuted = ""
        everything = [link for links in self.chains.values() for link in links]
        try:
            self._run(self.sampler, everything, self.points)
            for theorem in self.derivation.theorems:
                self._run_on_equations(theorem)
        except Refuted as found:
            refuted = str(found)
        tallies = [link.tally for link in everything]
        return AuditReport(
            lines=sum(1 for t in tallies if t.tested),
            points=self.drawn,
            worst=self.worst,
            sizes=tuple(sorted(self.seen_sizes)),
            untested=() if refuted else tuple(self._untested(tallies)),
            refuted=refuted,
        )

    def _run_on_equations(self, theorem: Theorem) -> None:
        """The equivalences again, where one of their equations is true: anywhere else most are false on both sides."""
        equations = _equations(theorem)
        links = [link for link in self.chains[theorem.name] if link.relation == "<=>" or link.left is None]
        for equation in equations:
            sampler = Sampler(self.terms, (*self.derivation.givens, equation))
            self._run(sampler, links, -(-self.points // len(equations)), extra=True)

    def _run(self, sampler: Sampler, links: Sequence[Link], points: int, extra: bool = False) -> None:
        failures: Counter[tuple[int, ...]] = Counter()
        tries = TRIES_ON_AN_EQUATION if extra else TRIES
        for number, sizes in enumerate(schedule(sampler.stock.sizes, self.sizes, points, self.rng)):
            drawn_for = tuple(sizes.values())
            if failures[drawn_for] == (1 if extra else FAILURES):
                continue
            point = sampler.draw(sizes, self.rng, pattern=number % 4, tries=tries)
            if point is None:
                failures[drawn_for] += 1
                continue
            self.drawn += 1
            self.seen_sizes.update(sizes.values())
            self.judge.begin(point)
            for link in links:
                self._test(link, point)

    def _test(self, link: Link, point: Point) -> None:
        if link.left is not None:
            try:
                self._evaluate(link.left)
            except (Undefined, Untestable) as reason:
                link.tally.reasons[f"the line before: {reason}"] += 1
                return
        try:
            verdict = self._verdict(link)
        except Untestable as reason:
            link.tally.reasons[str(reason)] += 1
            return
        except Undefined as reason:
            if link.left is None:
                link.tally.reasons[str(reason)] += 1
                return
            raise Refuted(f"{link.tally.name}: undefined ({reason}) at {describe(point, _mentioned(link))}") from reason
        if not verdict.holds:
            sides = f" {_not(link)} ".join(verdict.sides)
            raise Refuted(f"{link.tally.name}: {sides} at {describe(point, _mentioned(link))}")
        link.tally.tested += 1
        self.worst = max(self.worst, verdict.difference)
        if verdict.truth is not None:
            link.tally.truths.add(verdict.truth)

    def _evaluate(self, line: Expr) -> None:
        if isinstance(line, PROPOSITIONS):
            self.judge.judge(line)
        else:
            self.judge.evaluator.value(line)

    def _verdict(self, link: Link) -> Verdict:
        if link.left is None:
            return self.judge.judge(link.right)
        return self.judge.relation(link.left, link.relation, link.right)

    def _untested(self, tallies: list[Tally]) -> Iterator[str]:
        if not self.drawn:
            yield "no point drawn: no values were found that satisfy the givens"
            return
        for tally in tallies:
            if tally.reasons:
                count = sum(tally.reasons.values())
                reason = tally.reasons.most_common(1)[0][0]
                yield f"{tally.name}: not at {count} of {count + tally.tested} points: {reason}"
            if tally.truths == {False}:
                yield f"{tally.name}: only where both sides are false"


def schedule(symbols: Sequence[Symbol], sizes: Sequence[int], points: int, rng: Random) -> list[dict[Symbol, int]]:
    """The sizes of each point, smallest first; each size symbol goes through all sizes, the others at random."""
    found = []
    for n in range(points):
        chosen = {s: rng.choice(sizes) for s in symbols}
        if symbols:
            chosen[symbols[n % len(symbols)]] = sizes[n // len(symbols) % len(sizes)]
        found.append(chosen)
    return sorted(found, key=lambda chosen: sum(chosen.values()))


def _links(theorem: Theorem) -> list[Link]:
    links, line = [], theorem.start
    for number, step in enumerate(theorem.steps, 1):
        name = f"{theorem.name}, step {number} ({step.rule})"
        if line is not None:
            whole = isinstance(line, PROPOSITIONS) and not step.at  # the proposition itself was replaced
            links.append(Link(line, "<=>" if whole else step.relation, step.result, Tally(name)))
        line = step.result
    links.append(Link(None, "", theorem.statement, Tally(f"{theorem.name}, the statement")))
    return links


def _terms(theorem: Theorem) -> list[Expr]:
    lines = [theorem.statement, *(s.result for s in theorem.steps), *theorem.over]
    return lines if theorem.start is None else [theorem.start, *lines]


def _equations(theorem: Theorem) -> list[Given]:
    """The equations on both sides of the theorem's equivalences, as hypotheses to draw points from."""
    lines: list[Expr] = []
    for link in _links(theorem):
        if link.relation == "<=>" and link.left is not None:
            lines += (link.left, link.right)
    if isinstance(theorem.statement, Relation) and theorem.statement.operator == "<=>":
        lines += theorem.statement.args
    found = {}
    for line in lines:
        over: list[x.Index] = []
        while isinstance(line, x.ForAll):
            over.append(line.fresh(i.name for i in over))
            line = line.open(over[-1])
        if isinstance(line, Relation) and line.operator == "=":
            found[line] = Given(line, tuple(over))
    return list(found.values())


def _mentioned(link: Link) -> frozenset[object]:
    return link.right.free | (link.left.free if link.left is not None else frozenset())


def _not(link: Link) -> str:
    operator = link.relation or (link.right.operator if isinstance(link.right, Relation) else "with")
    return {"=": "!=", "<=>": "is not equivalent to"}.get(operator, f"is not {operator}")
