"""A chain of lines under construction, and a focus on one place in it.

Contract. Every change of the line goes through `Focus.rule`, `Focus.algebra` and the like, which record a step that the
kernel can replay. Nothing here decides whether a step is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

from gradproof.derivation import Given, Step
from gradproof.expression import (
    Binder,
    Definition,
    Entry,
    Expr,
    Index,
    Number,
    Relation,
    abstract,
    fresh_letter,
    instantiate,
)
from gradproof.rules import RULES
from gradproof.signs import Signs


def at_place(e: Expr, at: tuple[int, ...], opened: tuple[str, ...]) -> Expr:
    """The term at a path, binders on the way opened with these letters."""
    for n in at:
        if isinstance(e, Binder):
            e, opened = e.open(Index.of(opened[0], e.size)), opened[1:]
        else:
            e = e.args[n]
    return e


def replaced(e: Expr, at: tuple[int, ...], opened: tuple[str, ...], new: Expr) -> Expr:
    """The term with `new` at a path."""
    if not at:
        return new
    if isinstance(e, Binder):
        index = Index.of(opened[0], e.size)
        inner = replaced(e.open(index), at[1:], opened[1:], new)
        return e.rebuild((e.size, abstract(inner, (index,))))
    n = at[0]
    return e.rebuild((*e.args[:n], replaced(e.args[n], at[1:], opened, new), *e.args[n + 1 :]))


class Chain:
    """The lines so far; `line` is the last of them."""

    def __init__(self, start: Expr, givens: tuple[Given, ...] = (), signs: Signs | None = None) -> None:
        self.start = start
        self.line = start
        self.givens = givens
        self.signs = signs or Signs(givens)
        self.steps: list[Step] = []
        self.named: list[Definition] = []  # definitions brought in on the way
        self.fixed = {i.name for g in givens for i in g.relation.free - set(g.over) if isinstance(i, Index)}

    @property
    def root(self) -> Focus:
        return Focus(self)

    def indices(self, e: Expr) -> tuple[Index, ...]:
        """The free indices of a term for which it is proved at all values: those that no given fixes, by name."""
        return tuple(
            sorted((i for i in e.free if isinstance(i, Index) and i.name not in self.fixed), key=lambda i: i.name)
        )

    def show(self, detail: int = 1) -> None:
        """Make the line so far visible at this level of detail and at finer ones."""
        if self.steps:
            self.steps[-1] = replace(self.steps[-1], shown=max(detail, self.steps[-1].shown))

    def mark(self) -> tuple[int, Expr]:
        """Where the chain stands, for `back_to`."""
        return len(self.steps), self.line

    def back_to(self, mark: tuple[int, Expr]) -> None:
        del self.steps[mark[0] :]
        self.line = mark[1]

    def hide(self, position: int) -> None:
        """Take back the showing of the line after step `position`, for a line that is passed through too quickly."""
        if 0 <= position < len(self.steps):
            self.steps[position] = replace(self.steps[position], shown=0)

    def letter(self, hint: str, also: Iterable[str] = ()) -> str:
        """An index letter that is free for a binder of this line."""
        return fresh_letter(hint, {x.name for x in self.line.free} | self.fixed | set(also))

    def graft(self, other: Chain) -> bool:
        """Continue backwards along a chain that ends in this line, to its start; False where a step cannot be reversed.

        A step cannot be reversed where the new line has swallowed the place: a sum that became 1 in a product is gone.
        """
        lines = [other.start, *(s.result for s in other.steps)]
        steps = []
        for step, before, after in reversed(list(zip(other.steps, lines, lines[1:], strict=False))):
            bindings: dict[str, Any] = dict(step.bindings)
            if step.rule == "algebra":
                bindings["to"] = at_place(before, step.at, step.opened)
            if not _reversible(step, before, after):
                return False
            flipped = Relation.FLIPPED[step.relation]
            back = step.rule != "algebra" and not step.backwards
            steps.append(replace(step, bindings=bindings, result=before, backwards=back, relation=flipped))
        shown = [s.shown for s in other.steps][:-1][::-1]
        self.steps += [replace(s, shown=n) for s, n in zip(steps, [*shown, 1], strict=True)]
        self.line = other.start
        return True


def _reversible(step: Step, before: Expr, after: Expr) -> bool:
    """Whether the place of the step holds, in the line after it, just what the step put there."""
    try:
        here = at_place(after, step.at, step.opened)
        return replaced(after, step.at, step.opened, at_place(before, step.at, step.opened)) == before and (
            replaced(before, step.at, step.opened, here) == after
        )
    except (IndexError, AttributeError):
        return False


@dataclass(frozen=True)
class Focus:
    """A place in the current line of a chain."""

    chain: Chain
    at: tuple[int, ...] = ()
    opened: tuple[str, ...] = ()

    @property
    def term(self) -> Expr:
        return at_place(self.chain.line, self.at, self.opened)

    @property
    def alive(self) -> bool:
        """Whether the place still exists: a rewrite may have let it melt into the sum or product around it."""
        try:
            return self.term is not None
        except IndexError:
            return False

    def child(self, n: int) -> Focus:
        """The n-th child; the body of a binder is opened with a fresh letter."""
        here = self.term
        if isinstance(here, Binder):
            letter = self.chain.letter(here.hint, self.opened)
            return Focus(self.chain, (*self.at, 1), (*self.opened, letter))
        return Focus(self.chain, (*self.at, n), self.opened)

    def descend(self, path: Iterable[int]) -> Focus:
        focus = self
        for n in path:
            focus = focus.child(n)
        return focus

    def record(
        self, rule: str, bindings: dict[str, Any], new: Expr, backwards: bool = False, relation: str = "="
    ) -> None:
        chain = self.chain
        line = replaced(chain.line, self.at, self.opened, new)
        chain.steps.append(Step(rule, bindings, line, self.at, self.opened, relation, backwards))
        chain.line = line

    def rule(self, name: str, backwards: bool = False, relation: str = "=", **bindings: Any) -> None:
        """Rewrite by a rule of gradproof.rules; the term here must be its left side (or right, backwards)."""
        equation = RULES[name].equation(**bindings)
        assert isinstance(equation, Relation)
        left, right = equation.args if not backwards else equation.args[::-1]
        if left != self.term:
            raise ValueError(f"{name} is about {left!r}, here stands {self.term!r}")
        self.record(name, bindings, right, backwards, relation)

    def algebra(self, to: Expr, unfold: Collection[str] = (), reason: str | tuple[str | Expr, ...] = "") -> None:
        """Rewrite to a term that the normal form finds equal, looking through the definitions named."""
        if to == self.term:
            return
        bindings: dict[str, Any] = {"to": to, "reason": reason}
        if unfold:
            bindings["unfold"] = tuple(sorted(unfold))
        self.record("algebra", bindings, to)

    def equivalent(self, to: Expr, unfold: Collection[str] = (), reason: str | tuple[str | Expr, ...] = "") -> None:
        """Rewrite a proposition to one that algebra finds equivalent."""
        if to != self.term:
            bindings: dict[str, Any] = {"to": to, "reason": reason}
            if unfold:
                bindings["unfold"] = tuple(sorted(unfold))
            self.record("algebra", bindings, to, relation="<=>")

    def unfold(self) -> None:
        """Replace a defined entry by its body."""
        here = self.term
        assert isinstance(here, Entry)
        self.record("definition", {"entry": here}, here.base.unfold(here.args))  # type: ignore[union-attr]

    def given(self, number: int, indices: tuple[Expr, ...] = (), relation: str = "=") -> None:
        """Rewrite the left side of a given by its right side."""
        g = self.chain.givens[number]
        equation = instantiate(abstract(g.relation, g.over), indices)
        self.record("given", {"number": number, "indices": indices}, equation.args[1], relation=relation)

    def lemma(
        self,
        name: str,
        statement: Relation,
        old: tuple[Index, ...] = (),
        new: tuple[Expr, ...] = (),
        backwards: bool = False,
        relation: str = "=",
    ) -> None:
        """Rewrite by a relation proved before, at other values of its free indices."""
        equation = instantiate(abstract(statement, old), new)
        bindings = {"name": name, "old": old, "new": new}
        self.record("lemma", bindings, equation.args[0 if backwards else 1], backwards, relation)


ZERO, ONE = Number.of(0), Number.of(1)
