"""The symmetric loss of CLIP: both softmaxes minus the pairs, and their mean."""

from gradproof.notation import *
from gradproof.statement import Statement

N = size("N")
i, j, n, m = indices("i j n m", N)
S = matrix("S", N, N)  # logits of image i and text j
R, C = define("R", i, Sum(exp(S[i, n]), n)), define("C", j, Sum(exp(S[n, j]), n))
P = define("P", i, j, exp(S[i, j]) / R[i])  # over the texts
Q = define("Q", i, j, exp(S[i, j]) / C[j])  # over the images
image, text = let(r"\mathcal{L}_I", -1 / N * Sum(log(P[n, n]), n)), let(r"\mathcal{L}_T", -1 / N * Sum(log(Q[n, n]), n))
L = let("L", 1 / 2 * (image + text))

statement = Statement(
    claims=(Eq(D(L, S[i, j]), 1 / (2 * N) * (P[i, j] + Q[i, j] - 2 * delta(i, j))),),
    lemmas=(
        Eq(D(image, S[i, j]), 1 / N * (P[i, j] - delta(i, j))),
        Eq(D(text, S[i, j]), 1 / N * (Q[i, j] - delta(i, j))),
    ),
    source="Radford et al. 2021, figure 3",
    note="$S_{ij}$ scores image $i$ with text $j$, and pairs stand on the diagonal. $P$ is softmax along the rows: it"
    " says which text belongs to an image; $Q$ is softmax along the columns: it says which image belongs to a text.",
)
