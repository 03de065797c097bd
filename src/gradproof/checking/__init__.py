"""Backward passes that people wrote by hand, checked against the proved gradient.

Contract. `verify_backward` says that a function agrees at the points that were tried, or gives the smallest point where
it does not, with the component that differs and, where one of the common slips explains every difference, which.

Blind spot. Agreement at points is a test, not a proof of the function.
"""

from gradproof.checking.backward import verify_backward as verify_backward
from gradproof.checking.result import BackwardCheck as BackwardCheck
