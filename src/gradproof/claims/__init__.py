r"""Claims in LaTeX, decided: one on the command line, or all that a paper makes.

    from gradproof.claims import Formulas, check, derive, review
    derive(Formulas(loss=r"-\sum_{i=1}^{K} y_i z_i", wrt="z_k")).result
    review("appendix.tex").findings

Contract. A claim is proved, refuted with a point at which it fails, or not decided; never a guess. What cannot be read
is not judged.
"""

from gradproof.claims.files import review, review_text
from gradproof.claims.findings import Finding, Review
from gradproof.claims.request import Checked, Derived, Formulas, check, derive
from gradproof.claims.suggest import Suggestion
from gradproof.claims.verdict import PROVED, REFUTED, UNDECIDED, Decision, Question, decide

__all__ = [
    "PROVED", "REFUTED", "UNDECIDED", "Checked", "Decision", "Derived", "Finding", "Formulas", "Question", "Review",
    "Suggestion", "check", "decide", "derive", "review", "review_text",
]  # fmt: skip
