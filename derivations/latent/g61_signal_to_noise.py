"""The weight of a diffusion step is a fall of the signal-to-noise ratio."""

from gradproof.notation import *
from gradproof.statement import Statement

a, s, at, st = scalars("a s b t", POSITIVE)  # levels of signal and noise before, and after
v = let("v", st**2 - (at / a) ** 2 * s**2)  # the variance that the step adds

statement = Statement(
    claims=(Eq((a * v / st**2) ** 2 / (2 * v * s**2 / st**2), 1 / 2 * (a**2 / s**2 - at**2 / st**2)),),
    givens=(given(v > 0),),
    source="Kingma et al. 2021",
)
