"""The relative entropy of a one-hot label: 0 log 0 = 0."""

from gradproof.notation import *
from gradproof.statement import Statement

K = size("K")
i, t = indices("i t", K)
q = distribution("q", K)

statement = Statement(
    claims=(Eq(Sum(rel_entr(delta(i, t), q[i]), i), -log(q[t])),),
    note=(
        r"relentr(x, y) is x log(x/y), continued to 0 at x = 0, as SciPy's rel_entr has it. "
        r"Code that computes x log(x/y) term by term meets 0 log 0, in floating point 0 times minus infinity: "
        r"the sum is nan."
    ),
    source="SciPy documentation of scipy.special.rel_entr; Cover and Thomas 2006, section 2.3",
)
