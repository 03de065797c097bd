"""Bounds on weighted logarithms by their tangents, and where they are tight.

sum_i w_i log u_i against 0: log u >= 1 - 1/u, or log u <= u - 1 under a minus sign; then the givens finish.
Equality holds only where every u_i is 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from gradproof.derivation import Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Add,
    Entry,
    Expr,
    ForAll,
    Function,
    Index,
    Mul,
    Number,
    Relation,
    Sum,
    add,
    mul,
    power,
    substitute,
)
from gradproof.normal import Normal
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.identities import all_logs, has_log, open_front, split_sums
from gradproof.propose.shapes import coefficient, defined, match, split_product, split_sum, tidy
from gradproof.propose.simplify import cancel, nodes, pull_constants, use_givens
from gradproof.signs import INCREASING

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

EULER = Function((Number.of(1),), ("exp",))
ONE, MINUS_ONE, ZERO = Number.of(1), Number.of(-1), Number.of(0)


@dataclass(frozen=True)
class WeightedLog:
    """scale * sum over index of weight * log(ratio)."""

    scale: Fraction
    index: Index
    weight: Expr
    ratio: Expr

    def term(self) -> Expr:
        body = mul(self.weight, Function((self.ratio,), ("log",)))
        return mul(Number.of(self.scale), Sum.over(self.index, body))


def combined(e: Expr) -> tuple[list[WeightedLog], list[Expr]]:
    """The sums of weighted logarithms in a sum of terms, those with one weight joined, and the other terms."""
    groups: dict[tuple[Expr, Expr], list[tuple[Fraction, Expr]]] = {}
    hints: dict[tuple[Expr, Expr], Index] = {}
    others = []
    for term in split_sum(e):
        number, rest = coefficient(term)
        if not isinstance(rest, Sum):
            others.append(term)
            continue
        index = rest.fresh()
        factors = split_product(rest.open(index))
        logs = [f for f in factors if isinstance(f, Function) and f.name == "log"]
        if len(logs) != 1:
            others.append(term)
            continue
        weight = mul(*(f for f in factors if f is not logs[0]))
        placeholder = Index.of("?", index.size)
        key = (rest.size, Sum.over(index, weight))
        hints.setdefault(key, index)
        moved = Sum.over(index, logs[0].args[0]).open(hints[key])
        groups.setdefault(key, []).append((number.value, moved))
        del placeholder
    return [_joined(hints[k], k[1].open(hints[k]), rows) for k, rows in groups.items()], others  # type: ignore[attr-defined]


def _joined(index: Index, weight: Expr, rows: list[tuple[Fraction, Expr]]) -> WeightedLog:
    scale = abs(rows[0][0])
    whole = all((c / scale).denominator == 1 for c, _ in rows)
    if len(rows) == 1 or not whole:
        if len(rows) == 1:
            return WeightedLog(rows[0][0], index, weight, rows[0][1])
        scale = Fraction(1)
    rows = sorted(rows, key=lambda r: r[0] < 0)
    return WeightedLog(scale, index, weight, tidy(mul(*(power(u, Number.of(c / scale)) for c, u in rows))))


def gather(focus: Focus, proposer: Proposer) -> list[WeightedLog]:
    """Bring the term at the focus into the form sum w log u + rest; the weighted logarithms found."""
    here = focus.term
    logs, rest = combined(here)
    if len(logs) > 1 or not logs:
        trial = Chain(here, proposer.givens)
        all_logs(trial)
        split_sums(trial)
        pull_constants(trial)
        cancel(trial)
        logs, rest = combined(trial.line)
    to = add(*(w.term() for w in logs), *rest)
    if to != here:
        if not Normal(proposer.signs).equal(here, to):
            return []
        focus.algebra(to, reason="join the logarithms")
    return logs


def by_logarithms(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A chain from `left` to the number `right` by the tangents of its logarithms, at 1 or at e."""
    if operator not in ("<=", ">=") or not isinstance(right, Number):
        return None
    for tangent in (ONE, EULER):
        chain = Chain(left, proposer.givens)
        open_front(chain)
        gather(chain.root, proposer)
        chain.show()
        if (
            has_log(chain.line)
            and _bounded(proposer, chain, operator, tangent)
            and arrives(proposer, chain, operator, right)
        ):
            return chain
    return None


def _bounded(proposer: Proposer, chain: Chain, operator: str, tangent: Expr) -> bool:
    for focus in [f for f in nodes(chain.root, Function) if f.term.data == ("log",)]:
        negative = polarity(focus, proposer)
        if negative is None:
            return False
        u, upper = focus.term.args[0], negative == (operator == ">=")
        if tangent != ONE and upper:
            focus.rule("tangent of log", relation=operator, x=u, c=tangent)
        elif tangent == ONE:
            focus.rule("log x <= x - 1" if upper else "log x >= 1 - 1/x", relation=operator, x=u)
        else:
            return False
    cancel(chain)
    chain.show()
    expand(proposer, chain)
    return True


def by_ranges(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """Put the largest value of its argument (or the smallest) into every logarithm: log is increasing."""
    if operator not in ("<=", ">="):
        return None
    chain = Chain(left, proposer.givens)
    open_front(chain)
    chain.show()
    for focus in [f for f in nodes(chain.root, Function) if f.term.data == ("log",)]:
        negative, inside = polarity(focus, proposer), focus.child(0)
        if negative is None:
            return None
        known = proposer.signs.interval(inside.term)
        upper = negative == (operator == ">=")
        end, strict = (known.high, known.high_open) if upper else (known.low, known.low_open)
        if end is None and upper and (known_member := member(proposer, inside.term)) is not None:
            values = match(known_member.statement.args[0], inside.term, known_member.over)
            inside.lemma(known_member.name, known_member.statement, known_member.over, values or (), relation=operator)  # type: ignore[arg-type]
            continue
        if end is None or end <= 0:
            return None
        if inside.term != (to := Number.of(end)):
            says = Relation.of(inside.term, ("<" if upper else ">") + "=" * (not strict), to)
            inside.record("sign", {"to": to, "reason": ("log is increasing, ", says)}, to, relation=operator)
    chain.show()
    if chain.line == left:
        return None
    expand(proposer, chain)
    return chain if arrives(proposer, chain, operator, right) else None


def member(proposer: Proposer, e: Expr) -> Theorem | None:
    """A lemma: one of a family of positive numbers that sum to 1, as is given, is at most 1."""
    for number, g in enumerate(proposer.givens):
        whole, total = g.relation.args
        if g.relation.operator != "=" or total != ONE or g.apart or not isinstance(whole, Sum):
            continue
        j = whole.fresh({i.name for i in g.over})
        body, k = whole.open(j), whole.fresh({j.name, *(i.name for i in g.over)})
        one = substitute(body, j, k)
        if match(one, e, (*g.over, k)) is None or not proposer.signs.nonnegative(body):
            continue
        name = f"{body.base.name} is at most one" if isinstance(body, Entry) else f"member {number}"
        if (known := next((t for t in proposer.theorems if t.name == name), None)) is not None:
            return known
        chain = Chain(one, proposer.givens)
        chain.root.rule("one term of a sum", backwards=True, relation="<=", body=body, index=j, at=k)
        chain.show()
        chain.root.given(number, g.over)
        chain.show(2)
        goal = Relation.of(one, "<=", ONE)
        return proposer.add(Theorem(name, goal, one, tuple(chain.steps), over=(*g.over, k)))
    return None


def arrives(proposer: Proposer, chain: Chain, operator: str, right: Expr) -> bool:
    if chain.line == right or algebra_to(chain, right):
        return True
    if proposer.signs.holds(Relation.of(chain.line, operator, right)):
        chain.root.record("sign", {"to": right}, right, relation=operator)
        return True
    return False


def expand(proposer: Proposer, chain: Chain) -> None:
    """Split the sums, then use the givens: a line each."""
    for group in ((split_sums, pull_constants, cancel), (use_givens, cancel)):
        if sum(tactic(chain) for tactic in group):
            chain.show()
    proposer.simplify(chain)


def polarity(focus: Focus, proposer: Proposer) -> bool | None:
    """Whether the factors in front of the place make it count negatively; None where that is not known."""
    negative = False
    here, at = Focus(focus.chain), list(focus.at)
    opened = list(focus.opened)
    while at:
        term = here.term
        n = at.pop(0)
        if isinstance(term, Sum):
            here = Focus(focus.chain, (*here.at, n), (*here.opened, opened.pop(0)))
            continue
        if isinstance(term, Mul):
            others = mul(*term.args[:n], *term.args[n + 1 :])
            if proposer.signs.nonnegative(-others):
                negative = not negative
            elif not proposer.signs.nonnegative(others):
                return None
        elif not isinstance(term, Add) and not (isinstance(term, Function) and term.name in INCREASING):
            return None
        here = Focus(focus.chain, (*here.at, n), here.opened)
    return negative


def equality_case(proposer: Proposer, left: Expr, right: Expr) -> Chain | None:
    """f = c exactly where all u_i = 1, f - c being a weighted sum of logarithms bounded by their tangents."""
    if not (isinstance(left, Relation) and left.operator == "=" and isinstance(right, ForAll)):
        return None
    chain = Chain(left, proposer.givens)
    f, c = left.args
    if c != ZERO:
        to = Relation.of(f - c, "=", ZERO)
        chain.root.equivalent(to)
    else:
        _open_first(chain)
    logs = gather(chain.root.child(0), proposer)
    if len(logs) != 1 or len(split_sum(chain.line.args[0])) != 1 or abs(logs[0].scale) != 1:
        return None
    chain.show()
    w = logs[0]
    u = w.ratio if w.scale < 0 else _inverse(w.ratio)
    gap = Sum.over(w.index, mul(w.weight, add(u, MINUS_ONE, -Function((u,), ("log",)))))
    if not _reach(proposer, chain, gap):
        return None
    chain.show()
    chain.root.rule("log x = x - 1 only at 1", relation="<=>", weight=w.weight, x=u, index=w.index)
    chain.show()
    inside = chain.root.child(1)
    x = Index.of(inside.opened[-1], w.index.size)
    target = right.open(x)
    ratio, sides = Sum.over(w.index, u).open(x), target.args
    normal = Normal(proposer.signs, None)
    factor = next((s for s, t in (sides, sides[::-1]) if normal.equal(mul(s, ratio), t)), None)
    if factor is None:
        return None
    inside.rule("scaling a relation", relation="<=>", claim=inside.term, factor=factor)
    inside.equivalent(target)
    return chain


def _open_first(chain: Chain) -> None:
    first = chain.root.child(0)
    while defined(first.term):
        first.unfold()


def _inverse(u: Expr) -> Expr:
    return tidy(ONE / u)


def _reach(proposer: Proposer, chain: Chain, gap: Expr) -> bool:
    """Rewrite the left side of the equation to `gap`, by a lemma that the givens make true."""
    other = Chain(gap, proposer.givens)
    if all_logs(other):
        other.show()
    expand(proposer, other)
    here = chain.root.child(0).term
    if not algebra_to(other, here):
        other = Chain(gap, proposer.givens)
        try:
            proposer.aim(other, here)
        except NotDecided:
            return False
    lemma = proposer.add(proposer.theorem_of(other, f"identity {len(proposer.theorems) + 1}", "lemma"))
    assert isinstance(lemma.statement, Relation)
    chain.root.child(0).lemma(lemma.name, lemma.statement, backwards=True)
    return True


__all__ = ["by_logarithms", "equality_case"]
