"""The functions that a softmax, a log-softmax or a log-sum-exp of a row is made of, as C text.

Contract. An exponential of a row is exp(x) over a power of 2 near the largest: no difference x - max x is rounded, and
nothing is subnormal before it is divided by the total. `anchor` and `rounding` are found once for a row. Within 1 unit
in the last place, also of x / T, where the machine has a fused multiply-add.

Blind spot. Without one, the rounding of scale * x stays in the result.
"""

ROWS = {
    "raised": """
/* exp(s) times the power of 2 that stands in the last bits of t: lifted, so never subnormal, or else 0 */
static inline real raised_real(real t, real s)
{
    const real p = fma_real(fma_real(@exp_s, s, 1.0r), s, 1.0r);
    @unsigned u, v;
    memcpy(&u, &t, sizeof u);
    memcpy(&v, &p, sizeof v);
    v += u << @mantissa;
    real raised;
    memcpy(&raised, &v, sizeof raised);
    return t < @round_zero ? 0.0r : raised;
}
""",
    "anchor": """
/* what the entries of a row are measured from: x - anchor is exact wherever exp(x - top) is not 0 */
static inline real anchor_real(real top) { return fabs_real(top) > @near && top > -INFINITY ? top : 0.0r; }
""",
    "anchor_scaled": """
static inline real anchor_scaled_real(real top, real scale)
{
    return fabs_real(scale * top) > @near && top > -INFINITY ? top : 0.0r;
}
""",
    "rounding": """
/* x + rounding, where the row's highest x is this, ends in the bits of a power of 2, that of the highest x lifted */
static inline real rounding_real(real highest)
{
    const real x = highest > -INFINITY ? highest : 0.0r;
    return @round_lifted - (fma_real(x, 1.44269504088896340736r, @round) - @round);
}
""",
    "raised_exp": """
/* exp(x - anchor) over the power of 2 that `rounding` takes away */
static inline real raised_exp_real(real x, real anchor, real rounding)
{
    const real d = x - anchor, t = fma_real(d, 1.44269504088896340736r, rounding);
    return raised_real(t, reduced_real(d, t - rounding));
}
""",
    "rounded_off": """
/* x * y + z where that is all but 0: what rounding took, if the machine can tell */
static inline real rounded_off_real(real x, real y, real z)
{
#ifdef FP_FAST_FMA@F
    return fma@f(x, y, z);
#else
    (void)x, (void)y, (void)z;
    return 0.0r;
#endif
}
""",
    "raised_exp_scaled": """
/* the same of scale * (x - anchor) */
static inline real raised_exp_scaled_real(real x, real scale, real anchor, real rounding)
{
    const real y = x - anchor, d = scale * y, t = fma_real(d, 1.44269504088896340736r, rounding);
    return raised_real(t, reduced_real(d, t - rounding) + rounded_off_real(scale, y, -d));
}
""",
    "raised_exp_divided": """
/* the same of (x - anchor) / divisor, whose inverse is given */
static inline real raised_exp_divided_real(real x, real inverse, real divisor, real anchor, real rounding)
{
    const real y = x - anchor, d = inverse * y, t = fma_real(d, 1.44269504088896340736r, rounding);
    return raised_real(t, reduced_real(d, t - rounding) + inverse * rounded_off_real(-d, divisor, y));
}
""",
    "masked": """
static inline real masked_real(real weight, real x) { return weight == 0.0r ? -INFINITY : x; }
""",
    "in_row": """
/* an entry of a row with this top: without weights, all are -inf */
static inline real in_row_real(real top, real x) { return top == -INFINITY ? top : x; }
""",
    "finite_top": """
/* what a row is shifted by: a row of -inf alone stays one */
static inline real finite_top_real(real top) { return top == -INFINITY ? 0.0r : top; }
""",
    "below_top": """
/* e = exp(f - max f) without the entries at the top, for log1p */
static inline real below_top_real(real f, real top, real e) { return f == top ? 0.0r : e; }
""",
    "inverse_rest": """
/* what the inverse of a total lost when it was rounded */
static inline real inverse_rest_real(real total, real inverse)
{
    return inverse * rounded_off_real(-inverse, total, 1.0r);
}
""",
    "share": """
/* e / total, 1 where they are equal */
static inline real share_real(real e, real inverse, real rest) { return fma_real(e, inverse, e * rest); }
""",
    "less_indicator": """
/* p - indicator, for p = softmax(f); at the top, where the difference cancels, by what the others have */
static inline real less_indicator_real(real p, real indicator, real f, real top, real others)
{
    return indicator == 1.0r && f == top ? -others : p - indicator;
}
""",
    "ties": """
/* how many entries are the largest: what the sum of all has more than that of those below the top */
static inline real ties_real(real all, real below, real peak)
{
    const real n = rint@f((all - below) / peak);
    return n < 1.0r ? 1.0r : n;
}
""",
    "if_finite": """
static inline real if_finite_real(real top, real x, real other) { return top == -INFINITY ? other : x; }
""",
}
