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
    if any(t.kind not in "fiub" for t in types) or any(isinstance(v, np.ma.MaskedArray) for v in values):
        found = ", ".join(f"{type(v).__name__} of {np.asarray(v).dtype}" for v in values)
        raise TypeError(f"expected arrays of real numbers, without masks; found {found}")
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
    shape = np.broadcast_shapes(values.shape[:-1], np.shape(index))
    values = np.broadcast_to(values, shape + values.shape[-1:])
    return np.take_along_axis(values, np.broadcast_to(index, shape)[..., None], axis=-1)[..., 0]
''',
    "_add_at": '''
def _add_at(values, index, amount):
    """The values, with the amount added at the index along the last axis; written over them unless it is larger."""
    shape = np.broadcast_shapes(values.shape, np.shape(index) + (1,), np.shape(amount))
    if values.shape != shape:
        values = np.broadcast_to(values, shape).copy()
    index = np.broadcast_to(index, shape[:-1])[..., None]
    np.put_along_axis(values, index, np.take_along_axis(values, index, axis=-1) + amount, axis=-1)
    return values
''',
    "_kept": '''
def _kept(value, weight):
    """The value, or 0 where the weight is 0 and so will not count: 0 * -inf would be nan."""
    return value if np.min(value, initial=0) > -np.inf else np.where(weight == 0, 0, value)
''',
    "_positive": '''
def _positive(value, weight):
    """The value, or 1 where the weight is 0 and so its logarithm will not count."""
    return value if np.min(value, initial=1) > 0 else np.where(weight == 0, 1, value)
''',
    "_shifted": '''
def _shifted(z, scale):
    """f less its largest entry along the last axis, for f = scale * z, a new array; that entry; its place, or None."""
    if z.shape[-1] < 32:  # NumPy reduces many short rows faster when they lie side by side
        z = np.moveaxis(np.ascontiguousarray(np.moveaxis(z, -1, 0)), 0, -1)
        top, place = np.max(z, axis=-1, keepdims=True), None
    else:
        place = np.argmax(z, axis=-1)[..., None]
        top = np.take_along_axis(z, place, axis=-1)
    d = z - np.maximum(top, np.finfo(z.dtype).min)  # a row of -inf alone stays one
    return (d, top, place) if scale is None else (_times(d, scale), scale * top, place)
''',
    "_room": '''
def _room(values, other):
    """The values, to be written over by what has the shape of both, or None where that is larger."""
    return values if np.broadcast_shapes(values.shape, np.shape(other)) == values.shape else None
''',
    "_plus": '''
def _plus(a, b):
    """a + b, written over a unless that is smaller."""
    return np.add(a, b, out=_room(a, b))
''',
    "_minus": '''
def _minus(a, b):
    """a - b, written over a unless that is smaller."""
    return np.subtract(a, b, out=_room(a, b))
''',
    "_times": '''
def _times(a, b):
    """a * b, written over a unless that is smaller."""
    return np.multiply(a, b, out=_room(a, b))
''',
    "_over": '''
def _over(a, b):
    """a / b, written over a unless that is smaller."""
    return np.divide(a, b, out=_room(a, b))
''',
    "_others": '''
def _others(e, place):
    """The sum of e along the last axis without its largest entry, which is 1; it stands at `place` if that is known."""
    if place is None:
        total = np.sum(e, axis=-1, keepdims=True)
        return np.where(total < 2, np.sum(e * (e < 1), axis=-1, keepdims=True), total - 1)
    place = np.broadcast_to(place, e.shape[:-1] + (1,))
    largest = np.take_along_axis(e, place, axis=-1)
    np.put_along_axis(e, place, 0, axis=-1)
    others = np.sum(e, axis=-1, keepdims=True)
    np.put_along_axis(e, place, largest, axis=-1)
    return others
''',
    "_logsumexp": '''
def _logsumexp(z, scale=None):
    """log(sum(exp(f))) along the last axis, f = scale * z: the largest f, and log1p of the sum of the others."""
    d, top, place = _shifted(z, scale)
    return (top + np.log1p(_others(np.exp(d, out=d), place)))[..., 0]
''',
    "_log_softmax": '''
def _log_softmax(z, scale=None):
    """f - log(sum(exp(f))) along the last axis, f = scale * z; a row of -inf alone gives -inf."""
    d, _, place = _shifted(z, scale)
    d -= np.log1p(_others(np.exp(d), place))
    return np.ascontiguousarray(d)
''',
    "_log_softmax_at": '''
def _log_softmax_at(z, index, scale=None):
    """The entry of _log_softmax(z, scale) at the index."""
    d, _, place = _shifted(z, scale)
    at = _gather(d, index)
    return at - np.log1p(_others(np.exp(d, out=d), place))[..., 0]
''',
    "_softmax": '''
def _softmax(z, scale=None, times=None):
    """exp(f) / sum(exp(f)) along the last axis, f = scale * z, or that times a factor; a row of -inf alone gives 0."""
    d, _, _ = _shifted(z, scale)
    np.exp(d, out=d)
    total = np.maximum(np.sum(d, axis=-1, keepdims=True), 1)  # it has the term exp(0)
    return np.ascontiguousarray(_quotient(d, total, times))
''',
    "_quotient": '''
def _quotient(e, total, times):
    """e / total, or times * e / total, written over e unless it is larger."""
    return np.divide(e, total, out=e) if times is None else _times(e, times / total)
''',
    "_softmax_with_log": '''
def _softmax_with_log(z, scale=None, times=None):
    """_softmax and _log_softmax, with one exponential."""
    d, _, place = _shifted(z, scale)
    e = np.exp(d)
    others = _others(e, place)
    d -= np.log1p(others)
    return np.ascontiguousarray(_quotient(e, 1 + others, times)), np.ascontiguousarray(d)
''',
    "_softmax_with_log_at": '''
def _softmax_with_log_at(z, index, scale=None, times=None):
    """_softmax, and the entry of _log_softmax at the index, with one exponential."""
    d, _, place = _shifted(z, scale)
    at = _gather(d, index)
    others = _others(np.exp(d, out=d), place)
    return np.ascontiguousarray(_quotient(d, 1 + others, times)), at - np.log1p(others)[..., 0]
''',
    "_softmax_with_logsumexp": '''
def _softmax_with_logsumexp(z, scale=None, times=None):
    """_softmax and _logsumexp, with one exponential."""
    d, top, place = _shifted(z, scale)
    others = _others(np.exp(d, out=d), place)
    return np.ascontiguousarray(_quotient(d, 1 + others, times)), (top + np.log1p(others))[..., 0]
''',
    "_weighted": '''
def _weighted(z, weight, scale):
    """f less its largest entry of a weight that is not 0, that entry, and sum(weight * exp(d))."""
    top = np.max(np.where(weight == 0, -np.inf, z).astype(z.dtype), axis=-1, keepdims=True)
    d = z - np.where(np.isneginf(top), 0, top)
    d = np.where(np.isneginf(top), top, d)  # without weights, all are -inf
    d, top = (d, top) if scale is None else (scale * d, scale * top)
    total = np.sum(weight * np.exp(np.where(weight == 0, -np.inf, d)), axis=-1, keepdims=True)
    return d, top, np.where(np.isneginf(top), 1, total)
''',
    "_decay": '''
def _decay(x):
    """exp(-|x|), which a logistic function of x or of -x is made of."""
    e = np.abs(x, out=np.empty_like(x))
    np.negative(e, out=e)
    return np.exp(e, out=e)
''',
    "_softplus": '''
def _softplus(x, e=None):
    """log(1 + exp(x)) = max(x, 0) + log(1 + e), where e = exp(-|x|)."""
    found = np.log1p(_decay(x) if e is None else e)
    found += np.maximum(x, 0)
    return found
''',
    "_sigmoid": '''
def _sigmoid(x, e=None):
    """1 / (1 + exp(-x)) = (1 or e) / (1 + e), where e = exp(-|x|)."""
    e = _decay(x) if e is None else e
    found = np.maximum(x >= 0, e)  # a comparison is 0 or 1; that is faster than to choose
    found /= 1 + e
    return found
''',
    "_softplus_and_sigmoid": '''
def _softplus_and_sigmoid(x):
    """_softplus and _sigmoid, with one exponential."""
    e = _decay(x)
    slope, value = np.maximum(x >= 0, e), np.log1p(e)
    e += 1
    slope /= e
    value += np.maximum(x, 0, out=e)
    return value, slope
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
ROOM = dict.fromkeys(("_plus", "_minus", "_times", "_over"), ("_room",))
SHIFTED = ("_shifted", "_times", "_others")
NEEDS = {
    **ROOM,
    "_logsumexp": SHIFTED,
    "_log_softmax": SHIFTED,
    "_log_softmax_at": (*SHIFTED, "_gather"),
    "_softmax": ("_shifted", "_times", "_quotient"),
    "_softmax_with_log": (*SHIFTED, "_quotient"),
    "_softmax_with_log_at": (*SHIFTED, "_quotient", "_gather"),
    "_softmax_with_logsumexp": (*SHIFTED, "_quotient"),
    "_softplus": ("_decay",),
    "_sigmoid": ("_decay",),
    "_softplus_and_sigmoid": ("_decay",),
    "_weighted_logsumexp": ("_weighted",),
    "_weighted_log_softmax": ("_weighted",),
    "_weighted_softmax": ("_weighted",),
}
