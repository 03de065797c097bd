"""One step of algebra from a line to another, looking through as few definitions as will do.

Contract. `algebra_to(chain, right)` is True only where the chain then ends in `right`, or could (`record=False`); the
step names the definitions that the normal form looked through, and says in words what was done.

Blind spot. What it looks through is none of the definitions, one, or all: not some of them.
"""

from __future__ import annotations

from gradproof.expression import Expr, Relation, definitions
from gradproof.normal import Normal
from gradproof.propose.chain import Chain
from gradproof.propose.forms import Shallow
from gradproof.propose.words import told

# The definitions that the algebra of a line may look through.
NOTHING, SCALARS, ALL = 0, 1, 2


def algebra_to(chain: Chain, right: Expr, unfold: int = ALL, record: bool = True) -> bool:
    """One algebra step to the claim, looking through as few definitions as will do.

    With NOTHING it looks through none, nor does it split a logarithm: that deserves a line of its own.
    """
    if chain.line == right:
        return True
    if isinstance(chain.line, Relation):
        return False
    if unfold == NOTHING:
        found = Shallow(chain.signs).equal(chain.line, right)
        if found and record:
            chain.root.algebra(right, reason=told(chain.line, right, equal=Shallow(chain.signs).equal))
        return found
    inside = definitions(Relation.of(chain.line, "=", right))
    inside = tuple(d for d in inside if unfold == ALL or not d.shape)
    plain = Normal(chain.signs).equal
    rows: list[list[str]] = [[], *([d.name] for d in reversed(inside)), [d.name for d in inside]]
    for names_ in rows:
        if Normal(chain.signs, frozenset(names_)).equal(chain.line, right):
            if record:
                chain.root.algebra(right, unfold=names_, reason=told(chain.line, right, inside, names_, plain))
            return True
    return False
