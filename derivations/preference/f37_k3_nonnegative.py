"""The estimator k3 is never negative."""

from gradproof.notation import *
from gradproof.statement import Statement

r = scalar("r", POSITIVE)

statement = Statement(
    claims=(r - 1 - log(r) >= 0,),
    source="Schulman 2020 (approximating KL)",
)
