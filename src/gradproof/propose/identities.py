"""Identities without derivatives: logarithms split, sums split, definitions opened, until both sides meet."""

from __future__ import annotations

from collections.abc import Callable

from gradproof.expression import (
    Add,
    Array,
    Definition,
    Delta,
    Entry,
    Expr,
    Function,
    Index,
    Mul,
    Number,
    OfMatrix,
    Pow,
    Product,
    Relation,
    Sum,
    is_whole,
    mul,
)
from gradproof.propose.chain import Chain, Focus
from gradproof.propose.shapes import defined, expanded, mentions, split_product
from gradproof.propose.simplify import each_sum, nodes
from gradproof.signs import Signs

ONE = Number.of(1)
Tactic = Callable[[Chain], bool]


def split_logs(chain: Chain, opening: bool = True) -> bool:
    """One layer of every logarithm of a product, quotient, power, exponential or finite product.

    `opening`: what a name stands for counts, too.
    """
    changed = False
    for focus in list(nodes(chain.root, Function)):
        here = focus.term
        if isinstance(here, Function) and here.name == "log":
            changed = ((opening or not defined(here.args[0])) and _split_log(focus, here.args[0])) or changed
            if changed:
                return True
    return changed


def _split_log(focus: Focus, e: Expr) -> bool:
    positive = focus.chain.signs.positive
    if isinstance(e, Product):
        index = Index.of(focus.chain.letter(e.hint, focus.opened), e.size)
        body = e.open(index)
        if positive(body):
            focus.rule("log of a finite product", body=body, index=index)
            return True
    elif isinstance(e, Mul) and e.free and all(positive(f) for f in e.args):  # log(2 pi) stays
        below = [f for f in e.args if isinstance(f, Pow) and isinstance(f.args[1], Number) and f.args[1].value == -1]
        above = mul(*(f for f in e.args if f not in below))
        under = mul(*(f.args[0] for f in below))
        if below and above != mul() and above / under == e:
            focus.rule("log of a quotient", a=above, b=under)
        else:
            focus.rule("log of a product", factors=_constants_together(e))
        return True
    elif isinstance(e, Pow) and positive(e.args[0]):
        focus.rule("log of a power", a=e.args[0], r=e.args[1])
        return True
    elif isinstance(e, Function) and e.name == "exp":
        focus.rule("log of exp", u=e.args[0])
        return True
    elif isinstance(e, Function) and e.name == "sigmoid":
        focus.rule("log of sigma", u=e.args[0])
        return True
    elif isinstance(e, Entry) and isinstance(e.base, Definition) and isinstance(e.base.body, Product | Mul | Pow):
        focus.child(0).unfold()
        return True
    return False


def use_conventions(chain: Chain) -> bool:
    """Every relative entropy by its definition where its first argument is positive, else with its logarithm apart."""
    found = [f for f in nodes(chain.root, Function) if _is_relative_entropy(f.term)]
    changed = [by_convention(focus, chain.signs) for focus in found]
    return any(changed)


def _is_relative_entropy(e: Expr) -> bool:
    return isinstance(e, Function) and e.name == "relentr"


def by_convention(focus: Focus, signs: Signs) -> bool:
    """One relative entropy rewritten; False where its arguments are not known to be in the domain."""
    x, y = focus.term.args
    if not signs.positive(y) or not signs.nonnegative(x):
        return False
    if signs.positive(x):
        focus.rule("relative entropy of a positive number", x=x, y=y)
        return True
    if y != ONE:
        focus.rule("second logarithm of a relative entropy", x=x, y=y)
        focus = focus.child(0)
    if is_whole(x) and signs.holds(Relation.of(x, "<=", ONE)):
        focus.rule("0 log 0 = 0 and 1 log 1 = 0", b=x)
        return True
    return y != ONE


def _constants_together(e: Mul) -> tuple[Expr, ...]:
    """The factors, what stands in front without a variable as one."""
    count = next(n for n, f in enumerate(e.args) if f.free)
    return (mul(*e.args[:count]), *e.args[count:]) if count > 1 else e.args


def all_logs(chain: Chain, opening: bool = True) -> bool:
    changed = False
    for _ in range(60):
        if not split_logs(chain, opening):
            break
        changed = True
    return changed


def plain_logs(chain: Chain) -> bool:
    """Logarithms as far as they go without opening names."""
    return all_logs(chain, opening=False)


def split_sums(chain: Chain) -> bool:
    """Every sum of a sum (after multiplying out) as a sum of sums, constants in front."""
    return each_sum(chain, _splittable, _split)


def _splittable(focus: Focus) -> bool:
    here = focus.term
    assert isinstance(here, Sum)
    body = here.open(here.fresh())
    return isinstance(body, Add) or (isinstance(body, Mul) and any(isinstance(f, Add) for f in body.args))


def _split(focus: Focus) -> None:
    inside = focus.child(1)
    inside.algebra(expanded(inside.term), reason="multiply out")
    here = focus.term
    assert isinstance(here, Sum)
    index = Index.of(inside.opened[-1], here.size)
    focus.rule("sum of a sum", terms=here.open(index).args, index=index)


def open_definition(chain: Chain, wanted: Callable[[Definition], bool] = lambda d: True) -> bool:
    """Replace the outermost defined names by what they stand for."""
    found = [f for f in nodes(chain.root, Entry) if isinstance(f.term.base, Definition) and wanted(f.term.base)]  # type: ignore[attr-defined]
    for focus in found:
        focus.unfold()
    return bool(found)


def open_front(chain: Chain) -> bool:
    """Open the names that stand alone or in a sum or product at the front of the line."""
    changed = False
    for _ in range(8):
        found = [f for f in nodes(chain.root, Entry) if defined(f.term) and len(f.at) <= 1]
        if not found:
            break
        found[0].unfold()
        changed = True
    return changed


def open_solutions(chain: Chain) -> bool:
    """Open what is defined by an inverse, such as the solution of linear equations, but not the matrix."""
    return open_definition(chain, lambda d: mentions(d.body, OfMatrix))


def open_family(chain: Chain) -> bool:
    """Open the defined families, but not the scalars they share."""
    return open_definition(chain, lambda d: bool(d.shape))


def open_deltas(chain: Chain) -> bool:
    """Open the families that are told by a delta and scalars, such as smoothed labels: the sums over them contract."""
    return open_definition(chain, lambda d: bool(d.shape) and mentions(d.body, Delta) and not _has_data(d))


def _has_data(d: Definition) -> bool:
    return any(isinstance(v, Array) for v in d.body.free)


def has_log(e: Expr) -> bool:
    return (isinstance(e, Function) and e.name == "log") or any(has_log(a) for a in e.args)


def multiply_out(chain: Chain) -> bool:
    """Products over sums at the top of the line."""
    changed = False
    for focus in [
        f for f in nodes(chain.root, Mul, above=True) if any(isinstance(a, Add) for a in split_product(f.term))
    ]:
        to = expanded(focus.term)
        if to != focus.term:
            focus.algebra(to, reason="multiply out")
            changed = True
    return changed
