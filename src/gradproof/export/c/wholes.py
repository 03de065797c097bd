"""Operations on whole arrays in C: running sums, sorting, linear algebra, and the search for a root.

Contract. Each is complete source text for one type; it works in the arrays that it is given and allocates nothing.
`CALLS` says how a body calls it: {n} is the length of the last axis, {rows} the number of rows before it, {out} the
result, {0} and {1} the operands, {space} as many numbers as there are operands' entries.

Blind spot. Linear algebra is Gauss's elimination with the largest pivot, row by row: right, but not fast.
"""

from __future__ import annotations

CALLS = {
    "sum": "running_sum_real({rows}, {n}, {backwards}, {0}, {out});",
    "max": "running_max_real({rows}, {n}, {backwards}, {0}, {out});",
    "logsumexp": "running_logsumexp_real({rows}, {n}, {backwards}, {0}, {out});",
    "scaled": "running_scaled_real({rows}, {n}, {backwards}, {0}, {1}, {out});",
    "argsort": "argsort_real({rows}, {n}, {0}, {out}, {space});",
    "rank": "rank_real({rows}, {n}, {0}, {out}, {space});",
    "inverse": "inverse_real({n}, {0}, {out});",
    "det": "determinant_real({n}, 0, {0}, {out});",
    "logdet": "determinant_real({n}, 1, {0}, {out});",
}

RUNNING = """
static void running_@NAME_real(ptrdiff_t rows, ptrdiff_t n, int backwards, @ARGSreal *out)
{
    for (ptrdiff_t row = 0; row < rows; ++row) {
        double run = @START, top = -INFINITY;
        (void)top;
        for (ptrdiff_t k = 0; k < n; ++k) {
            const ptrdiff_t at = row * n + (backwards ? n - 1 - k : k);
            @STEP
            out[at] = (real)run;
        }
    }
}
"""
STEPS = {
    "sum": ("0", "run += x[at];"),
    "max": ("-INFINITY", "run = run > x[at] ? run : x[at];"),
    "logsumexp": ("-INFINITY", "run = log_add_double(run, x[at]);"),
    "scaled": (
        "0",
        "const double next = top > x[at] ? top : x[at];\n"
        "            run = (run == 0 ? 0 : run * exp_double(top - next)) + weight[at] * exp_double(x[at] - next);\n"
        "            top = next;",
    ),
}


def _running(name: str) -> str:
    start, step = STEPS[name]
    given = "const real *x, const real *weight, " if name == "scaled" else "const real *x, "
    text = RUNNING.replace("@NAME", name).replace("@ARGS", given)
    return text.replace("@START", start).replace("@STEP", step)


WHOLES = {
    "side_by_side": """
/* so many numbers that follow each other in memory: they themselves, or copies in a block */
static inline const real *side_by_side_real(ptrdiff_t count, const real *x, ptrdiff_t step, real *block)
{
    if (step == 1) return x;
    if (step == 0)
        for (ptrdiff_t n = 0; n < count; ++n) block[n] = *x;
    else
        for (ptrdiff_t n = 0; n < count; ++n) block[n] = x[n * step];
    return block;
}
""",
    **{f"running_{name}": _running(name) for name in STEPS},
    "argsort": """
/* the places of the entries in ascending order, equal ones as they stand; by merging runs */
static void argsort_real(ptrdiff_t rows, ptrdiff_t n, const real *x, real *out, real *space)
{
    for (ptrdiff_t row = 0; row < rows; ++row, x += n, out += n) {
        for (ptrdiff_t k = 0; k < n; ++k) out[k] = (real)k;
        for (ptrdiff_t run = 1; run < n; run *= 2) {
            for (ptrdiff_t start = 0; start < n; start += 2 * run) {
                const ptrdiff_t middle = n - start < run ? n : start + run;
                const ptrdiff_t end = n - start < 2 * run ? n : start + 2 * run;
                ptrdiff_t i = start, j = middle;
                for (ptrdiff_t k = start; k < end; ++k) {
                    const int left = i < middle && (j >= end || !(x[(ptrdiff_t)out[j]] < x[(ptrdiff_t)out[i]]));
                    space[k] = left ? out[i++] : out[j++];
                }
            }
            for (ptrdiff_t k = 0; k < n; ++k) out[k] = space[k];
        }
    }
}
""",
    "rank": """
/* how many entries stand before each in ascending order */
static void rank_real(ptrdiff_t rows, ptrdiff_t n, const real *x, real *out, real *space)
{
    for (ptrdiff_t row = 0; row < rows; ++row) {
        argsort_real(1, n, x + row * n, out + row * n, space);
        for (ptrdiff_t k = 0; k < n; ++k) space[(ptrdiff_t)out[row * n + k]] = (real)k;
        for (ptrdiff_t k = 0; k < n; ++k) out[row * n + k] = space[k];
    }
}
""",
    "inverse": """
/* the inverse of a, which is destroyed */
static void inverse_real(ptrdiff_t n, real *a, real *out)
{
    for (ptrdiff_t i = 0; i < n * n; ++i) out[i] = i % (n + 1) == 0 ? 1.0r : 0.0r;
    for (ptrdiff_t k = 0; k < n; ++k) {
        ptrdiff_t best = k;
        for (ptrdiff_t i = k + 1; i < n; ++i)
            if (fabs_real(a[i * n + k]) > fabs_real(a[best * n + k])) best = i;
        for (ptrdiff_t j = 0; j < n; ++j) {
            const real u = a[k * n + j], v = out[k * n + j];
            a[k * n + j] = a[best * n + j];
            out[k * n + j] = out[best * n + j];
            a[best * n + j] = u;
            out[best * n + j] = v;
        }
        const real pivot = a[k * n + k];
        for (ptrdiff_t j = 0; j < n; ++j) {
            a[k * n + j] /= pivot;
            out[k * n + j] /= pivot;
        }
        for (ptrdiff_t i = 0; i < n; ++i) {
            const real factor = i == k ? 0.0r : a[i * n + k];
            for (ptrdiff_t j = 0; j < n; ++j) {
                a[i * n + j] -= factor * a[k * n + j];
                out[i * n + j] -= factor * out[k * n + j];
            }
        }
    }
}
""",
    "determinant": """
/* the determinant of a, which is destroyed, or the logarithm of its magnitude */
static void determinant_real(ptrdiff_t n, int logarithm, real *a, real *out)
{
    double product = 1.0, total = 0.0;
    for (ptrdiff_t k = 0; k < n; ++k) {
        ptrdiff_t best = k;
        for (ptrdiff_t i = k + 1; i < n; ++i)
            if (fabs_real(a[i * n + k]) > fabs_real(a[best * n + k])) best = i;
        for (ptrdiff_t j = 0; j < n; ++j) {
            const real u = a[k * n + j];
            a[k * n + j] = a[best * n + j];
            a[best * n + j] = u;
        }
        const double pivot = a[k * n + k];
        product *= best == k ? pivot : -pivot;
        total += log_double(fabs_double(pivot));
        for (ptrdiff_t i = k + 1; i < n && pivot != 0.0; ++i) {
            const real factor = a[i * n + k] / a[k * n + k];
            for (ptrdiff_t j = k; j < n; ++j) a[i * n + j] -= factor * a[k * n + j];
        }
    }
    *out = (real)(logarithm ? total : product);
}
""",
    "search": """
/* The zero of a continuous monotone function: ends are moved outwards until it has two signs there, then halved. */
struct search_real { int on, stage, moves; real low, high, left, right, at; double at_left, at_right; };

static inline real search_end_real(const struct search_real *s, int n, int side)
{
    real far = 1.0r, near = 0.25r;
    for (int k = 0; k < n; ++k) far *= 4.0r, near *= 0.25r;
    if (s->low > -INFINITY && s->high < INFINITY)
        return side < 0 ? s->low + (s->high - s->low) * near : s->high - (s->high - s->low) * near;
    if (side < 0) return s->low > -INFINITY ? s->low + near : -far;
    return s->high < INFINITY ? s->high - near : far;
}

static inline struct search_real search_start_real(real low, real high)
{
    struct search_real s = {1, 0, 0, low, high, 0, 0, 0, 0, 0};
    s.left = s.at = search_end_real(&s, 0, -1);
    s.right = search_end_real(&s, 0, 1);
    return s;
}

/* what follows from the value of the function where it was asked for */
static inline void search_step_real(struct search_real *s, double gap)
{
    const double sign = gap > 0 ? 1 : gap < 0 ? -1 : gap;
    if (s->stage == 0) {
        s->at_left = sign;
        s->at = s->right;
        s->stage = 1;
        return;
    }
    if (s->stage == 1) {
        s->at_right = sign;
        if (s->at_left * s->at_right > 0 && ++s->moves < @MOVES) {
            s->left = s->at = search_end_real(s, s->moves, -1);
            s->right = search_end_real(s, s->moves, 1);
            s->stage = 0;
            return;
        }
        s->stage = 2;
    } else if (sign == s->at_left) {
        s->left = s->at;
    } else {
        s->right = s->at;
        s->at_right = sign;
    }
    s->at = s->at_left == 0 ? s->left : s->at_right == 0 ? s->right : s->left / 2 + s->right / 2;
    if (!(s->left < s->at && s->at < s->right)) {
        s->on = 0;
        if (!(s->at_left * s->at_right <= 0)) s->at = NAN;
    }
}
""",
}
