"""What `stabilise` may know besides declared domains and givens: labels, and that a masked sum is not empty.

Contract. A sum of exponentials with weights >= 0 counts as positive: an identity that holds there holds for all weights
0 as well, as the limit log 0 = -inf, which floating point computes with. A label is an index that is an argument: an
array of the classes other than it is a row, and no matrix.

Blind spot. Where all weights are 0 the result is the limit, also where the term itself is not defined.
"""

from __future__ import annotations

from collections.abc import Iterable

from gradproof.derivation import Given
from gradproof.expression import POSITIVE, Expr, Index, Interval, Sum
from gradproof.expression.intervals import is_nonnegative, meet
from gradproof.signs import Signs

from .terms import called, factors


class Interior(Signs):
    """The signs under these givens, where no sum of exponentials with weights >= 0 vanishes."""

    def __init__(self, givens: Iterable[Given] = (), labels: Iterable[Index] = ()) -> None:
        super().__init__(givens)
        self.labels = frozenset(labels)

    def interval(self, e: Expr) -> Interval:
        found = super().interval(e)
        if isinstance(e, Sum) and is_nonnegative(found) and any(called(f, "exp") for f in factors(e.args[1])):
            return meet(found, POSITIVE)
        return found


def is_label(index: Expr, signs: Signs) -> bool:
    return isinstance(signs, Interior) and index in signs.labels
