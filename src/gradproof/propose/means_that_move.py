"""Expectations whose law moves, and claims between expectations.

A derivative is taken under the expectation, after reparameterisation where the law moves; Stein's identity turns
(x - mean) f into the slope of f. Two sides with expectations are brought together by moments, by Stein's identity, or
over the standard law.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gradproof.derivation import Inference, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    LAWS,
    Array,
    Binder,
    Derivative,
    Entry,
    Expectation,
    Expr,
    Function,
    Mul,
    Pow,
    Relation,
    Symbol,
    add,
    definitions,
    mul,
    names,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose import openings
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.differentiate import Lemma, lemma_for
from gradproof.propose.expectations import (
    bindings,
    evaluate,
    everywhere,
    exponentials,
    known,
    linear,
    multiplied_out,
    opened,
    ordered,
)
from gradproof.propose.forms import textbook
from gradproof.propose.identities import open_front
from gradproof.propose.shapes import mentions, positives_first, split_product, split_sum, tidy
from gradproof.rules import RULES, laws

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

NOISE = ("epsilon", "eta", "zeta")

# -- laws that move ---------------------------------------------------------------------------------------------------


def reparameterise(focus: Focus) -> bool:
    """The standard law in the place of the law, which then has no parameters."""
    here = focus.term
    assert isinstance(here, Expectation)
    if here.law.name not in laws.STANDARD or here.law == laws.STANDARD[here.law.name]:
        return False
    standard = laws.STANDARD[here.law.name]
    taken = names(here)
    letter = next(n for n in NOISE if n not in taken)
    noise = Symbol.of(letter, LAWS[standard.name].support)
    focus.rule("reparameterisation", body=here.body, noise=noise, **bindings(here))
    inner = focus.child(0)
    inner.algebra(_rooted(inner.term, focus), reason="")
    return True


def _rooted(e: Expr, focus: Focus) -> Expr:
    """Roots of squares taken, and exp(a + log x) written as x exp(a), in the body, which otherwise stays as it is."""
    if isinstance(e, Pow) and isinstance(e.args[0], Pow):
        return textbook(e, focus.chain.signs)
    if isinstance(e, Binder):
        index = e.fresh(x.name for x in focus.term.free)
        return type(e).over(index, _rooted(e.open(index), focus))
    e = e.rebuild(tuple(_rooted(a, focus) for a in e.args)) if e.args and not isinstance(e, Entry) else e
    if isinstance(e, Function) and e.name == "exp":
        terms = split_sum(tidy(multiplied_out(e.args[0])))
        logs = [t for t in terms if isinstance(t, Function) and t.name == "log"]
        if logs:
            rest = positives_first(add(*(t for t in terms if t not in logs)))
            return mul(*(t.args[0] for t in logs), Function((rest,), ("exp",)))
    return e


def prepare_derivatives(proposer: Proposer, e: Expr) -> None:
    """A lemma for the derivative of every expectation that a derivative of the term moves."""
    for d in [t for t in subterms(e) if isinstance(t, Derivative) and not t.loose]:
        for inner in _moving(d.args[0], d.moved, {i.name for i in d.free}):
            slope = Derivative.of(inner, d.args[1])
            if lemma_for(slope, proposer.lemmas) is None:
                proposer.lemmas[inner, d.moved] = _derivative(proposer, slope)


def _moving(e: Expr, moved: Symbol | Array, letters: set[str]) -> Iterator[Expectation]:
    """The expectations in a term that move, bound indices given letters."""
    if moved not in e.free:
        return
    if isinstance(e, Expectation):
        yield e
    elif isinstance(e, Binder):
        index = e.fresh(letters)
        yield from _moving(e.open(index), moved, letters | {index.name})
    else:
        for a in e.args:
            yield from _moving(a, moved, letters)


def _derivative(proposer: Proposer, e: Derivative) -> Lemma:
    chain = Chain(e, proposer.givens)
    under(proposer, chain)
    name = f"derivative of a mean {len(proposer.theorems) + 1}"
    theorem = proposer.add(proposer.theorem_of(chain, name, "lemma"))
    return Lemma(theorem, theorem.over)


def under(proposer: Proposer, chain: Chain) -> bool:
    """The derivative that is the whole line taken under its expectation, whose law must not move."""
    line = chain.line
    if (
        not isinstance(line, Derivative)
        or not isinstance(line.args[0], Expectation)
        or line.moved not in line.args[0].free
    ):
        return False
    known = proposer.about(line)
    if known is not None:
        chain.root.lemma(known.name, known.statement)  # type: ignore[arg-type]
        chain.show()
        return True
    inner, v = chain.root.child(0), line.args[1]
    if any(line.moved in p.free for p in line.args[0].args[1:]):
        if not reparameterise(inner):
            raise NotDecided(f"the law of {line.args[0]!r} moves, and has no standard form")
        chain.show()
    here = inner.term
    assert isinstance(here, Expectation)
    slope = _slope_of(proposer, here.body, v)
    b = {"f": here.body, **bindings(here), "v": v, "slope": _right(slope)}
    theorem = _concluded(proposer, "derivative under the expectation", b, slope)
    chain.root.lemma(theorem.name, theorem.statement)  # type: ignore[arg-type]
    chain.show()
    return True


def _slope_of(proposer: Proposer, f: Expr, v: Expr) -> Theorem:
    known = proposer.about(Derivative.of(f, v))
    if known is not None:
        return known
    chain = Chain(Derivative.of(f, v), proposer.givens)
    proposer.differentiated(chain)
    proposer.simplify(chain)
    factors = split_product(chain.line)
    chain.root.algebra(mul(*sorted(factors, key=lambda a: isinstance(a, Function))), reason="")
    return proposer.add(proposer.theorem_of(chain, f"slope {len(proposer.theorems) + 1}", "lemma"))


def _right(theorem: Theorem) -> Expr:
    return theorem.statement.args[1]


def _concluded(proposer: Proposer, rule: str, b: dict[str, Any], premise: Theorem) -> Theorem:
    statement = RULES[rule].equation(**b)
    known = next((t for t in proposer.theorems if t.statement == statement), None)
    return known or proposer.add(
        Theorem(f"{rule} {len(proposer.theorems) + 1}", statement, by=Inference(rule, b, (premise.name,)))
    )


def _stein(proposer: Proposer, focus: Focus) -> bool:
    here = focus.term
    assert isinstance(here, Expectation)
    if here.law.name != "Gaussian":
        return False
    location, variance = here.law.parameters
    gap, normal = add(here.symbol, -location), Normal(focus.chain.signs)
    factors = list(split_product(here.body))
    at = next((n for n, f in enumerate(factors) if normal.equal(f, gap)), None)
    if at is None or len(factors) == 1:
        return False
    f = mul(*factors[:at], *factors[at + 1 :])
    try:
        slope = _slope_of(proposer, f, here.symbol)
    except NotDecided:
        return False
    b = {"f": f, "x": here.symbol, "location": location, "variance": variance, "slope": _right(slope)}
    theorem = _concluded(proposer, "Stein's identity", b, slope)
    focus.child(0).algebra(mul(gap, f), reason="")
    focus.lemma(theorem.name, theorem.statement)  # type: ignore[arg-type]
    return True


# -- from one side of a claim to the other ----------------------------------------------------------------------------


def inside(e: Expr) -> bool:
    """Whether an expectation stands in the term or in what it is defined by."""
    return mentions(e, Expectation) or any(mentions(d.body, Expectation) for d in definitions(e))


def aim(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    """Make two lines with expectations one: by moments, by Stein's identity, or over the standard law."""
    if not inside(chain.line) and not inside(other.line):
        return False
    marks, theorems = (chain.mark(), other.mark()), len(proposer.theorems)
    for strategies in ((by_moments,), (_by_parts,), (_by_standard_law,), (_by_parts, _by_standard_law)):
        for side in (chain, other):
            for strategy in strategies if inside(side.line) else ():
                strategy(proposer, side)
        if openings.meet(proposer, chain, other):
            return True
        chain.back_to(marks[0])
        other.back_to(marks[1])
        del proposer.theorems[theorems:]
        proposer.forget()
    return False


def by_jensen(proposer: Proposer, left: Expr, operator: str, right: Expr) -> Chain | None:
    """A mean of a logarithm is at most the logarithm of the mean."""
    for start, end, relation in ((left, right, operator), (right, left, Relation.FLIPPED[operator])):
        chain = Chain(start, proposer.givens)
        _open_front(chain)
        here = chain.line
        if relation != "<=" or not isinstance(here, Expectation):
            continue
        if not isinstance(here.body, Function) or here.body.name != "log":
            continue
        chain.root.rule("Jensen's inequality for log", relation="<=", f=here.body.args[0], **bindings(here))
        chain.show()
        if algebra_to(chain, end):
            return chain
        by_moments(proposer, chain)
        if algebra_to(chain, end):
            return chain
    return None


def by_moments(proposer: Proposer, chain: Chain) -> None:
    _open_front(chain)
    evaluate(proposer, chain)
    proposer.simplify(chain)


def _by_parts(proposer: Proposer, chain: Chain) -> None:
    _open_front(chain)
    for tactic in (opened, _collected, linear, lambda focus: _stein(proposer, focus), _collected, linear):
        if everywhere(chain, tactic):
            chain.show()
    proposer.simplify(chain)


def _by_standard_law(proposer: Proposer, chain: Chain) -> None:
    _open_front(chain)
    for tactic in (opened, reparameterise, _collected, exponentials, linear, exponentials, known):
        if everywhere(chain, tactic):
            chain.show()
    proposer.simplify(chain)


def _open_front(chain: Chain) -> None:
    if open_front(chain):
        chain.show()


def _collected(focus: Focus) -> bool:
    """The body cleaned of what cancels, so that its factors can be seen."""
    before = focus.term.args[0]
    cleaned = tidy(before)
    focus.child(0).algebra(ordered(cleaned) if isinstance(cleaned, Mul) else cleaned, reason="")
    return focus.term.args[0] != before
