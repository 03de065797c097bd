"""One claim after the other: which tactic, which lemmas first; and what has been proved so far.

A claim is an equation with a derivative, an identity, an inequality, an equivalence, an optimum or a limit; a claim
that is a plain term asks for its textbook form.

Contract. `propose` gives a derivation of all claims, or raises `NotDecided`. The `Proposer` remembers the theorems of
one statement and takes them back (`back_to`) with all that was remembered of them.

Blind spot. It never goes back to an earlier claim: a lemma that was proved in a poor form stays in that form.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gradproof.derivation import Derivation, Theorem
from gradproof.errors import NotDecided
from gradproof.expression import (
    Array,
    Definition,
    Derivative,
    Entry,
    Expectation,
    Expr,
    ForAll,
    Index,
    Limit,
    Number,
    OfMatrix,
    Optimum,
    Relation,
    Symbol,
    definitions,
    names,
    subterms,
)
from gradproof.propose import lemmas, means_that_move, modulo, objectives, openings, ranges, roots, solutions
from gradproof.propose.algebra import algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.differentiate import Lemma, differentiate
from gradproof.propose.forms import expanded_form, textbook
from gradproof.propose.identities import (
    all_logs,
    has_log,
)
from gradproof.propose.matrices import contract_inverses, gather_givens, sort_symmetric
from gradproof.propose.ranks import unrank
from gradproof.propose.shapes import match, mentions
from gradproof.propose.simplify import cancel, contract, merge_roots, nodes, use_givens
from gradproof.signs import Signs
from gradproof.statement import Statement

ONE = Number.of(1)

Mark = tuple[int, int]  # theorems and names so far


class Proposer:
    """The theorems found so far for one statement."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.givens = statement.givens
        self.theorems: list[Theorem] = []
        self.signs = Signs(statement.givens)
        self.introduced: list[Definition] = []
        self.target: Expr | None = None  # where the present chain leads, if it is about a root
        self.summands = False  # whether it is about a part of the loss, the equations of roots being about the whole
        claimed = [d for c in statement.claims for d in definitions(c)]
        self.known = tuple(dict.fromkeys((*statement.definitions, *claimed)))
        # What is differentiated must not be folded into its own result.
        heads = [t.args[0] for c in statement.claims for t in subterms(c) if isinstance(t, Derivative)]
        self.objectives = {h.base for h in heads if isinstance(h, Entry)}
        self.normalised: dict[tuple[Definition, int], Lemma | None] = {}
        self.logarithms: dict[Definition, Theorem] = {}
        self.lemmas: dict[tuple[Definition | Expectation, Symbol | Array], Lemma] = {}

    def add(self, theorem: Theorem) -> Theorem:
        self.theorems.append(theorem)
        return theorem

    def mark(self) -> Mark:
        """How much is proved so far, for `back_to`."""
        return len(self.theorems), len(self.introduced)

    def back_to(self, mark: Mark) -> None:
        """Forget what has been proved since the mark."""
        del self.theorems[mark[0] :]
        del self.introduced[mark[1] :]
        self.forget()

    def forget(self) -> None:
        """Drop what is remembered of theorems that have been taken back."""
        kept = {t.name for t in self.theorems}
        self.logarithms = {d: t for d, t in self.logarithms.items() if t.name in kept}
        self.lemmas = {k: lemma for k, lemma in self.lemmas.items() if lemma.theorem.name in kept}
        self.normalised = {
            d: lemma for d, lemma in self.normalised.items() if lemma is None or lemma.theorem.name in kept
        }

    def derivation(self) -> Derivation:
        for n, lemma in enumerate(self.statement.lemmas, 1):
            self.claim(lemma, f"lemma {n}", "lemma")
            self.remember(self.theorems[-1])
        for n, claim in enumerate(self.statement.claims, 1):
            self.claim(claim, f"claim {n}", "claim")
        s = self.statement
        return Derivation(s.title, self.givens, tuple(self.theorems), s.number, s.source)

    def remember(self, theorem: Theorem) -> None:
        """Use the derivative of a defined family, where the statement asks for it as a lemma, in the form it is in."""
        left = theorem.statement.args[0]
        if isinstance(left, Derivative) and isinstance(left.args[0], Entry) and isinstance(theorem.statement, Relation):
            d, moved = left.args[0].base, left.moved
            if isinstance(d, Definition) and all(isinstance(i, Index) for i in left.args[0].args):
                self.lemmas[d, moved] = Lemma(theorem, theorem.over)

    def claim(self, claim: Expr, name: str, role: str) -> None:
        if isinstance(claim, Relation) and claim.operator == "=":
            lemmas.known_derivative(self, self.equation(claim.args[0], claim.args[1], name, role))
        elif isinstance(claim, Relation | Optimum | ForAll | Limit):
            from gradproof.propose import orders

            orders.claim(self, claim, name, role)
        else:
            self.equation(claim, None, name, role)

    def inequality(self, goal: Relation, name: str, role: str) -> Theorem:
        from gradproof.propose import orders

        return orders.inequality(self, goal, name, role)

    # -- equations ----------------------------------------------------------------------------------------------------

    def equation(self, left: Expr, right: Expr | None, name: str, role: str, title: str = "") -> Theorem:
        if right is not None and (found := solutions.inverse(self, left, right, name, role)):
            return found
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
        over = chain.indices(chain.start)
        return Theorem(name, statement, chain.start, tuple(chain.steps), title=title, over=over, role=role)

    def relation_theorem(self, chain: Chain, goal: Expr, name: str, role: str) -> Theorem:
        return Theorem(name, goal, chain.start, tuple(chain.steps), over=chain.indices(goal), role=role)

    def towards(self, left: Expr, right: Expr | None) -> Chain:
        """Differentiate, cancel, contract, use the givens."""
        chain = Chain(left, self.givens)
        self.target = right if any(map(roots.is_root, definitions(left))) else None
        if isinstance(left, Limit):
            from gradproof.propose import limits

            limits.differentiate_inside(self, chain)
        self.differentiated(chain)
        if mentions(chain.line, Limit):
            from gradproof.propose import limits

            limits.evaluate(self, chain)
        self.simplify(chain)
        if right is None:
            if means_that_move.inside(chain.line):
                means_that_move.by_moments(self, chain)
            self.print_form(chain)
        return chain

    def differentiated(self, chain: Chain) -> bool:
        if not mentions(chain.line, Derivative):
            return False
        objectives.unfold_front(self, chain)
        if objectives.by_summands(self, chain):
            return True
        if means_that_move.under(self, chain):
            return True
        means_that_move.prepare_derivatives(self, chain.line)
        objectives.name_parts(self, chain)
        differentiate(chain, self.lemmas)
        return True

    def reserved(self) -> set[str]:
        """The names that the statement uses, and those brought in before."""
        claimed = set[str]().union(*(names(c) for c in self.statement.claims))
        limits = {t.data[0].name for c in self.statement.claims for t in subterms(c) if isinstance(t, Limit)}
        return claimed | limits | {d.name for d in self.introduced}

    def simplified(self, chain: Chain) -> bool:
        self.simplify(chain)
        return True

    def matrices(self) -> tuple[Array | Definition, ...]:
        """The square matrices that the statement names."""
        bases = {t.base: None for e in self.formulas() for t in subterms(e) if isinstance(t, Entry | OfMatrix)}
        return tuple(b for b in (*bases, *self.known) if len(b.shape) == 2 and b.shape[0] == b.shape[1])

    def formulas(self) -> Iterator[Expr]:
        yield from self.statement.claims
        yield from (d.body for d in self.known)

    def use_lemmas(self, chain: Chain) -> bool:
        """Replace the left sides of the equations that the statement asked for as lemmas."""
        changed = False
        for t in self.theorems:
            s = t.statement
            if not t.name.startswith("lemma ") or not isinstance(s, Relation) or s.operator != "=":
                continue
            for focus in list(nodes(chain.root, type(s.args[0]))):
                values = match(s.args[0], focus.term, t.over) if focus.alive else None
                if values is not None and focus.term != chain.start:
                    focus.lemma(t.name, s, t.over, values)
                    changed = True
        return changed

    def about(self, left: Expr) -> Theorem | None:
        """An equation that has been proved for the term."""
        known = (t for t in self.theorems if isinstance(t.statement, Relation) and t.statement.operator == "=")
        return next((t for t in known if t.statement.args[0] == left), None)

    def closed_form(self, e: Expr) -> Theorem | None:
        """What has been proved of a name for a mean."""
        return self.about(e) if isinstance(e, Entry) and means_that_move.inside(e) else None

    def simplify(self, chain: Chain) -> None:
        reached = len(chain.steps) - 1
        if cancel(chain):
            chain.show()
            if reached >= 0 and chain.steps[reached].rule == "lemma":
                chain.hide(reached)
        for _ in range(10):
            changed = False
            for tactic in (
                merge_roots,
                unrank,
                cancel,
                contract,
                contract_inverses,
                sort_symmetric,
                use_givens,
                gather_givens,
                self.use_lemmas,
                self.by_equation,
                partial(lemmas.use_normalisation, self),
            ):
                if tactic(chain):
                    chain.show()
                    changed = True
            if not changed:
                return

    def by_equation(self, chain: Chain) -> bool:
        """Use the equations of roots, unless algebra alone already leads to the claim."""
        if self.summands or (self.target is not None and algebra_to(chain, self.target, record=False)):
            return False
        return roots.by_equation(chain)

    def print_form(self, chain: Chain) -> bool:
        for _ in range(3):
            algebra_to(chain, textbook(chain.line, chain.signs, self.foldable(chain)))
            chain.show()
            if not (use_givens(chain) or lemmas.use_normalisation(self, chain)):
                break
            chain.show()
        return True

    def foldable(self, chain: Chain) -> tuple[Definition, ...]:
        """The definitions that a result on this chain may be told in: those it rests on, and those built on these."""
        own = {*definitions(chain.start), *definitions(chain.line), *chain.named}
        known = dict.fromkeys((*self.known, *self.introduced, *definitions(chain.start)))
        return tuple(
            d
            for d in known
            if (not own or d in own or own & set(definitions(d.body))) and (d.shape or d not in self.objectives)
        )

    def aim(self, chain: Chain, right: Expr) -> None:
        """Reach the claim's own form: open up the line, then the claim, until one is the other."""
        if chain.steps and self.finish(chain, right):
            return
        begun = chain.mark()
        other = Chain(right, self.givens)
        self.simplify(other)
        met = ranges.by_first_term(self, chain, other) or means_that_move.aim(self, chain, other)
        if not met and not openings.opened_to(self, chain, other):
            if modulo.by_multiples(chain, begun, right):
                return
            if not openings.multiplied_out(self, chain, other):
                raise NotDecided(f"from {chain.start!r} the derivation came to {chain.line!r}, but not to {right!r}")
        self.join(chain, other)

    def join(self, chain: Chain, other: Chain) -> None:
        """From a line that both chains end in to the start of the other: backwards, or by a lemma of its own."""
        if other.steps:
            chain.show()
        if other.steps and not chain.graft(other):
            name = f"identity {len(self.theorems) + 1}"
            lemma = self.add(self.theorem_of(other, name, "lemma"))
            assert isinstance(lemma.statement, Relation)
            chain.root.lemma(name, lemma.statement, backwards=True)

    def finish(self, chain: Chain, right: Expr) -> bool:
        """The last line of a calculation, logarithms opened where the claim has none."""
        if not algebra_to(chain, right, record=False):
            return False
        hidden = any(has_log(d.body) for d in definitions(right) if d not in definitions(chain.line))
        if has_log(chain.line) and not has_log(right) and not hidden and all_logs(chain):
            chain.show()
            self.simplify(chain)
            if algebra_to(chain, expanded_form(chain.line, chain.signs, self.foldable(chain))):
                chain.show()
                self.simplify(chain)
        return algebra_to(chain, right)


def propose(statement: Statement) -> Derivation:
    """Find a derivation of a statement. Raises `NotDecided` when none is found."""
    return Proposer(statement).derivation()


__all__ = ["Number", "Proposer", "propose"]
