"""The functions that a written C file carries along where it needs them.

Contract. Each is complete source text for one type, `float` or `double`, without branches, so that a loop over it is
vectorised. All are within 4 units in the last place, exp within 1.

Blind spot. lgamma, sin, cos and, in double, pow are those of the C library, entry by entry. A nan with bits of its own
may be lost in the exponentials of a row; the one that arithmetic gives is kept.
"""

from __future__ import annotations

import re

from .products import PRODUCTS
from .rows import ROWS
from .wholes import WHOLES

# Coefficients of (e^r - 1 - r) / r^2 for |r| <= log(2) / 2, the highest first: interpolated at Chebyshev points.
EXP_FLOAT = ("1.392625083e-3f", "8.363232884e-3f", "4.166655421e-2f", "1.666657667e-1f", "0.5f")
EXP_DOUBLE = (
    "2.5100472505694996e-8",
    "2.762020159103154879e-7",
    "2.755726827690569619e-6",
    "2.48015210578682052e-5",
    "1.984126986317155603e-4",
    "1.388888891736708056e-3",
    "8.333333333330038197e-3",
    "4.166666666662382053e-2",
    "1.666666666666666746e-1",
    "5.000000000000001031e-1",
)
# Of fdlibm's logarithm: log(1 + f) = f - (f^2/2 - s (f^2/2 + R(s^2))) with s = f / (2 + f).
LOG_FLOAT = ("0.24279078841f", "0.28498786688f", "0.40000972152f", "0.66666662693f")
LOG_DOUBLE = (
    "1.479819860511658591e-01",
    "1.531383769920937332e-01",
    "1.818357216161805012e-01",
    "2.222219843214978396e-01",
    "2.857142874366239149e-01",
    "3.999999999940941908e-01",
    "6.666666666666735130e-01",
)


def horner(variable: str, coefficients: tuple[str, ...]) -> str:
    """The polynomial as nested products."""
    found = coefficients[0]
    for c in coefficients[1:]:
        found = f"fma_real({found}, {variable}, {c})"
    return found


# What differs between the types, besides the suffix f of constants.
TYPES = {
    "float": {
        "bits": "int32_t", "unsigned": "uint32_t", "mantissa": "23", "bias": "127", "round": "12582912.0f",
        "lowest": "-104.0f", "highest": "89.0f", "ln2_high": "0.693115234375f", "ln2_low": "3.19461850e-5f",
        "exp": horner("r", EXP_FLOAT), "exp_s": horner("s", EXP_FLOAT), "log": horner("v", LOG_FLOAT),
        "root_half_bits": "0x3f3504f3", "tiny": "1.17549435e-38f", "lift": "33554432.0f", "lifted": "25",
        "round_lifted": "12582976.0f", "round_zero": "12582825.0f", "lower": "5.42101086e-20f", "near": "1024.0f",
        "huge": "88.0f", "small": "0.5f",
    },
    "double": {
        "bits": "int64_t", "unsigned": "uint64_t", "mantissa": "52", "bias": "1023", "round": "6755399441055744.0",
        "lowest": "-746.0", "highest": "710.0", "ln2_high": "6.93147180369123816490e-01",
        "ln2_low": "1.90821492927058770002e-10", "exp": horner("r", EXP_DOUBLE), "exp_s": horner("s", EXP_DOUBLE),
        "log": horner("v", LOG_DOUBLE), "root_half_bits": "0x3fe6a09e667f3bcd", "tiny": "2.2250738585072014e-308",
        "lift": "18014398509481984.0", "lifted": "54", "round_lifted": "6755399441056256.0",
        "round_zero": "6755399441055180.0", "lower": "7.458340731200207e-155", "near": "2048.0", "huge": "709.0",
        "small": "0.5",
    },
}  # fmt: skip

# In float by way of double, so that a loop over it is vectorised; double is left to the C library.
POWER = """
static inline real power_real(real x, real y)
{
    @power
}
"""
POWER_FLOAT = """const double exponent = y == 0.0f ? 0.0 : (double)y * log_double(fabs((double)x));
    const float found = (float)exp_double(exponent), half = 0.5f * y;
    const float turned = floorf(y) != y ? NAN : floorf(half) != half ? -found : found; /* of -x, to an odd power */
    return x < 0.0f ? turned : found;"""
TYPES["float"]["power"] = POWER_FLOAT
TYPES["double"]["power"] = "return pow(x, y);"

FUNCTIONS = {
    "fma": """
static inline real fma_real(real x, real y, real z)
{
#ifdef FP_FAST_FMA@F
    return fma@f(x, y, z);
#else
    return x * y + z;
#endif
}
""",
    "power_of_2": """
static inline real power_of_2_real(@bits n)
{
    const @unsigned u = (@unsigned)(n + @bias) << @mantissa;
    real x;
    memcpy(&x, &u, sizeof x);
    return x;
}
""",
    "exp": """
static inline real exp_real(real x)
{
    x = x < @lowest ? @lowest : x;
    x = x > @highest ? @highest : x;
    const real n = fma_real(x, 1.44269504088896340736r, @round) - @round, r = reduced_real(x, n);
    const real p = 1.0r + fma_real(r * r, @exp, r);
    const @bits k = (@bits)n, half = k >> 1; /* in two factors, for results that are subnormal or near the largest */
    return p * power_of_2_real(half) * power_of_2_real(k - half);
}
""",
    "reduced": """
/* x less n times log 2 */
static inline real reduced_real(real x, real n) { return fma_real(n, -@ln2_low, fma_real(n, -@ln2_high, x)); }
""",
    "exp_nonpositive": """
static inline real exp_nonpositive_real(real x) { return raised_exp_real(x, 0.0r, @round_lifted) * @lower; }
""",
    "expm1": """
static inline real expm1_real(real x)
{
    const real y = x < -@huge ? -@huge : x > @huge ? @huge : x;
    const real n = fma_real(y, 1.44269504088896340736r, @round) - @round, r = reduced_real(y, n);
    const real q = fma_real(r * r, @exp, r);
    const real s = power_of_2_real((@bits)n);
    const real found = fma_real(s, q, s - 1.0r);
    return x > @huge ? exp_real(x) : found;
}
""",
    "log": """
static inline real log_real(real x)
{
    const real y = x < @tiny ? x * @lift : x;
    @bits u;
    memcpy(&u, &y, sizeof u);
    const @bits shifted = u - @root_half_bits, k = shifted >> @mantissa;
    const @bits m = u - (@bits)((@unsigned)k << @mantissa);
    real f;
    memcpy(&f, &m, sizeof f);
    f -= 1.0r;
    const real s = f / (2.0r + f), v = s * s, h = 0.5r * f * f, n = (real)k - (x < @tiny ? @lifted.0r : 0.0r);
    const real found = fma_real(n, @ln2_high, f - (h - fma_real(n, @ln2_low, s * fma_real(v, @log, h))));
    return x > 0.0r ? (x < INFINITY ? found : x) : x == 0.0r ? -INFINITY : x < 0.0r ? NAN : x;
}
""",
    "log1p": """
static inline real log1p_real(real x)
{
    const real u = 1.0r + x, lost = x - (u - 1.0r);
    const real found = log_real(u) + (u > 0.0r && u < INFINITY ? lost / u : 0.0r);
    return found;
}
""",
    "log1p_fraction": """
/* log(1 + x) for 0 <= x <= 1: with f = x, or f = (x - 1) / 2 and log(2) more; both are exact */
static inline real log1p_fraction_real(real x)
{
    const int upper = x > 0.414213562373095049r;
    const real f = upper ? 0.5r * (x - 1.0r) : x, n = upper ? 1.0r : 0.0r;
    const real s = f / (2.0r + f), v = s * s, h = 0.5r * f * f;
    return fma_real(n, @ln2_high, f - (h - fma_real(n, @ln2_low, s * fma_real(v, @log, h))));
}
""",
    "sigmoid": """
static inline real sigmoid_real(real x)
{
    const real e = exp_nonpositive_real(-fabs_real(x));
    return (x >= 0.0r ? 1.0r : e) / (1.0r + e);
}
""",
    "softplus": """
static inline real softplus_real(real x)
{
    return (x > 0.0r ? x : 0.0r) + log1p_fraction_real(exp_nonpositive_real(-fabs_real(x)));
}
""",
    "tanh": """
static inline real tanh_real(real x)
{
    const real a = fabs_real(x) > 20.0r ? 20.0r : fabs_real(x), e = expm1_real(2.0r * a), t = e / (e + 2.0r);
    return x < 0.0r ? -t : t;
}
""",
    "log1mexp": """
/* log(1 - exp(x)) for x < 0, by the branch that does not cancel */
static inline real log1mexp_real(real x)
{
    const real near = x > -0.693147180559945309r ? x : -0.693147180559945309r;
    const real far = x > -0.693147180559945309r ? -0.693147180559945309r : x;
    return x > -0.693147180559945309r ? log_real(-expm1_real(near)) : log1p_real(-exp_real(far));
}
""",
    "expm1_minus": """
/* exp(x) - 1 - x; by its series where the difference would cancel */
static inline real expm1_minus_real(real x)
{
    const real a = fabs_real(x) < @small ? x : 0.0r;
    real series = 1.0r;
    for (int n = 18; n > 2; --n) series = 1.0r + a / (real)n * series;
    return fabs_real(x) < @small ? a * a / 2.0r * series : expm1_real(x) - x;
}
""",
    "fabs": "static inline real fabs_real(real x) { return fabs@f(x); }\n",
    "abs": "static inline real abs_real(real x) { return fabs_real(x); }\n",
    "square": "static inline real square_real(real x) { return x * x; }\n",
    "reciprocal": "static inline real reciprocal_real(real x) { return 1.0r / x; }\n",
    "sqrt": "static inline real sqrt_real(real x) { return sqrt@f(x); }\n",
    "sin": "static inline real sin_real(real x) { return sin@f(x); }\n",
    "cos": "static inline real cos_real(real x) { return cos@f(x); }\n",
    "lgamma": "static inline real lgamma_real(real x) { return lgamma@f(x); }\n",
    "power": POWER,
    "max": "static inline real max_real(real x, real y) { return x > y ? x : y; }\n",
    "sign": "static inline real sign_real(real x) { return x > 0.0r ? 1.0r : x < 0.0r ? -1.0r : x; }\n",
    "relu": "static inline real relu_real(real x) { return x < 0.0r ? 0.0r : x; }\n",
    "step": "static inline real step_real(real x) { return x > 0.0r ? 1.0r : x <= 0.0r ? 0.0r : x; }\n",
    "guard": """
/* x, or what stands for it where the weight is 0 and so will not count */
static inline real guard_real(real weight, real other, real x) { return weight == 0.0r ? other : x; }
""",
    "relentr": """
/* x log(x / y), and 0 where x is 0 */
static inline real relentr_real(real x, real y) { return x > 0.0r ? x * log_real(x / y) : 0.0r * x; }
""",
    "log_add": """
static inline real log_add_real(real x, real y)
{
    const real top = x > y ? x : y;
    return x == y ? x + 0.693147180559945309r : top + log1p_fraction_real(exp_nonpositive_real(-fabs_real(x - y)));
}
""",
}
FUNCTIONS |= ROWS | WHOLES | PRODUCTS
CALL = r"\b(?:struct )?(\w+?)(?:_start|_step|_end)?_(float|double)\b"


def functions(text: str) -> str:
    """The functions that the text calls, and all they call, those called first."""
    found: dict[tuple[str, str], str] = {}
    started: set[tuple[str, str]] = set()

    def add(text: str) -> None:
        for name, kind in dict.fromkeys(re.findall(CALL, text)):
            if name in FUNCTIONS and (name, kind) not in started:
                started.add((name, kind))
                body = of_type(FUNCTIONS[name].strip() + "\n", kind)
                add(body)
                found[name, kind] = body

    add(text)
    return "\n".join(found.values())


def of_type(text: str, kind: str) -> str:
    """The text for one type: real becomes its name, 1.0r a constant of it."""
    text = text.replace("(to_real)", "(float)" if kind == "float" else "")
    text = text.replace("@MOVES", "60" if kind == "float" else "500")
    text = text.replace("@F", "F" if kind == "float" else "")
    text = re.sub(r"@f\b", "f" if kind == "float" else "", text)
    text = re.sub(r"@(\w+)", lambda m: TYPES[kind][m[1]], text)
    text = re.sub(r"(?<![A-Za-z])real(?![A-Za-z])", kind, text)
    return re.sub(r"(\.\d+)r\b", r"\1f" if kind == "float" else r"\1", text)
