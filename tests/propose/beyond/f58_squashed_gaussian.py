"""The log-derivative of tanh, in its stable form."""

from gradproof.notation import *
from gradproof.statement import Statement

u = scalar("u")
statement = Statement(
    claims=(Eq(log(D(tanh(u), u)), 2 * (log(2) - u - softplus(-2 * u))),),
    source="Haarnoja et al. 2018, appendix C; TensorFlow Probability, Tanh bijector",
)
