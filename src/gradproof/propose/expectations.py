"""Expectations: opened, split by linearity, and taken where the moments of the law are known.

Densities first, by a lemma for the logarithm of each; then linearity, and what the law says of powers, squares about a
point and exponentials. See `gradproof.propose.means_that_move` for what moves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gradproof.expression import (
    Add,
    Definition,
    Expectation,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    Pow,
    Product,
    Relation,
    Sum,
    Symbol,
    add,
    mul,
    substitute,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.forms import Folded, arranged, textbook
from gradproof.propose.identities import all_logs
from gradproof.propose.shapes import (
    coefficient,
    defined,
    denominator,
    match,
    places,
    positives_first,
    split_product,
    split_sum,
    tidy,
)
from gradproof.propose.simplify import reached
from gradproof.rules import laws

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

ONE = Number.of(1)


def bindings(e: Expectation) -> dict[str, Any]:
    return {"x": e.symbol, "law": e.law.name, "parameters": e.law.parameters}


def everywhere(chain: Chain, tactic: Callable[[Focus], bool]) -> bool:
    """Apply a tactic to every outermost expectation, last first; whether it changed any."""
    changed = False
    for path in list(places(chain.line, Expectation)):
        focus = reached(chain.root, path, Expectation)
        if focus is not None:
            changed = tactic(focus) or changed
    return changed


def evaluate(proposer: Proposer, chain: Chain) -> bool:
    """Open, split and take every expectation of the line, as far as moments are known."""
    log_lemmas(proposer, chain)
    changed = False
    for tactic in (opened, split_logs, flat, linear, spread, linear, exponentials, known):
        if everywhere(chain, tactic):
            chain.show()
            changed = True
    return changed


def log_lemmas(proposer: Proposer, chain: Chain) -> None:
    """log p by the definition of a density p: a lemma, used under every expectation of the line."""
    for e in [t for t in subterms(chain.line) if isinstance(t, Expectation)]:
        for t in subterms(e.body):
            if isinstance(t, Function) and t.name == "log" and defined(t.args[0]) and e.symbol in t.free:
                _log_lemma(proposer, t.args[0].base)  # type: ignore[attr-defined]
    everywhere(chain, lambda focus: _use_logs(proposer, focus))


def _log_lemma(proposer: Proposer, d: Definition) -> None:
    if d in proposer.logarithms:
        return
    chain = Chain(Function((d[d.parameters()],), ("log",)), proposer.givens)
    chain.root.child(0).unfold()
    chain.show()
    all_logs(chain)
    chain.show()
    chain.root.algebra(tidy(multiplied_out(chain.line)), reason="multiply out")
    proposer.logarithms[d] = proposer.add(proposer.theorem_of(chain, f"log {d.name}", "lemma"))


def _use_logs(proposer: Proposer, focus: Focus) -> bool:
    changed = False
    for theorem in proposer.logarithms.values():
        statement = theorem.statement
        assert isinstance(statement, Relation)
        for path in list(places(focus.term.args[0], Function)):
            inner = focus.child(0).descend(path)
            values = match(statement.args[0], inner.term, theorem.over)
            if values is not None:
                inner.lemma(theorem.name, statement, theorem.over, values)
                changed = True
    return changed


def multiplied_out(e: Expr) -> Expr:
    """Numbers distributed over the sums that they multiply."""
    if isinstance(e, Add):
        return add(*(multiplied_out(t) for t in e.args))
    number, rest = coefficient(e)
    return multiplied_out(add(*(mul(number, t) for t in rest.args))) if isinstance(rest, Add) else e


def flat(focus: Focus) -> bool:
    """The body as one sum of terms, like terms collected."""
    body = focus.term.args[0]
    to = positives_first(tidy(multiplied_out(body)))
    if to == body or not isinstance(body, Add):
        return False
    focus.child(0).algebra(to, reason="collect")
    return True


def opened(focus: Focus) -> bool:
    """The defined names that depend on the variable."""
    changed = False
    while (inner := _defined_in(focus.child(0), focus.term.data[0])) is not None:
        inner.unfold()
        changed = True
    return changed


def _defined_in(focus: Focus, x: Symbol) -> Focus | None:
    here = focus.term
    if x not in here.free or isinstance(here, Expectation):
        return None
    if defined(here):
        return focus
    first = 1 if isinstance(here, Sum) else 0
    found = (_defined_in(focus.child(n), x) for n in range(first, len(here.args)))
    return next((f for f in found if f is not None), None)


def split_logs(focus: Focus) -> bool:
    here = focus.term
    assert isinstance(here, Expectation)
    logs = (t for t in subterms(here.body) if isinstance(t, Function) and t.name == "log" and here.symbol in t.free)
    return any(True for _ in logs) and all_logs(focus.chain)


def linear(focus: Focus) -> bool:
    """Linearity, as far down as it goes."""
    here = focus.term
    assert isinstance(here, Expectation)
    body, x = here.body, here.symbol
    if x not in body.free:
        focus.rule("expectation of a constant", c=body, **bindings(here))
        return True
    if isinstance(body, Add):
        focus.rule("expectation of a sum", terms=body.args, **bindings(here))
    elif isinstance(body, Mul):
        still = [f for f in body.args if x not in f.free]
        if not still:
            return False
        c, rest = mul(*still), mul(*(f for f in body.args if x in f.free))
        focus.child(0).algebra(mul(c, rest))
        focus.rule("constant out of an expectation", c=c, body=rest, **bindings(here))
        _in_order(focus)
    elif isinstance(body, Sum):
        index = Index.of(focus.chain.letter(body.hint, focus.opened), body.size)
        focus.rule("expectation through a finite sum", body=body.open(index), index=index, **bindings(here))
    else:
        return False
    if focus.alive:
        for path in list(places(focus.term, Expectation)):
            inner = reached(focus, path, Expectation)
            if inner is not None:
                linear(inner)
    return True


def _in_order(focus: Focus) -> None:
    """E[f] log a / (2 c) for 1 / (2 c) log a E[f], unless the place has melted into a product around it."""
    here = focus.term if focus.alive else None
    if isinstance(here, Mul) and isinstance(here.args[-1], Expectation):
        focus.algebra(ordered(here), reason="")


def ordered(e: Expr) -> Expr:
    """A product with functions behind other factors and denominators last."""
    behind = [f for f in split_product(e) if isinstance(f, Function)]
    below = [f for f in split_product(e) if denominator(f)]
    return mul(*(f for f in split_product(e) if f not in behind and f not in below), *behind, *below)


def spread(focus: Focus) -> bool:
    """The body multiplied out, unless its moment is known as it stands."""
    here = focus.term
    assert isinstance(here, Expectation)
    if _known(here) or not any(isinstance(t, Add) and here.symbol in t.free for t in subterms(here.body)):
        return False
    to = arranged(Folded(focus.chain.signs).of(here.body))
    if to == here.body or not isinstance(to, Add | Mul):
        return False
    focus.child(0).algebra(to, reason="multiply out")
    return True


def exponentials(focus: Focus) -> bool:
    """What is a single exponential in truth as exp(a) exp(c x), the first in front."""
    here = focus.term
    assert isinstance(here, Expectation)
    x = here.symbol
    exponent = _exponent(here.body, x)
    slope = None if exponent is None else _slope(exponent, x, focus)
    if exponent is None or slope is None:
        return False
    inner, moving = focus.child(0), Function((mul(slope, x),), ("exp",))
    still = textbook(substitute(exponent, x, Number.of(0)), focus.chain.signs)
    if still == Number.of(0):
        inner.algebra(moving, reason="one exponential")
        return here.body != moving
    c = Function((still,), ("exp",))
    inner.algebra(mul(c, moving), reason="exp of a sum")
    focus.rule("constant out of an expectation", c=c, body=moving, **bindings(here))
    return True


def _exponent(body: Expr, x: Symbol) -> Expr | None:
    """u where the body is exp(u), written so or as a product or power of exponentials."""
    match body:
        case Function():
            return body.args[0] if body.name == "exp" else None
        case Product():
            index = body.fresh()
            inner = _exponent(body.open(index), x)
            number, rest = coefficient(inner) if inner is not None else (ONE, ONE)
            return None if inner is None else mul(number, Sum.over(index, rest))
        case Pow():
            inner = _exponent(body.args[0], x)
            return None if inner is None or x in body.args[1].free else mul(body.args[1], inner)
        case Mul():
            parts = [_exponent(f, x) for f in body.args]
            return None if None in parts else add(*(p for p in parts if p is not None))
    return None


def _slope(u: Expr, x: Symbol, focus: Focus) -> Expr | None:
    """c where u = a + c x."""
    try:
        start, end = (substitute(u, x, Number.of(n)) for n in (0, 1))
    except (ValueError, ZeroDivisionError):
        return None
    normal = Normal(focus.chain.signs)
    zero = normal.equal(start, Number.of(0))
    slope = tidy(end) if zero else textbook(end - start, focus.chain.signs)
    return slope if slope != Number.of(0) and normal.equal(u, start + slope * x) else None


def _known(e: Expectation) -> str:
    """The rule that gives this expectation outright."""
    body, x, law = e.body, e.symbol, e.law
    if body == x or (isinstance(body, Pow) and body.args[0] == x and isinstance(body.args[1], Number)):
        whole = body == x or (body.args[1].value.denominator == 1 and body.args[1].value > 0)  # type: ignore[attr-defined]
        return "moment of a law" if law.name in laws.MOMENTS and whole else ""
    if _about(e) is not None and law.name in laws.VARIANCES:
        return "mean square about a point"
    if _apart(e) is not None and law.name in laws.DISTANCES:
        return "mean distance from a point"
    if isinstance(body, Function) and body.name == "exp" and law.name in laws.EXPONENTIAL:
        factors = split_product(body.args[0])
        linear_in_x = factors[-1] == x and not any(x in f.free for f in factors[:-1])
        return "exponential moment" if linear_in_x else ""
    return "expectation over two values" if law.name == "Bernoulli" else ""


def _about(e: Expectation) -> Expr | None:
    """a where the body is (x - a)^2."""
    return _gap(e, e.body.args[0]) if isinstance(e.body, Pow) and e.body.args[1] == Number.of(2) else None


def _apart(e: Expectation) -> Expr | None:
    """a where the body is |x - a|."""
    return _gap(e, e.body.args[0]) if isinstance(e.body, Function) and e.body.name == "abs" else None


def _gap(e: Expectation, gap: Expr) -> Expr | None:
    """a where the term is x - a."""
    about = -add(*split_sum(gap)[1:])
    fits = split_sum(gap)[0] == e.symbol and e.symbol not in about.free and add(e.symbol, -about) == gap
    return about if fits else None


def known(focus: Focus) -> bool:
    here = focus.term
    assert isinstance(here, Expectation)
    name, b = _known(here), bindings(here)
    body = here.body
    if name == "moment of a law":
        focus.rule(name, n=ONE if body == here.symbol else body.args[1], **b)
    elif name == "mean square about a point":
        focus.rule(name, about=_about(here), **b)
    elif name == "mean distance from a point":
        focus.rule(name, about=_apart(here), **b)
    elif name == "exponential moment":
        factors = split_product(body.args[0])
        focus.rule(name, c=mul(*factors[:-1]), **b)
    elif name:
        focus.rule(name, body=body, x=here.symbol, probability=here.law.parameters[0])
    return bool(name)
