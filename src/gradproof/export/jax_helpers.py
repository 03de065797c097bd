"""The JAX functions that a written module carries along where it needs them.

Contract. As `shared_helpers`, under jit, vmap and grad too.

Blind spot. Under jit and vmap class indices have no values yet: one out of range gives nan where it is looked up, and
no class where it is compared.
"""

from __future__ import annotations

from . import sharding_helpers
from .shared_helpers import shared

HELPERS = {
    "_full_precision": '''
def _full_precision(function):
    """The function, for half precision in float32, with results of the type of its arguments."""

    def is_real(value):
        return hasattr(value, "dtype") and jnp.issubdtype(value.dtype, jnp.floating)

    def to(values, dtype):
        return jax.tree.map(lambda v: jnp.asarray(v, dtype) if is_real(v) else v, values)

    @functools.wraps(function)
    def precise(*values, **named):
        real = [v for v in (*values, *named.values()) if is_real(v)]
        dtype = jnp.result_type(*real) if real else None
        if dtype not in (jnp.float16, jnp.bfloat16):
            return function(*values, **named)
        return to(function(*to(values, jnp.float32), **to(named, jnp.float32)), dtype)

    return precise
''',
    "_floats": '''
def _floats(*values):
    """The values as arrays of one floating type, that of the arrays among them; numbers and integers adapt."""
    values = [float(v) if isinstance(v, (int, float)) else jnp.asarray(v) for v in values]
    dtype = jnp.result_type(float, *values)
    if not jnp.issubdtype(dtype, jnp.floating):
        raise TypeError(f"expected real numbers, found {dtype}")
    return [jnp.asarray(v, dtype=dtype) for v in values]
''',
    "_sizes": shared("jnp")["_sizes"],
    "_label": '''
def _label(name, value, size=None):
    """A class index, or an array of them, counted from 0."""
    value = jnp.asarray(value)
    if not jnp.issubdtype(value.dtype, jnp.integer):
        raise TypeError(f"{name}: expected integers, found {value.dtype}")
    if value.size and not isinstance(value, jax.core.Tracer):
        low, high = int(value.min()), int(value.max())
        if low < 0 or (size is not None and high >= size):
            end = "" if size is None else f" to {size - 1}"
            raise IndexError(f"{name}: counts from 0{end}, found {low} to {high}")
    return value
''',
    "_no_gradient": '''
@functools.partial(jax.custom_vjp, nondiff_argnums=(0,))
def _no_gradient(name, value):
    """The value, in which the gradient was not derived, so it must be a constant."""
    return value


def _no_gradient_fwd(name, value):
    return value, None


def _no_gradient_bwd(name, saved, upstream):
    raise ValueError(f"{name}: the gradient in {name} was not derived; use jax.lax.stop_gradient({name})")


_no_gradient.defvjp(_no_gradient_fwd, _no_gradient_bwd)
''',
    "_fit": '''
def _fit(gradient, value):
    """The gradient, summed over the batch axes along which the value was broadcast."""
    gradient = jnp.broadcast_to(gradient, jnp.broadcast_shapes(gradient.shape, value.shape))
    gradient = jnp.sum(gradient, axis=tuple(range(gradient.ndim - value.ndim)))
    axes = tuple(n for n, length in enumerate(value.shape) if length != gradient.shape[n])
    return jnp.sum(gradient, axis=axes, keepdims=True)
''',
    "_gather": '''
def _gather(values, index):
    """values[..., index] along the last axis; the axes before it broadcast."""
    shape = jnp.broadcast_shapes(values.shape[:-1], index.shape)
    values = jnp.broadcast_to(values, shape + values.shape[-1:])
    place = jnp.broadcast_to(jnp.where(index < 0, values.shape[-1], index), shape)
    return jnp.take_along_axis(values, place[..., None], axis=-1, mode="fill")[..., 0]
''',
    "_shifted": '''
def _shifted(z, scale, entries=None):
    """The entries of f, all if none are given, less the largest along the last axis, and that one; f = scale * z."""
    top = jax.lax.stop_gradient(jnp.max(z, axis=-1, keepdims=True))  # but a shift: it cancels in any derivative
    d = (z if entries is None else entries) - jnp.where(jnp.isneginf(top), 0, top)  # a row of -inf alone stays one
    return (d, top) if scale is None else (scale * d, scale * top)
''',
    "_log_total": '''
def _log_total(d):
    """log(sum(exp(d))) along the last axis, whose largest entry is 0: log1p of the sum of the others, if it is less."""
    e = jnp.exp(d)
    total = jnp.sum(e, axis=-1, keepdims=True)
    others = jnp.sum(jnp.where(d < 0, e, e - 1), axis=-1, keepdims=True)
    return jnp.where(total < 2, jnp.log1p(others), jnp.log(jnp.maximum(total, 1)))
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
    return d - _log_total(d)
''',
    "_softmax": '''
def _softmax(z, scale=None):
    """exp(f) / sum(exp(f)) along the last axis, f = scale * z; a row of -inf alone gives 0."""
    d, top = _shifted(z, scale)
    e = jnp.exp(d)
    return e / jnp.where(jnp.isneginf(top), 1, jnp.sum(e, axis=-1, keepdims=True))
''',
    "_softmax_at": '''
def _softmax_at(z, index, scale=None):
    """log(p) at the index along the last axis, and p less 1 there; p = softmax(scale * z). The other axes broadcast.

    Where p is near 1, both follow from the sum of the others, as a difference would lose it.
    """
    d, top = _shifted(z, scale)
    at = _gather(d, jnp.asarray(index))[..., None]
    here = jnp.arange(d.shape[-1]) == jnp.asarray(index)[..., None]
    e = jnp.exp(d)
    rest = jnp.where(jnp.isneginf(top), 1, jnp.sum(jnp.where(here, 0, e), axis=-1, keepdims=True))
    total = jnp.exp(at) + rest
    log_p = jnp.where(at == 0, -jnp.log1p(rest), at - jnp.log(total))
    return log_p[..., 0], jnp.where(here, -rest, e) / total
''',
    "_scaled": '''
def _scaled(scale, slope):
    """The product, and 0 where the scale is 0, also if the slope is infinite there."""
    return jnp.where(scale == 0, 0, scale * slope)
''',
    "_weighted": '''
def _weighted(z, weight, scale):
    """As _shifted, with the largest entry of a weight that is not 0, and sum(weight * exp(d))."""
    d, top = _shifted(jnp.where(weight == 0, -jnp.inf, z), scale, z)
    d = jnp.where(jnp.isneginf(top), top, d)  # without weights, all are -inf
    total = jnp.sum(weight * jnp.exp(jnp.where(weight == 0, -jnp.inf, d)), axis=-1, keepdims=True)
    return d, top, jnp.where(jnp.isneginf(top), 1, total)
''',
    "_scaled_cumsum": '''
def _scaled_cumsum(z, weight):
    """The sum of weight * exp(z - M) over the first entries along the last axis, M the largest of their z."""

    def merged(first, second):
        joint = jnp.maximum(first[0], second[0])
        return joint, first[1] * jnp.exp(first[0] - joint) + second[1] * jnp.exp(second[0] - joint)

    return jax.lax.associative_scan(merged, jnp.broadcast_arrays(z, weight), axis=-1)[1]
''',
    "_cumlogsumexp": '''
def _cumlogsumexp(z):
    """log(sum(exp(z))) over the first entries along the last axis."""
    return jax.lax.associative_scan(jnp.logaddexp, z, axis=-1)
''',
    "_cummax": '''
def _cummax(z):
    """The largest of the first entries along the last axis."""
    return jax.lax.cummax(z, axis=z.ndim - 1)
''',
    **{name: text for name, text in shared("jnp").items() if name != "_sizes"},
    "_bisected": shared("jnp")["_bisected"].replace(
        "    for _ in range(128):\n        state = halved(*state)\n",
        "    state = jax.lax.fori_loop(0, 128, lambda _, state: halved(*state), state)\n",
    ),
    "_root": '''
def _root(gap, zero, low=-math.inf, high=math.inf):
    """Where gap, continuous and monotone between low and high, is 0; differentiated as an implicit function."""

    def solve(gap, start):
        return _bisected(gap, start, low, high)

    def along(linear, value):
        return value / linear(jnp.ones_like(value))

    start = jnp.zeros(jnp.shape(gap(zero)), zero.dtype)
    return jax.lax.custom_root(gap, start, solve, along)
''',
    **sharding_helpers.JAX,
}
NEEDS = {
    **sharding_helpers.NEEDS,
    "_root": ("_bisected",),
    "_logsumexp": ("_shifted", "_log_total"),
    "_log_softmax": ("_shifted", "_log_total"),
    "_softmax": ("_shifted",),
    "_softmax_at": ("_gather", "_shifted"),
    "_weighted": ("_shifted",),
    "_weighted_logsumexp": ("_weighted",),
    "_weighted_log_softmax": ("_weighted",),
    "_weighted_softmax": ("_weighted",),
}
