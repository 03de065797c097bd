"""From a derivative to a line without derivatives, in the order a textbook takes.

First linearity as far as it goes (one line), then one layer of product, quotient and chain rules (one line), and
again; derivatives so simple that a reader does them in the head are finished in one line. Derivatives of defined
families are lemmas, used by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gradproof.derivation import Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Add,
    Application,
    Array,
    Definition,
    Delta,
    Derivative,
    Entry,
    Expectation,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Product,
    Ranking,
    Relation,
    Sum,
    Symbol,
    mul,
)
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.identities import by_convention
from gradproof.propose.shapes import match, mentions, places
from gradproof.propose.simplify import minus_out, reached

CHAIN_RULES = {
    "exp": "chain rule for exp",
    "log": "chain rule for log",
    "sigmoid": "chain rule for sigma",
    "softplus": "chain rule for softplus",
    "tanh": "chain rule for tanh",
    "sin": "chain rule for sin",
    "cos": "chain rule for cos",
    "relu": "chain rule for relu",
    "abs": "chain rule for the magnitude",
    "step": "derivative of a step",
    "sign": "derivative of a sign",
}


@dataclass(frozen=True)
class Lemma:
    """A derivative proved before: the theorem, its free indices, and the definition and variable it is about."""

    theorem: Theorem
    indices: tuple[Index, ...]

    @property
    def statement(self) -> Relation:
        assert isinstance(self.theorem.statement, Relation)
        return self.theorem.statement


Lemmas = Mapping[tuple[Definition | Expectation, Symbol | Array], Lemma]


def lemma_for(e: Derivative, lemmas: Lemmas) -> Lemma | None:
    body = e.args[0]
    if isinstance(body, Entry) and isinstance(body.base, Definition) and not any(e.moved in i.free for i in body.args):
        return lemmas.get((body.base, e.moved))
    if isinstance(body, Expectation):
        means = (lemma for (about, _), lemma in lemmas.items() if isinstance(about, Expectation))
        return next((m for m in means if match(m.statement.args[0], e, m.indices) is not None), None)
    return None


def differentiate(chain: Chain, lemmas: Lemmas, through: bool = False) -> None:
    """Remove every derivative from the last line of the chain.

    `through`: derivatives known by a lemma count as simple even inside other functions, as they do in a lemma's proof.
    """
    if _everywhere(chain, lambda f: linear(f, lemmas)):
        minus_out(chain)
        chain.show()
    for _ in range(200):
        if not mentions(chain.line, Derivative):
            return
        if all(_elementary(d, lemmas, through) for d in _derivatives(chain.line)):
            while mentions(chain.line, Derivative):
                _everywhere(chain, lambda f: linear(f, lemmas) or layer(f, lemmas))
        elif not _everywhere(chain, lambda f: linear(f, lemmas)):
            _everywhere(chain, lambda f: layer(f, lemmas))
        minus_out(chain)
        chain.show()
    raise NotDecided("the derivative did not come to an end in 200 rounds")


def _derivatives(e: Expr) -> list[Derivative]:
    if isinstance(e, Derivative):
        return [e]
    return [d for a in e.args if mentions(a, Derivative) for d in _derivatives(a)]


def _everywhere(chain: Chain, tactic: Callable[[Focus], bool]) -> bool:
    """Apply the tactic to every outermost derivative that it changes; whether it changed any."""
    changed = False
    for path in list(places(chain.line, Derivative)):
        focus = reached(chain.root, path, Derivative)
        if focus is not None:
            changed = tactic(_innermost(focus)) or changed
    return changed


def _innermost(focus: Focus) -> Focus:
    """Inner derivatives first."""
    here = focus.term
    if isinstance(here, Derivative) and mentions(here.args[0], Derivative):
        inside = focus.child(0)
        path = next(iter(places(inside.term, Derivative)))
        return _innermost(inside.descend(path))
    return focus


def _elementary(d: Derivative, lemmas: Lemmas, through: bool) -> bool:
    """Whether the derivative is done in the head: a composition of few plain functions of the variable."""
    return lemma_for(d, lemmas) is not None or _simple(d.args[0], d.moved, 3, lemmas if through else {})


def _simple(e: Expr, moved: Symbol | Array, depth: int, lemmas: Lemmas) -> bool:
    if moved not in e.free or isinstance(e, Symbol):
        return True
    if isinstance(e, Entry):
        if isinstance(e.base, Array) or (e.base, moved) in lemmas:
            return True
        return (not e.args or partition(e.base)) and _simple(e.base.body, moved, depth, lemmas)
    moving = [a for a in e.args if moved in a.free]
    if depth == 0 or isinstance(e, Product) or (isinstance(e, Mul | Pow) and len(moving) > 1):
        return False
    if isinstance(e, Pow):
        return isinstance(e.args[1], Number) and _simple(e.args[0], moved, depth - 1, lemmas)
    return all(_simple(a, moved, depth - isinstance(e, Function | Application), lemmas) for a in moving)


def partition(d: Definition) -> bool:
    """Whether a definition is a plain sum of exponentials, whose derivative needs no lemma."""
    body = d.body
    return isinstance(body, Sum) and isinstance(body.args[1], Function) and body.args[1].name == "exp"


def linear(focus: Focus, lemmas: Lemmas) -> bool:
    """The linearity of the derivative, as far down as it goes; whether anything was done."""
    here = focus.term
    assert isinstance(here, Derivative)
    body, x = here.args
    if here.moved not in body.free:
        focus.rule("derivative of a constant", c=body, x=x)
        return True
    if ordered(body, here.moved):
        focus.rule("order without ties", c=body, x=x)
        return True
    if isinstance(body, Add):
        focus.rule("derivative of a sum", terms=body.args, x=x)
        _below(focus, lambda f: linear(f, lemmas))
        return True
    if isinstance(body, Mul):
        still = [f for f in body.args if here.moved not in f.free]
        moving = [f for f in body.args if here.moved in f.free]
        if not still:
            return False
        c, f = mul(*still), mul(*moving)
        if mul(c, f) != body:
            focus.child(0).algebra(mul(c, f))
        focus.rule("constant factor", c=c, f=f, x=x)
        _below(focus, lambda f: linear(f, lemmas))
        return True
    if isinstance(body, Sum):
        index = Index.of(focus.chain.letter(body.hint, focus.opened), body.size)
        focus.rule("derivative through a finite sum", body=body.open(index), index=index, x=x)
        _below(focus, lambda f: linear(f, lemmas))
        return True
    return _log_of_quotient(focus, here, body) and linear(focus, lemmas)


def _log_of_quotient(focus: Focus, here: Derivative, body: Expr) -> bool:
    """log(a / b) as log a - log b, which a textbook does before it differentiates."""
    if not (isinstance(body, Function) and body.name == "log" and isinstance(body.args[0], Mul)):
        return False
    u = body.args[0]
    below = [f for f in u.args if isinstance(f, Pow) and _minus_one(f.args[1])]
    above = mul(*(f for f in u.args if f not in below))
    positive = focus.chain.signs.under(here.moved).positive
    if len(below) != 1 or above / below[0].args[0] != u or not (positive(above) and positive(below[0].args[0])):
        return False
    focus.child(0).rule("log of a quotient", a=above, b=below[0].args[0])
    return True


def ordered(e: Expr, moved: Symbol | Array) -> bool:
    """Whether what moves stands only in orders, which stay as they are where there are no ties."""
    if moved not in e.free or isinstance(e, Ranking):
        return True
    if isinstance(e, Entry) and isinstance(e.base, Definition):
        return ordered(e.base.body, moved) and all(ordered(a, moved) for a in e.args)
    if isinstance(e, Entry):
        return e.base != moved and all(ordered(a, moved) for a in e.args)
    return isinstance(e, Add | Mul | Pow | Function | Delta | Sum | Product) and all(ordered(a, moved) for a in e.args)


def _below(focus: Focus, tactic: Callable[[Focus], bool]) -> None:
    """Apply a tactic to the derivatives that a rule has put below this place, last first."""
    if not focus.alive:
        return
    for path in list(places(focus.term, Derivative)):
        inner = reached(focus, path, Derivative)
        if inner is not None:
            tactic(inner)


def layer(focus: Focus, lemmas: Lemmas) -> bool:
    """One rule for the outermost operation of the derivative's body."""
    here = focus.term
    assert isinstance(here, Derivative)
    body, x = here.args
    if body == x:
        focus.rule("derivative of the variable", x=x)
    elif isinstance(body, Entry):
        _entry(focus, here, body, lemmas)
    elif isinstance(body, OfMatrix):
        _of_matrix(focus, body, x)
    elif (known := lemma_for(here, lemmas)) is not None:
        values = match(known.statement.args[0], here, known.indices)
        focus.lemma(known.theorem.name, known.statement, known.indices, values or ())
    elif isinstance(body, Function) and body.name in CHAIN_RULES:
        focus.rule(CHAIN_RULES[body.name], u=body.args[0], x=x)
    elif isinstance(body, Function) and body.name == "relentr":
        if not by_convention(focus.child(0), focus.chain.signs.under(here.moved)):
            raise NotDecided(f"no derivative of {body!r}, whose first argument may be 0 or leave 0")
    elif isinstance(body, Application) and body.order < body.function.orders:
        focus.rule("chain rule for an unknown function", f=body, x=x)
    elif isinstance(body, Pow):
        _power(focus, body, here)
    elif isinstance(body, Mul):
        _product(focus, body, x)
    elif isinstance(body, Product):
        index = Index.of(focus.chain.letter(body.hint, focus.opened), body.size)
        focus.rule("derivative of a finite product", body=body.open(index), index=index, x=x)
    else:
        raise NotDecided(f"no rule for the derivative of {body!r}")
    return True


def _of_matrix(focus: Focus, body: OfMatrix, x: Expr) -> None:
    if body.kind == "det":
        focus.rule("Jacobi's formula", m=body.base, x=x)
    elif body.kind == "inverse":
        focus.rule("derivative of an inverse", m=body.base, i=body.args[0], j=body.args[1], x=x)
    else:
        raise NotDecided(f"no rule for the derivative of {body!r}")


def _entry(focus: Focus, here: Derivative, body: Entry, lemmas: Lemmas) -> None:
    x = here.args[1]
    if isinstance(body.base, Array):
        focus.rule("derivative of an entry", entry=body, x=x)
        return
    lemma = lemma_for(here, lemmas)
    if lemma is not None:
        values = match(lemma.statement.args[0], here, lemma.indices)
        if values is not None:
            focus.lemma(lemma.theorem.name, lemma.statement, lemma.indices, values)
            return
    focus.child(0).unfold()


def _power(focus: Focus, body: Pow, here: Derivative) -> None:
    base, exponent = body.args
    if here.moved in exponent.free:
        focus.rule("derivative of a general power", u=base, v=exponent, x=here.args[1])
    else:
        focus.rule("power rule", u=base, n=exponent, x=here.args[1])


def _product(focus: Focus, body: Mul, x: Expr) -> None:
    below = [f for f in body.args if isinstance(f, Pow) and _minus_one(f.args[1])]
    above = [f for f in body.args if f not in below]
    if below:
        u, v = mul(*above), mul(*(f.args[0] for f in below))
        if len(below) == 1 and u / v == body:
            focus.rule("quotient rule", u=u, v=v, x=x)
            return
    focus.rule("product rule", factors=body.args, x=x)


def _minus_one(e: Expr) -> bool:
    return isinstance(e, Number) and e.value == -1
