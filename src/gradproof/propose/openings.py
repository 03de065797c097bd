"""Two lines opened up, round after round, until algebra leads from one to the other.

Contract. `meet` is True only where the first chain then ends in the line of the second, or in the line that the second
began with, which is then back there. Each round opens a little more: deltas, logarithms, sums, then definitions; so the
page shows no more than was needed.

Blind spot. The rounds come in one order, and what one has opened is not closed again: a pair of lines that an earlier
round led apart may not meet. Where they do not, both chains are left opened, and the caller takes them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradproof.propose import solutions
from gradproof.propose.algebra import ALL, NOTHING, SCALARS, algebra_to
from gradproof.propose.chain import Chain
from gradproof.propose.forms import expanded_form
from gradproof.propose.identities import (
    Tactic,
    all_logs,
    multiply_out,
    open_definition,
    open_deltas,
    open_family,
    open_front,
    open_solutions,
    plain_logs,
    split_sums,
    use_conventions,
)
from gradproof.propose.simplify import pull_constants
from gradproof.propose.telescoping import telescope

if TYPE_CHECKING:
    from gradproof.propose.goals import Proposer

# What to open, round after round, on both sides of a claim.
OPENINGS: tuple[tuple[tuple[Tactic, ...], int], ...] = (
    ((), NOTHING),
    ((open_front,), NOTHING),
    ((open_deltas,), NOTHING),
    ((plain_logs,), NOTHING),
    ((use_conventions, solutions.determinants, all_logs), NOTHING),
    ((open_solutions,), NOTHING),
    ((pull_constants,), NOTHING),
    ((telescope, pull_constants), NOTHING),
    ((split_sums, pull_constants), NOTHING),
    ((multiply_out, split_sums, pull_constants), NOTHING),
    ((), SCALARS),
    ((open_family, all_logs, split_sums, pull_constants), ALL),
    ((open_definition, all_logs, multiply_out, split_sums, pull_constants), ALL),
    ((open_definition, open_definition, all_logs), ALL),
)


def meet(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    """Open up both lines until they are one."""
    return opened_to(proposer, chain, other) or multiplied_out(proposer, chain, other)


def opened_to(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    """Open both lines, round after round, until algebra leads from one to the other, or to where that began."""
    tried: object = None
    for tactics, unfold in OPENINGS:
        for side in (chain, other):
            before = side.mark()
            if sum(tactic(side) for tactic in tactics):
                side.show()
                proposer.simplify(side)
            if proposer.signs.undefined(side.line):  # a name may be known to be positive where its body is not
                side.back_to(before)
            if side is chain and len(chain.steps) > before[0] and algebra_to(chain, other.start, unfold):
                other.back_to(Chain(other.start, proposer.givens).mark())
                return True
        here = chain.line, other.line, unfold
        if here != tried and algebra_to(chain, other.line, unfold):
            return True
        tried = here
    return False


def multiplied_out(proposer: Proposer, chain: Chain, other: Chain) -> bool:
    """As a last resort everything multiplied out, once and for all."""
    for side in (chain, other):
        if algebra_to(side, expanded_form(side.line, side.signs)):
            side.show()
            proposer.simplify(side)
    return algebra_to(chain, other.line)
