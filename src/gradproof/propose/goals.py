"""One claim after the other: which tactic, which lemmas first.

A claim is an equation with a derivative, an identity, an inequality, an equivalence, an optimum or a limit; a claim
that is a plain term asks for its textbook form.
"""

from __future__ import annotations

from functools import partial

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
    Number,
    Optimum,
    Relation,
    Symbol,
    definitions,
    subterms,
)
from gradproof.normal import Normal
from gradproof.propose import lemmas, naming
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import Lemma, differentiate
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
from gradproof.propose.words import told
from gradproof.signs import Signs
from gradproof.statement import Statement

ONE = Number.of(1)

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
        self.normalised: dict[Definition, Lemma | None] = {}
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
            lemmas.derivative_lemmas(self, left)
        chain = self.towards(left, right)
        if right is not None and chain.line != right:
            for line in (*self.statement.through, right) if name == "claim 1" else (right,):
                self.aim(chain, line)
                chain.show()
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
        found = naming.parts(focus.term, self.signs)
        to = naming.named(focus.term, found)
        if to == focus.term:
            return
        self.introduced += [d for p in found for d in (p.total, p.share) if d not in self.introduced]
        focus.algebra(to, unfold=[d.name for p in found for d in (p.total, p.share)], reason="name the parts")
        chain.show()
        lemmas.derivative_lemmas(self, chain.line)

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
            focus.unfold()

    def simplify(self, chain: Chain) -> None:
        reached = len(chain.steps) - 1
        if cancel(chain):
            chain.show()
            if reached >= 0 and chain.steps[reached].rule == "lemma":
                chain.hide(reached)
        for _ in range(10):
            changed = False
            for tactic in (cancel, contract, use_givens, partial(lemmas.use_normalisation, self)):
                if tactic(chain):
                    chain.show()
                    changed = True
            if not changed:
                return

    def print_form(self, chain: Chain) -> bool:
        self.algebra_to(chain, textbook(chain.line, chain.signs, self.foldable(chain)))
        chain.show()
        return True

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
                if sum(tactic(side) for tactic in tactics):
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


def _is_objective(d: Definition, statement: Statement) -> bool:
    """Whether the definition is what a claim is about, which must not be folded into its own result."""
    heads = [t for c in statement.claims for t in subterms(c) if isinstance(t, Derivative)]
    return any(isinstance(t.args[0], Entry) and t.args[0].base == d for t in heads)


def propose(statement: Statement) -> Derivation:
    """Find a derivation of a statement. Raises `NotDecided` when none is found."""
    return Proposer(statement).derivation()


__all__ = ["Number", "Proposer", "propose"]
