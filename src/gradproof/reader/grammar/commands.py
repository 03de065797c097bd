"""The closed world: every command and word that has a meaning, as tables.

Contract. What stands in no table is an unknown command. To teach the reader a spelling, add a line here.
"""

from __future__ import annotations

from gradproof.render.naming import GREEK as GREEK_WORDS

GREEK = frozenset(rf"\{w}" for w in GREEK_WORDS) | {r"\varsigma", r"\varrho", r"\varpi", r"\digamma"}

BOLD = frozenset([r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb", r"\vec", r"\textbf", r"\bf"])

STYLED = frozenset(
    [r"\mathcal", r"\mathscr", r"\mathfrak", r"\mathbb", r"\mathds"]
)  # another letter: \mathcal{L} is not L

UPRIGHT = frozenset(
    [
        r"\mathrm",
        r"\text",
        r"\textrm",
        r"\textnormal",
        r"\mathsf",
        r"\textsf",
        r"\mathtt",
        r"\texttt",
        r"\textit",
        r"\mathit",
        r"\mathnormal",
        r"\operatorname",
        r"\operatorname*",
        r"\mbox",
    ]
)

ACCENTS = {
    r"\hat": r"\hat", r"\widehat": r"\hat", r"\bar": r"\bar", r"\overline": r"\bar", r"\tilde": r"\tilde",
    r"\widetilde": r"\tilde", r"\dot": r"\dot", r"\ddot": r"\ddot", r"\check": r"\check", r"\breve": r"\breve",
    r"\acute": r"\acute", r"\grave": r"\grave",
}  # fmt: skip

MARKS = {"*": "*", r"\ast": "*", r"\star": "*", r"\prime": "'", r"\dagger": r"\dagger", r"\circ": r"\circ"}

TRANSPOSES = frozenset((r"\top", r"\intercal"))

RELATIONS = {
    "=": "=", "<": "<", ">": ">", r"\lt": "<", r"\gt": ">", r"\le": "<=", r"\leq": "<=", r"\leqslant": "<=",
    r"\ge": ">=", r"\geq": ">=", r"\geqslant": ">=", r"\ne": "!=", r"\neq": "!=", r"\coloneqq": ":=",
    r"\triangleq": ":=", r"\equiv": "=", r"\doteq": ":=",
}  # fmt: skip

EQUIVALENCES = frozenset((r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow", r"\leftrightarrow"))

ARROWS = frozenset((r"\to", r"\rightarrow", r"\downarrow", r"\uparrow", r"\searrow", r"\nearrow"))

MULTIPLICATIONS = {r"\cdot": r"\cdot", r"\times": r"\times", "*": r"\cdot", r"\odot": r"\odot", r"\circ": r"\odot"}

SEPARATORS = {
    ",": ",", ";": ";", ":": ":", r"\mid": r"\mid", r"\vert": r"\mid", "|": r"\mid", r"\|": r"\|", r"\parallel": r"\|",
}  # fmt: skip

DOTS = frozenset((r"\dots", r"\ldots", r"\cdots", r"\dotsc", r"\dotsb"))

# Functions of real numbers. Those of `LOOSE` may stand without brackets. \max is written out with relu, which has a
# derivative; spelled out as \operatorname{max} it is the function that gradproof prints so.
FUNCTIONS = {
    r"\log": "log", r"\ln": "log", r"\exp": "exp", r"\tanh": "tanh", r"\max": "largest", r"\min": "least",
    r"\Gamma": "gamma", r"\sigma": "sigmoid", r"\sin": "sin", r"\cos": "cos",
}  # fmt: skip

LOOSE = frozenset(("log", "exp", "tanh", "sin", "cos"))

WORD_FUNCTIONS = {
    "log": "log", "ln": "log", "exp": "exp", "sigmoid": "sigmoid", "logistic": "sigmoid", "softplus": "softplus",
    "tanh": "tanh", "abs": "abs", "max": "max", "min": "min", "log1p": "log1p", "expm1": "expm1", "gamma": "gamma",
    "relu": "relu", "ReLU": "relu", "sqrt": "sqrt", "logsigmoid": "logsigmoid", "sign": "sign", "sgn": "sign",
    "step": "step", "clip": "clip", "lgamma": "lgamma", "sin": "sin", "cos": "cos",
    "relentr": "relentr",
}  # fmt: skip

ARITY = {
    "max": (2, 9), "min": (2, 9), "largest": (2, 9), "least": (2, 9), "clip": (3, 3), "relentr": (2, 2),
}  # fmt: skip

# Functions of whole vectors.
WORD_VECTORS = {
    "softmax": "softmax", "Softmax": "softmax", "KL": "kl", "KLD": "kl", "H": "entropy", "diag": "diag", "Diag": "diag",
    "LSE": "logsumexp", "logsumexp": "logsumexp", "LogSumExp": "logsumexp", "CE": "cross_entropy",
    "logsoftmax": "log_softmax",
}  # fmt: skip

# Words that are functions and nothing else, so that \mathrm{log} x is no product; KL and CE also name losses.
APPLIED_WORDS = frozenset((*WORD_FUNCTIONS, *WORD_VECTORS)) - {"KL", "KLD", "CE"}

WORDS_NOT_EXPRESSIBLE = frozenset(("tr", "Tr", "Var", "Cov", "det", "erf", "rank", "vec"))

BARE_WORDS = frozenset(["ln", "log", "exp", "max", "min", "softmax", "sigmoid", "tanh", "softplus", "KL"])

ARGUMENTS_OF_THE_BEST = {"argmax": "max", "argmin": "min"}

# Letters that papers use for functions: before a bracket they mean a call as often as a factor.
FUNCTION_LETTERS = frozenset((
    "f", "g", "h", "E", "F", "G", "H", "J", "L", "O", "P", "Q", "V", r"\ell",
    r"\phi", r"\varphi", r"\psi", r"\Phi", r"\Psi", r"\Omega",
    r"\mathcal{F}", r"\mathcal{J}", r"\mathcal{L}", r"\mathcal{N}", r"\mathcal{O}", r"\mathcal{R}",
    r"\mathbb{P}", r"\mathbb{V}",
))  # fmt: skip

NOT_EXPRESSIBLE = {
    **dict.fromkeys((r"\int", r"\iint", r"\oint"), "an integral"),
    **dict.fromkeys((r"\tan", r"\arctan", r"\sinh", r"\cosh", r"\arccos", r"\arcsin"), "a trigonometric function"),
    **dict.fromkeys((r"\det", r"\dim", r"\ker", r"\Pr", r"\sup", r"\inf", r"\limsup", r"\liminf"), "this operator"),
    **dict.fromkeys(
        (r"\cap", r"\cup", r"\setminus", r"\emptyset", r"\subset", r"\subseteq", r"\bigcup"), "a set operation"
    ),
    **dict.fromkeys((r"\otimes", r"\oplus", r"\bigotimes"), "a tensor product"),
    **dict.fromkeys((r"\pm", r"\mp"), "two values at once"),
    **dict.fromkeys((r"\lfloor", r"\lceil", r"\binom", r"\choose"), "this operation"),
    **dict.fromkeys(DOTS, "an ellipsis"),
    r"\begin": "this environment",
}

NOT_CLAIMS = {
    **dict.fromkeys((r"\approx", r"\simeq", r"\sim", r"\cong"), "an approximation or a distribution"),
    **dict.fromkeys((r"\propto",), "a proportionality"),
    **dict.fromkeys((r"\implies", r"\Rightarrow", r"\Longrightarrow", r"\impliedby", r"\mapsto"), "an implication"),
    **dict.fromkeys((r"\ll", r"\gg", r"\prec", r"\succ", r"\preceq", r"\succeq"), "this order"),
    **dict.fromkeys((r"\subset", r"\subseteq", r"\notin"), "a relation of sets"),
}

KNOWN_COMMANDS = frozenset().union(
    GREEK, BOLD, STYLED, UPRIGHT, ACCENTS, MARKS, TRANSPOSES, RELATIONS, EQUIVALENCES, ARROWS, MULTIPLICATIONS, DOTS,
    FUNCTIONS, NOT_EXPRESSIBLE, NOT_CLAIMS,
    (r"\frac", r"\dfrac", r"\tfrac", r"\sqrt", r"\sum", r"\prod", r"\partial", r"\nabla", r"\lim", r"\in", r"\infty"),
    (r"\left", r"\right", r"\mid", r"\forall", r"\substack", r"\end"),
)  # fmt: skip

FOR_ALL = frozenset(("forall", "forevery", "foreach", "for", "forany"))

CONDITION_WORDS = frozenset(("if", "otherwise", "else", "when", "where"))

# Words that join formulas: none of them is a name, whatever the font.
PROSE = (
    FOR_ALL
    | CONDITION_WORDS
    | {"and", "or", "with", "then", "so", "thus", "hence", "is", "as", "are", "suchthat", "s.t."}
)

CLOSING = {"(": ")", "[": "]", r"\{": r"\}", "{": "}"}

NAMES = frozenset().union(GREEK, BOLD, STYLED, UPRIGHT, ACCENTS)
MAX_WORD = 40  # letters in one word
EULER, DIFFERENTIAL = r"\mathit{e}", r"\mathit{d}"  # e and d as names
PLACEHOLDER = r"\cdot"
