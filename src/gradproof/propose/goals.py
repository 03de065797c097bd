"""One claim after the other: which tactic, which lemmas first.

A claim is an equation with a derivative, an identity, an inequality, an equivalence, an optimum or a limit; a claim that
is a plain term asks for its textbook form.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradproof.derivation import Derivation, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Definition,
    Derivative,
    Entry,
    Expr,
    ForAll,
    Index,
    Limit,
    Mul,
    Number,
    Optimum,
    Pow,
    Relation,
    Symbol,
    definitions,
    fresh_letter,
    names,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose import naming
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import Lemma, differentiate, partition
from gradproof.propose.forms import textbook
from gradproof.propose.identities import (
    Tactic,
    all_logs,
    has_log,
    multiply_out,
    open_definition,
    open_family,
    split_sums,
)
from gradproof.propose.shapes import defined, mentions
from gradproof.propose.simplify import cancel, contract, nodes, pull_constants, use_givens
from gradproof.signs import Signs
from gradproof.statement import Statement

# What to open, round after round, on both sides of a claim.
OPENINGS: tuple[tuple[tuple[Tactic, ...], bool], ...] = (
    ((), False),
    ((all_logs,), False),
    ((pull_constants,), False),
    ((split_sums, pull_constants), False),
    ((multiply_out, split_sums, pull_constants), False),
    ((open_family, all_logs, split_sums, pull_constants), True),
    ((open_definition, all_logs, multiply_out, split_sums, pull_constants), True),
)


class Proposer:
    """The theorems found so far for one statement."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.givens = statement.givens
        self.theorems: list[Theorem] = []
        self.signs = Signs(statement.givens)
        self.introduced: list[Definition] = []
        self.lemmas: dict[tuple[Definition, Symbol | Array], Lemma] = {}

    def add(self, theorem: Theorem) -> Theorem:
        self.theorems.append(theorem)
        return theorem

    def derivation(self) -> Derivation:
        for n, claim in enumerate(self.statement.claims, 1):
            self.claim(claim, f"claim {n}")
        s = self.statement
        return Derivation(s.title, self.givens, tuple(self.theorems), s.number, s.source)

    def claim(self, claim: Expr, name: str) -> None:
        if isinstance(claim, Relation) and claim.operator == "=":
            self.equation(claim.args[0], claim.args[1], name, "claim")
        elif isinstance(claim, Relation | Optimum | ForAll | Limit):
            from gradproof.propose import orders

            orders.claim(self, claim, name)
        else:
            self.equation(claim, None, name, "claim")

    # -- equations ----------------------------------------------------------------------------------------------------

    def equation(self, left: Expr, right: Expr | None, name: str, role: str, title: str = "") -> Theorem:
        if mentions(left, Derivative):
            self.derivative_lemmas(left)
        chain = self.towards(left, right)
        if right is not None and chain.line != right:
            self.aim(chain, right)
        return self.add(self.theorem_of(chain, name, role, title))

    def theorem_of(self, chain: Chain, name: str, role: str, title: str = "") -> Theorem:
        if not chain.steps:
            chain.root.record("algebra", {"to": chain.line, "reason": "both sides are the same"}, chain.line)
        chain.show(2)
        statement = Relation.of(chain.start, "=", chain.line)
        over = tuple(
            sorted(
                (i for i in chain.start.free if isinstance(i, Index) and i.name not in chain.fixed),
                key=lambda i: i.name,
            )
        )
        return Theorem(name, statement, chain.start, tuple(chain.steps), title=title, over=over, role=role)

    def relation_theorem(self, chain: Chain, goal: Expr, name: str, role: str) -> Theorem:
        free = sorted(
            (i for i in goal.free if isinstance(i, Index) and i.name not in chain.fixed), key=lambda i: i.name
        )
        return Theorem(name, goal, chain.start, tuple(chain.steps), over=tuple(free), role=role)

    def open_front(self, chain: Chain) -> bool:
        """Open the names that stand alone or in a sum or product at the front of the line."""
        changed = False
        for _ in range(5):
            found = [f for f in nodes(chain.root, Entry) if defined(f.term) and len(f.at) <= 1]
            if not found:
                return changed
            found[0].unfold()
            changed = True
        return changed

    def towards(self, left: Expr, right: Expr | None) -> Chain:
        """Differentiate, cancel, contract, use the givens."""
        chain = Chain(left, self.givens)
        self.differentiated(chain)
        if mentions(chain.line, Limit):
            from gradproof.propose import limits

            limits.evaluate(self, chain)
        self.simplify(chain)
        if right is None:
            self.print_form(chain)
        return chain

    def differentiated(self, chain: Chain) -> bool:
        if not mentions(chain.line, Derivative):
            return False
        self.unfold_front(chain)
        self.name_parts(chain)
        differentiate(chain, self.lemmas)
        return True

    def name_parts(self, chain: Chain) -> None:
        """Names for the sums of exponentials of a loss that came without, and lemmas for their derivatives."""
        focus = chain.root
        while isinstance(focus.term, Derivative):
            focus = focus.child(0)
        moved = _moved(chain.line)
        if moved is None:
            return
        found = naming.parts(focus.term, moved, self.signs)
        to = naming.named(focus.term, found)
        if to == focus.term:
            return
        self.introduced += [d for p in found for d in (p.total, p.share) if d not in self.introduced]
        focus.algebra(to, unfold=[d.name for p in found for d in (p.total, p.share)], reason="name the parts")
        chain.show()
        self.derivative_lemmas(chain.line)

    def simplified(self, chain: Chain) -> bool:
        self.simplify(chain)
        return True

    def unfold_front(self, chain: Chain) -> None:
        """The loss by its definition: the derivative of a defined scalar starts with what the name stands for."""
        focus = chain.root
        while isinstance(focus.term, Derivative):
            focus = focus.child(0)
        here = focus.term
        if focus.at and isinstance(here, Entry) and isinstance(here.base, Definition):
            if (here.base, _moved(chain.line)) not in self.lemmas:
                focus.unfold()

    def simplify(self, chain: Chain) -> None:
        reached = len(chain.steps) - 1
        if cancel(chain):
            chain.show()
            if reached >= 0 and chain.steps[reached].rule == "lemma":
                chain.hide(reached)
        for _ in range(10):
            changed = False
            for tactic, reason in ((cancel, ""), (contract, ""), (use_givens, "")):
                if tactic(chain):
                    chain.show()
                    changed = True
            if not changed:
                return

    def print_form(self, chain: Chain) -> bool:
        self.fold(chain, textbook(chain.line, chain.signs, self.foldable(chain)))
        chain.show()
        return True

    def fold(self, chain: Chain, to: Expr) -> None:
        """One algebra step to an equal term in which other names may stand."""
        self.algebra_to(chain, to)

    def foldable(self, chain: Chain) -> tuple[Definition, ...]:
        found = [*self.statement.definitions, *self.introduced]
        for c in (*self.statement.claims, chain.start):
            found += [d for d in definitions(c) if d not in found]
        return tuple(d for d in found if d.shape or not _is_objective(d, self.statement))

    def aim(self, chain: Chain, right: Expr) -> None:
        """Reach the claim's own form: open up the line, then the claim, until one is the other."""
        if chain.steps and self.finish(chain, right):
            return
        other = Chain(right, self.givens)
        self.simplify(other)
        for tactics, unfold in OPENINGS:
            for side in (chain, other):
                if any([tactic(side) for tactic in tactics]):
                    side.show()
                    self.simplify(side)
            if self.algebra_to(chain, other.line, unfold):
                self.join(chain, other)
                return
        raise NotDecided(f"from {chain.start!r} the derivation came to {chain.line!r}, but not to {right!r}")

    def join(self, chain: Chain, other: Chain) -> None:
        """From a line that both chains end in to the start of the other: backwards, or by a lemma of its own."""
        if other.steps and not chain.graft(other):
            name = f"identity {len(self.theorems) + 1}"
            lemma = self.add(self.theorem_of(other, name, "lemma"))
            assert isinstance(lemma.statement, Relation)
            chain.root.lemma(name, lemma.statement, backwards=True)

    def finish(self, chain: Chain, right: Expr) -> bool:
        """The last line of a calculation, logarithms opened where the claim has none."""
        if not self.algebra_to(chain, right, record=False):
            return False
        if has_log(chain.line) and not has_log(right) and all_logs(chain):
            chain.show()
            self.simplify(chain)
            self.print_form(chain)
        return self.algebra_to(chain, right)

    def algebra_to(self, chain: Chain, right: Expr, unfold: bool = True, record: bool = True) -> bool:
        """One algebra step to the claim, looking through as few definitions as will do."""
        if chain.line == right:
            return True
        if isinstance(chain.line, Relation):
            return False
        inside = definitions(Relation.of(chain.line, "=", right))
        rows: list[list[str]] = [[], *([d.name] for d in reversed(inside)), [d.name for d in inside]]
        for names_ in rows if unfold else rows[:1]:
            if Normal(chain.signs, frozenset(names_)).equal(chain.line, right):
                if record:
                    chain.root.algebra(right, unfold=names_, reason=told(chain.line, right, inside, names_))
                return True
        return False

    # -- lemmas -------------------------------------------------------------------------------------------------------

    def derivative_lemmas(self, e: Expr) -> None:
        """A lemma for the derivative of every family of terms that moves, in the order of the definitions."""
        for d in [t for t in subterms(e) if isinstance(t, Derivative)]:
            for definition in definitions(d.args[0]):
                moved = d.moved
                whole = isinstance(d.args[0], Entry) and d.args[0].base == definition
                if definition.shape and moved in definition.body.free and not whole and not partition(definition):
                    self.derivative_lemma(definition, moved, e)

    def derivative_lemma(self, d: Definition, moved: Symbol | Array, around: Expr) -> None:
        if (d, moved) in self.lemmas:
            return
        params = d.parameters()
        taken = {p.name for p in params} | names(d.body)
        variable: Expr = moved if isinstance(moved, Symbol) else _entry_of(moved, taken, around)
        chain = Chain(Derivative.of(d[params], variable), self.givens)
        chain.root.child(0).unfold()
        differentiate(chain, self.lemmas, through=True)
        reached = len(chain.steps) - 1
        if contract(chain):
            chain.hide(reached)
            chain.show()
        if cancel(chain):
            chain.show()
        fold = tuple(dict.fromkeys((*definitions(d.body), d, *self.foldable(chain))))
        self.fold(chain, textbook(chain.line, chain.signs, fold))
        name = f"derivative of {d.name}" + (f" in {moved.name}" if self._named(d) else "")
        theorem = self.add(self.theorem_of(chain, name, "lemma", title=""))
        self.lemmas[d, moved] = Lemma(theorem, theorem.over)

    def _named(self, d: Definition) -> bool:
        return any(k[0] == d for k in self.lemmas)


def told(here: Expr, there: Expr, inside: Iterable[Definition], unfolded: Iterable[str]) -> str:
    """The words for an algebra step that looks through definitions: which names come or go."""
    come_or_go = definitions_here(here) ^ definitions_here(there)
    used = [d for d in inside if d.name in unfolded and d.name in come_or_go]
    shown = [f"${d.name}" + (f"_{{{''.join(d.letters)}}}$" if d.letters else "$") for d in used]
    front = "split the fraction" if isinstance(here, Mul) and any(isinstance(f, Pow) for f in here.args) else "rearrange"
    return "; ".join([front, *(f"definition of {s}" for s in shown)])


def definitions_here(e: Expr) -> set[str]:
    """The names that stand in the term itself."""
    return {t.base.name for t in subterms(e) if defined(t)}  # type: ignore[attr-defined]


def _moved(e: Expr) -> Symbol | Array | None:
    return e.moved if isinstance(e, Derivative) else None


def _is_objective(d: Definition, statement: Statement) -> bool:
    """Whether the definition is what a claim is about, which must not be folded into its own result."""
    heads = [t for c in statement.claims for t in subterms(c) if isinstance(t, Derivative)]
    return any(isinstance(t.args[0], Entry) and t.args[0].base == d for t in heads)


def _entry_of(array: Array, taken: set[str], around: Expr) -> Entry:
    """An entry of the array with letters that are not in use: k for a class, m for a row."""
    letters: list[Index] = []
    preferred = [t.args[1].args for t in subterms(around) if isinstance(t, Derivative) and t.moved == array]
    hints = [i.name for i in preferred[0] if isinstance(i, Index)] if preferred else []
    for n, size in enumerate(array.shape):
        hint = hints[n] if len(hints) == len(array.shape) else "k"
        letter = fresh_letter(hint, taken | {i.name for i in letters})
        letters.append(Index.of(letter, size))
    return array[tuple(letters)]


def propose(statement: Statement) -> Derivation:
    """Find a derivation of a statement. Raises `NotDecided` when none is found."""
    return Proposer(statement).derivation()


__all__ = ["Number", "Proposer", "propose"]
