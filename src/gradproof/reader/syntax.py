"""What a formula says, before it is known what its names stand for.

Contract. Nodes are immutable, carry their place, and compare by identity, so that facts can be kept beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from gradproof.reader.errors import Span
from gradproof.render.naming import Name as Spelling
from gradproof.render.naming import join_indices


class Key(NamedTuple):
    """What tells one name from another: the head, what of the subscript belongs to it, and a mark like * or '."""

    head: str
    labels: tuple[str, ...] = ()
    mark: str = ""

    def latex(self, indices: tuple[str, ...] = ()) -> str:
        primes = "'" * self.mark.count("'")
        below = [label for label in self.labels if not label.startswith("(")]
        above = "".join(label for label in self.labels if label.startswith("("))  # x^{(t)}
        return Spelling(self.head + primes, join_indices(below), self.mark.replace("'", "") + above).latex(indices)


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    at: Span


@dataclass(frozen=True, slots=True, eq=False)
class Part(Node):
    """One part of a subscript: an index or a piece of the name. `run` numbers what stands together without commas."""

    text: str
    kind: str  # letter, number, word, other
    run: int = 0
    letters: tuple[str, ...] = ()  # the letters inside a part of kind other
    raised: bool = False  # x^{(i)}
    entry: Node | None = None  # y_n in z_{n,y_n}, a name that may be a class label


@dataclass(frozen=True, slots=True, eq=False)
class Num(Node):
    value: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Const(Node):
    """pi or infinity; `name` as the terms call it."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Name(Node):
    """A name with its subscript; `bold` if a font says that it is a vector or matrix."""

    head: str
    parts: tuple[Part, ...] = ()
    mark: str = ""
    bold: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(p.text for p in self.parts)

    @property
    def letter(self) -> str:
        """The name as an index letter, empty if it cannot be one."""
        if self.parts or self.mark.strip("'") or self.bold:
            return ""
        return (self.head[8] if self.head.startswith(r"\mathit{") else self.head) + self.mark


@dataclass(frozen=True, slots=True, eq=False)
class Verbatim(Node):
    """A declared name that is not built like a name, as H(P, Q); `parts` are its indices."""

    name: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Terms(Node):
    """A sum: (+1 or -1, term) each."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Factors(Node):
    r"""A product: (operator, factor) each; the operator is "" for juxtaposition, \cdot, \times, \odot or /."""

    factors: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Frac(Node):
    above: Node
    below: Node


@dataclass(frozen=True, slots=True, eq=False)
class Power(Node):
    base: Node
    exponent: Node


@dataclass(frozen=True, slots=True, eq=False)
class Apply(Node):
    """A function of real arguments that every reader knows."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Call(Node):
    """A name applied to what stands in brackets, the separators between as written."""

    name: Name
    args: tuple[Node, ...]
    separators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Known(Node):
    """A function of whole vectors: softmax, entropy, kl, diag, logsumexp."""

    name: str
    args: tuple[Node, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Bracket(Node):
    """Something in brackets; `sign` is the opening one. Braces, which do not show, have the sign {."""

    inner: Node
    sign: str


@dataclass(frozen=True, slots=True, eq=False)
class Several(Node):
    """A list in brackets, which only a call can use."""

    items: tuple[Node, ...]
    separators: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Letter(Node):
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class Big(Node):
    """A sum or product over a letter: from `low` to `high` (None where unsaid), over the set named `over`."""

    kind: str  # sum or prod
    letter: Letter
    low: Node | None
    high: Node | None
    over: str
    conditions: tuple[tuple[str, Node], ...]  # relation of the letter to a term
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Expect(Node):
    """An expectation over a finite set, with a letter for the outcome or without."""

    letter: Letter | None
    weights: Node
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Deriv(Node):
    """The derivative in the variables, the last of them taken first; `named` if the body stands above the line."""

    body: Node
    variables: tuple[Node, ...]
    named: bool


@dataclass(frozen=True, slots=True, eq=False)
class Grad(Node):
    variable: Node
    order: int
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Lim(Node):
    variable: Name | Verbatim
    point: Node
    side: str
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Best(Node):
    """arg max or arg min of the body."""

    kind: str
    variable: Node
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Kronecker(Node):
    left: Part
    right: Part


@dataclass(frozen=True, slots=True, eq=False)
class Indicator(Node):
    """1 where the relation holds, else 0."""

    left: Node
    relation: str
    right: Node


@dataclass(frozen=True, slots=True, eq=False)
class Cases(Node):
    """(value, condition) each; no condition is "otherwise"."""

    rows: tuple[tuple[Node, Indicator | None], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Component(Node):
    """An entry of something that is not a name: softmax(z)_i."""

    base: Node
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Family(Node):
    """(body)_{i=1}^{K}: all entries at once."""

    letter: Letter
    size: Node
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Flipped(Node):
    """A transpose."""

    inner: Node


@dataclass(frozen=True, slots=True, eq=False)
class Norm(Node):
    inner: Node
    order: int


@dataclass(frozen=True, slots=True, eq=False)
class Ones(Node):
    """The vector of ones, as long as what it meets."""


@dataclass(frozen=True, slots=True, eq=False)
class Chain(Node):
    """a = b <= c; one relation fewer than sides, each with its place."""

    sides: tuple[Node, ...]
    relations: tuple[tuple[str, Span], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Member(Node):
    """x in a set; `kind` is reals, naturals, binary, interval, labels, and `bounds` what it is made of."""

    names: tuple[Node, ...]
    kind: str
    bounds: tuple[Node, ...]
    brackets: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Range(Node):
    """A letter of "for all", with its size if that is said, and the letter it differs from."""

    letter: Letter
    size: Node | None
    apart: Letter | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Every(Node):
    """A proposition for all values of some letters."""

    ranges: tuple[Range, ...]
    body: Node


@dataclass(frozen=True, slots=True, eq=False)
class Equivalence(Node):
    left: Node
    right: Node


REACHING = (Big, Deriv, Expect, Lim, Grad)  # take in the factors that follow
