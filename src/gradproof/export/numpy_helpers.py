"""The NumPy functions that a written module carries along where it needs them.

Contract. Each is complete source text; `NEEDS` says which others it calls. They are exact to rounding at every finite
input, raise no warning but underflow there, and keep the floating type of their input.

Blind spot. A logit of +inf gives nan, with NumPy's warning.
"""

from __future__ import annotations

from .shared_helpers import shared

HELPERS = {
    "_floats": '''
def _floats(*values):
    """The values as arrays of one floating type, that of the arrays among them; Python numbers and integers adapt.

    float16 becomes float32: a sum over many entries would overflow in it.
    """
    types = [np.asarray(v).dtype for v in values if not isinstance(v, (int, float))]
    types = [t for t in types if t.kind == "f"]
    dtype = np.result_type(np.float32, *types) if types else np.dtype(np.float64)
    return [np.asarray(v, dtype=dtype) for v in values]
''',
    "_label": '''
def _label(name, value, size=None):
    """A class index, or an array of them, counted from 0."""
    value = np.asarray(value)
    if value.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected integers, found {value.dtype}")
    if value.size and (value.min() < 0 or (size is not None and value.max() >= size)):
        end = "" if size is None else f" to {size - 1}"
        raise IndexError(f"{name}: counts from 0{end}, found {value.min()} to {value.max()}")
    return value.astype(np.intp, copy=False)
''',
    "_gather": '''
def _gather(values, index):
    """values[..., index] along the last axis; the axes before it broadcast."""
    shape = np.broadcast_shapes(values.shape[:-1], index.shape)
    values = np.broadcast_to(values, shape + values.shape[-1:])
    return np.take_along_axis(values, np.broadcast_to(index, shape)[..., None], axis=-1)[..., 0]
''',
    "_kept": '''
def _kept(value, weight):
    """The value, or 0 where the weight is 0 and so will not count: 0 * -inf would be nan."""
    return value if np.min(value) > -np.inf else np.where(weight == 0, 0, value)
''',
    "_shifted": '''
def _shifted(z, scale):
    """f less its largest entry along the last axis, and that entry, for f = scale * z; a new array."""
    top = np.max(z, axis=-1, keepdims=True)
    d = z - np.where(np.isneginf(top), 0, top)  # a row of -inf alone stays one
    return (d, top) if scale is None else (scale * d, scale * top)
''',
    "_log_total": '''
def _log_total(d):
    """log(sum(exp(d))) along the last axis, whose largest entry is 0: log1p of the sum of the others."""
    e = np.exp(d)
    np.put_along_axis(e, np.argmax(d, axis=-1)[..., None], 0, axis=-1)
    return np.log1p(np.sum(e, axis=-1, keepdims=True))
''',
    "_logsumexp": '''
def _logsumexp(z, scale=None):
    """log(sum(exp(f))) along the last axis, f = scale * z."""
    d, top = _shifted(z, scale)
    return (top + _log_total(d))[..., 0]
''',
    "_log_softmax": '''
def _log_softmax(z, scale=None):
    """f - log(sum(exp(f))) along the last axis, f = scale * z; a row of -inf alone gives -inf."""
    d, _ = _shifted(z, scale)
    d -= _log_total(d)
    return d
''',
    "_softmax": '''
def _softmax(z, scale=None):
    """exp(f) / sum(exp(f)) along the last axis, f = scale * z; a row of -inf alone gives 0."""
    d, _ = _shifted(z, scale)
    np.exp(d, out=d)
    d /= np.maximum(np.sum(d, axis=-1, keepdims=True), 1)  # the sum has the term exp(0)
    return d
''',
    "_weighted": '''
def _weighted(z, weight, scale):
    """As _shifted, and sum(weight * exp(d)); entries of weight 0 count as -inf."""
    d, top = _shifted(np.where(weight == 0, -np.inf, z).astype(z.dtype), scale)
    total = np.sum(weight * np.exp(d), axis=-1, keepdims=True)
    return d, top, np.where(np.isneginf(top), 1, total)
''',
    "_sigmoid": '''
def _sigmoid(x):
    """1 / (1 + exp(-x)), by the branch that cannot overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)
''',
    "_lgamma": '''
def _lgamma(x):
    """log Gamma(x), entry by entry."""
    return np.vectorize(math.lgamma, otypes=[np.result_type(x, np.float32)])(x)
''',
    "_scaled_cumsum": '''
def _scaled_cumsum(z, weight):
    """The sum of weight * exp(z - M) over the first entries along the last axis, M the largest of their z."""
    top = np.maximum.accumulate(z, axis=-1)
    total = weight * np.exp(z - top)
    for n in range(1, total.shape[-1]):
        total[..., n] += total[..., n - 1] * np.exp(top[..., n - 1] - top[..., n])
    return total
''',
    "_root": '''
def _root(gap, rank, dtype, low=-np.inf, high=np.inf):
    """Where gap, continuous and monotone between low and high, is 0: by bisection, entry by entry.

    gap takes an array whose last `rank` axes are its own. The ends are moved outwards until gap has two signs there.
    """

    def end(n, side):
        far, near = 4.0**n, 4.0**-n / 4
        if np.isfinite(low) and np.isfinite(high):
            return low + (high - low) * near if side < 0 else high - (high - low) * near
        if side < 0:
            return low + near if np.isfinite(low) else -far
        return high - near if np.isfinite(high) else far

    def sign(at):
        with np.errstate(over="ignore", under="ignore"):
            return np.sign(gap(at))

    shape = np.shape(gap(np.full((1,) * rank, (end(0, -1) + end(0, 1)) / 2, dtype)))
    left, right = np.full(shape, end(0, -1), dtype), np.full(shape, end(0, 1), dtype)
    at_left, at_right = sign(left), sign(right)
    for n in range(1, 500 if dtype == np.float64 else 60):
        wide = at_left * at_right > 0
        if not np.any(wide):
            break
        left[wide], right[wide] = end(n, -1), end(n, 1)
        at_left, at_right = sign(left), sign(right)
    while True:
        middle = np.where(at_left == 0, left, np.where(at_right == 0, right, left / 2 + right / 2))
        if not np.any((left < middle) & (middle < right)):
            return np.where(at_left * at_right <= 0, middle, np.nan).astype(dtype)[()]
        at = sign(middle)
        stays = at == at_left
        left, at_left = np.where(stays, middle, left), np.where(stays, at, at_left)
        right, at_right = np.where(stays, right, middle), np.where(stays, at_right, at)
''',
    **shared("np"),
}
NEEDS = {
    "_logsumexp": ("_shifted", "_log_total"),
    "_log_softmax": ("_shifted", "_log_total"),
    "_softmax": ("_shifted",),
    "_weighted": ("_shifted",),
    "_weighted_logsumexp": ("_weighted",),
    "_weighted_log_softmax": ("_weighted",),
    "_weighted_softmax": ("_weighted",),
}
