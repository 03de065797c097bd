"""Every step of every derivation, its result changed in at least four ways: the kernel refuses each.

A change that leaves the step true is no mistake: it is left out where the line is the same term, and one that the
kernel accepts must hold (an equal value, a weaker bound) at all points that the audit's evaluator tries. An algebra
step gets the binding `to` changed with its result, so that it is the normal form that has to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random

import pytest

from gradproof import expression as x
from gradproof.audit.arithmetic import Undefined, Untestable
from gradproof.audit.evaluation import Evaluator
from gradproof.audit.sampling import Sampler
from gradproof.audit.truth import Judge
from gradproof.derivation import Derivation, Given, Inference, Step, Theorem
from gradproof.entries import catalogue
from gradproof.expression import Expr, Index, Number, Relation, Symbol
from gradproof.kernel import Refused, check
from gradproof.proof import Proof
from gradproof.rule import Rule
from gradproof.rules import RULES

ENTRIES = catalogue()

Change = Callable[[Expr], Expr]
Path = tuple[int, ...]


# -- what is changed --------------------------------------------------------------------------------------------------


def first_place(e: Expr, wanted: Callable[[Expr], bool], at: Path = ()) -> Path | None:
    """The place of the last term of a kind, where a step may put a number."""
    if wanted(e):
        return at
    if isinstance(e, x.Entry | x.Delta | x.Index):
        return None
    for n in range(len(e.args) - 1, -1, -1):
        if isinstance(e, x.Binder) and n == 0:
            continue
        found = first_place(e.args[n], wanted, (*at, n))
        if found is not None:
            return found
    return None


def changed_at(e: Expr, at: Path, change: Change) -> Expr:
    if not at:
        return change(e)
    args = list(e.args)
    args[at[0]] = changed_at(e.args[at[0]], at[1:], change)
    return e.rebuild(tuple(args))


def numbers(e: Expr) -> Iterator[Path]:
    """Places of terms that are numbers: the whole line, or the sides of a proposition."""
    if isinstance(e, Relation | x.ForAll | x.Optimum | x.Vector):
        first = 1 if isinstance(e, x.ForAll | x.Vector) else 0
        for n in range(first, len(e.args)):
            yield from ((n, *at) for at in numbers(e.args[n]))
    else:
        yield ()


def everywhere(change: Change) -> Callable[[Expr], list[Expr]]:
    return lambda e: [changed_at(e, at, change) for at in numbers(e)]


def indices_of(e: Expr) -> list[Index]:
    """Free indices, in the order of their names."""
    return sorted((i for i in e.free if isinstance(i, Index)), key=lambda i: i.name)


def other_index(e: Expr) -> list[Expr]:
    """A free index replaced by another of its range: one of the line, or a new one."""
    found = []
    for i in indices_of(e):
        others = [o for o in indices_of(e) if o != i and o.size == i.size]
        new = Index.of(x.fresh_letter(i.name, x.names(e)), i.size)
        try:
            found.append(x.substitute(e, i, others[0] if others else new))
        except ValueError:
            continue
    return found


def other_bound_index(e: Expr) -> list[Expr]:
    """The bound index of a sum where a free one stands, or the other way round, in the first entry that can take it."""
    found = []
    for binder in (t for t in x.subterms(e) if isinstance(t, x.Binder) and t.loose == 0):
        free = [i for i in indices_of(e) if i.size == binder.size]
        if free:
            found.append(_replaced(e, binder, x.Sum.over(free[0], binder.open(free[0]))))
    return found


def _replaced(e: Expr, old: Expr, new: Expr) -> Expr:
    if e == old:
        return new
    return e.rebuild(tuple(_replaced(a, old, new) for a in e.args)) if e.args else e


def other_symbol(e: Expr) -> list[Expr]:
    """A scalar replaced by another one: of the line, or a new one with the same domain."""
    found = []
    scalars = sorted((s for s in e.free if isinstance(s, Symbol)), key=lambda s: s.name)
    for s in scalars:
        others = [o for o in scalars if o != s and o.domain == s.domain]
        try:
            found.append(x.substitute(e, s, others[0] if others else Symbol.of(f"{s.name}'", s.domain)))
        except ValueError:
            continue
    return found


def other_number(e: Expr) -> list[Expr]:
    """A number in the line, 1 larger."""
    at = first_place(e, lambda t: isinstance(t, Number))
    return [] if at is None else [changed_at(e, at, lambda t: Number.of(t.value + 1))]  # type: ignore[attr-defined]


def other_operator(e: Expr) -> list[Expr]:
    if not isinstance(e, Relation):
        return []
    turned = {"=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<=", "!=": "=", "<=>": "="}
    return [Relation.of(e.args[0], turned[e.operator], e.args[1])]


def dropped(e: Expr) -> list[Expr]:
    """A sum without its last term, a product without its last factor."""
    at = first_place(e, lambda t: isinstance(t, x.Add | x.Mul))
    return [] if at is None else [changed_at(e, at, lambda t: t.rebuild(t.args[:-1]))]


LAST = ("minus a new symbol", "a new factor")
CHANGES: dict[str, Callable[[Expr], list[Expr]]] = {
    "sign": everywhere(lambda e: -e),
    "plus one": everywhere(lambda e: e + 1),
    "factor 2": everywhere(lambda e: 2 * e),
    "another index": other_index,
    "another bound index": other_bound_index,
    "another symbol": other_symbol,
    "another number": other_number,
    "another operator": other_operator,
    "a part dropped": dropped,
    "minus a new symbol": everywhere(lambda e: e - Symbol.of("new")),
    "a new factor": everywhere(lambda e: (e + 1) * Symbol.of("new")),
}


# -- which changes are mistakes ---------------------------------------------------------------------------------------


def different(before: Expr, after: Expr, givens: tuple[Given, ...]) -> bool:
    """Whether two lines have different values somewhere."""
    proposition = isinstance(before, Relation | x.ForAll | x.Optimum)
    return before != after and fails(Relation.of(before, "<=>" if proposition else "=", after), givens)


def fails(claim: Relation, givens: tuple[Given, ...]) -> bool:
    """Whether the claim is false or undefined at one of a few points that satisfy the givens, or cannot be tested."""
    rng = Random(0)
    sampler = Sampler((claim,), givens)
    judge = Judge(Evaluator(), sampler)
    tested = False
    for number in (2, 3, 2, 1, 3):
        point = sampler.draw(dict.fromkeys(sampler.stock.sizes, number), rng)
        if point is None:
            continue
        judge.begin(point)
        try:
            if not judge.judge(claim).holds:
                return True
            tested = True
        except Undefined:
            return True
        except Untestable:
            continue
    return not tested


@dataclass
class Count:
    steps: int = 0
    mutants: int = 0
    refused: int = 0
    equal: int = 0
    fewest: int = 99


# -- one step at a time -----------------------------------------------------------------------------------------------


def check_alone(derivation: Derivation, before: Expr, step: Step, bounds: tuple[str, ...] = ()) -> None:
    """Check the step as a derivation of its own; the theorems that it uses, if any, are taken as axioms."""
    proposition = step.relation == "=" and isinstance(step.result, Relation | x.ForAll)
    statement = Relation.of(before, "<=>" if proposition else step.relation, step.result)
    short = Theorem("mutant", statement, before, (step,), bounds=bounds)
    known, rules = [], dict(RULES)
    for t in derivation.theorems:
        if t.name in bounds or (step.rule == "lemma" and t.name == step.bindings["name"]):
            rules[t.name] = Rule(t.name, "test", "", lambda t=t: t.statement)
            known.append(Theorem(t.name, t.statement, by=Inference(t.name, {}, ()), over=t.over))
    check(replace(derivation, theorems=(*known, short)), rules)


def put(e: Expr, at: Path, opened: tuple[str, ...], new: Expr) -> Expr:
    if not at:
        return new
    if isinstance(e, x.Binder):
        index = Index.of(opened[0], e.size)
        inner = put(e.open(index), at[1:], opened[1:], new)
        return e.rebuild((e.size, x.abstract(inner, (index,))))
    return e.rebuild((*e.args[: at[0]], put(e.args[at[0]], at[1:], opened, new), *e.args[at[0] + 1 :]))


def mutants(before: Expr, step: Step, refused: set[str]) -> Iterator[tuple[str, Step]]:
    """The step with another result; for algebra and sign the new term in the binding is changed with it.

    The last kinds are there for lines such as 0, which few changes change.
    """
    for name, change in CHANGES.items():
        if name in LAST and len(refused) >= 4:
            break
        found = next(_changed(before, step, change), None)
        if found is not None:
            yield name, found
    if step.relation not in ("=", "<=>"):
        yield "another relation", replace(step, relation=Relation.FLIPPED[step.relation])
    if step.rule in ("algebra", "sign"):  # the result alone, which the binding does not give
        yield "plus one, the result alone", replace(step, result=everywhere(lambda e: e + 1)(step.result)[0])


def _changed(before: Expr, step: Step, change: Callable[[Expr], list[Expr]]) -> Iterator[Step]:
    if step.rule not in ("algebra", "sign"):
        yield from (replace(step, result=r) for r in change(step.result) if r != step.result)
        return
    for to in change(step.bindings["to"]):
        result = put(before, step.at, step.opened, to)
        if result != step.result:
            yield replace(step, bindings={**step.bindings, "to": to}, result=result)


def is_mistake(before: Expr, changed: Step, step: Step, givens: tuple[Given, ...]) -> bool:
    """Whether the changed step claims something false: another value, or an order that does not hold."""
    if step.relation in ("=", "<=>"):
        return different(step.result, changed.result, givens)
    return fails(Relation.of(before, changed.relation, changed.result), givens)


@pytest.mark.parametrize("number", ENTRIES)
def test_every_changed_step_is_refused(number: str, count: Count, prove: Callable[[str], Proof]) -> None:
    derivation = prove(number).certificate.derivation
    for theorem in derivation.theorems:
        line = theorem.start
        for n, step in enumerate(theorem.steps, 1):
            assert line is not None
            check_alone(derivation, line, step, theorem.bounds)
            kinds: set[str] = set()
            count.steps += 1
            for name, changed in mutants(line, step, kinds):
                try:
                    check_alone(derivation, line, changed, theorem.bounds)
                except Refused:
                    count.refused += 1
                    kinds.add(name)
                else:
                    mistaken = is_mistake(line, changed, step, derivation.givens)
                    where = f"{number}, {theorem.name}, step {n} ({step.rule}), {name}"
                    assert not mistaken, f"{where}: {changed.result!r}"
                    count.equal += 1
                count.mutants += 1
            count.fewest = min(count.fewest, len(kinds))
            line = step.result


@pytest.fixture(scope="module")
def count() -> Iterator[Count]:
    found = Count()
    yield found
    print(
        f"\n{found.steps} steps of {len(ENTRIES)} derivations, {found.mutants} mutants: {found.refused} refused, "
        f"{found.equal} accepted that are true; at least {found.fewest} kinds of change refused for each step"
    )
    assert found.fewest >= 4
