"""Bounds of terms from the declared domains and the givens, and whether a term is defined. TRUSTED.

Contract. `Signs(givens)` answers for a term: between which numbers it lies (`bounds`, from the `hypotheses` and from
what one term in two places gives by `dependence`), and whether it is defined, or why that is not known (`definedness`).
Each answer holds at every point of the declared domains at which the givens hold.

Blind spot. "Not known" says nothing: bounds are found by form, term by term.
"""

from gradproof.signs.bounds import INCREASING, Signs

__all__ = ["INCREASING", "Signs"]
