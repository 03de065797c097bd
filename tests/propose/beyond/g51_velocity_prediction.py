"""Prediction of the velocity: noise and data from v."""

from gradproof.notation import *
from gradproof.statement import Statement

al, sg = scalars("al sg", POSITIVE)  # signal and noise level
x, e = scalars("x e")  # data, noise
z, v = let("z", al * x + sg * e), let("v", al * e - sg * x)

statement = Statement(
    claims=(Eq(al * z - sg * v, x), Eq(sg * z + al * v, e)),
    givens=(given(Eq(al**2 + sg**2, 1)),),
    source="Salimans and Ho 2022",
)
