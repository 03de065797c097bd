"""The collectives that a module for shards carries along, for PyTorch and for JAX.

Contract. A group is a process group of torch.distributed (None for all processes), or the name of an axis of a JAX
mesh. Shards of PyTorch may differ in length; their order is that of the ranks. A shard all of whose entries
underflow adds 0.

Blind spot. In PyTorch the lengths of the shards are exchanged at each call that looks up a class, which waits for an
accelerator.
"""

from __future__ import annotations

BOTH = {
    "_held": '''
def _held(values, index, start, group):
    """values[..., index] along the whole last axis, from the shard that holds it."""
    place = index - start
    here = (place >= 0) & (place < values.shape[-1])
    found = _gather(values, np.where(here, place, 0))
    return _all_sum(np.where(here, found, 0), group)
''',
    "_sharded": '''
def _sharded(z, group, scale, weight):
    """Over the last axis of all shards, f = scale * z: f less its largest entry, that entry, and T and log(T).

    T is the sum of weight * exp(f - that entry). The entries equal to the largest are counted, so that the logarithm is
    log1p of the sum of the others.
    """
    top = _all_max(np.amax(z if weight is None else np.where(weight == 0, -np.inf, z), AXIS=-1, KEEP=True), group)
    d = z - np.where(np.isneginf(top), 0, top)  # a row of -inf alone stays one
    d, top = (d, top) if scale is None else (scale * d, scale * top)
    if weight is not None:
        d = np.where(np.isneginf(top), top, d)  # without weights, all are -inf
        total = _all_sum(np.sum(weight * np.exp(np.where(weight == 0, -np.inf, d)), AXIS=-1, KEEP=True), group)
        total = np.where(np.isneginf(top), 1, total)
        return d, top, total, np.log(total)
    largest = d == 0
    count = np.sum(np.where(largest, np.ones_like(d), 0), AXIS=-1, KEEP=True)
    others = np.sum(np.where(largest, 0, np.exp(d)), AXIS=-1, KEEP=True)
    count, others = _all_sum(np.stack([count, others]), group)
    count = np.where(np.isneginf(top), 1, count)
    return d, top, count + others, np.log1p(count - 1 + others)
''',
    "_sharded_logsumexp": '''
def _sharded_logsumexp(z, group, scale=None, weight=None):
    """log(sum(weight * exp(f))) along the last axis of all shards, f = scale * z."""
    _, top, _, log_total = _sharded(z, group, scale, weight)
    return (top + log_total)[..., 0]
''',
    "_sharded_log_softmax": '''
def _sharded_log_softmax(z, group, scale=None, weight=None):
    """f - log(sum(weight * exp(f))) along the last axis of all shards, f = scale * z."""
    d, _, _, log_total = _sharded(z, group, scale, weight)
    return d - log_total
''',
    "_sharded_softmax": '''
def _sharded_softmax(z, group, scale=None, weight=None):
    """exp(f) / sum(weight * exp(f)) along the last axis of all shards, f = scale * z; 0 where the weight is 0."""
    d, _, total, _ = _sharded(z, group, scale, weight)
    return np.exp(d if weight is None else np.where(weight == 0, -np.inf, d)) / total
''',
}
NEEDS = {
    "_held": ("_gather", "_all_sum"),
    "_sharded": ("_all_sum", "_all_max"),
    **{f"_sharded_{kind}": ("_sharded",) for kind in ("logsumexp", "log_softmax", "softmax")},
}


def _both(module: str, axis: str, keep: str) -> dict[str, str]:
    words = {"np.": f"{module}.", "AXIS": axis, "KEEP": keep}
    found = dict(BOTH)
    for word, own in words.items():
        found = {name: text.replace(word, own) for name, text in found.items()}
    return found


TORCH = {
    "_all_reduce": '''
def _all_reduce(value, operation, group):
    """The sum, product or maximum over the shards, as a new tensor."""
    value = value.detach().clone(memory_format=torch.contiguous_format)
    torch.distributed.all_reduce(value, getattr(torch.distributed.ReduceOp, operation), group)
    return value
''',
    "_all_sum": '''
def _all_sum(value, group):
    """The sum over the shards."""
    return _all_reduce(value, "SUM", group)
''',
    "_all_max": '''
def _all_max(value, group):
    """The largest over the shards."""
    return _all_reduce(value, "MAX", group)
''',
    "_shard": '''
def _shard(array, axis, group):
    """The length of the whole axis, and the place in it where this shard begins."""
    rank = torch.distributed.get_rank(group)
    lengths = torch.zeros(torch.distributed.get_world_size(group), dtype=torch.int64, device=array.device)
    lengths[rank] = array.shape[axis]
    lengths = _all_sum(lengths, group).tolist()
    return sum(lengths), sum(lengths[:rank])
''',
    **_both("torch", "dim", "keepdim"),
}
JAX = {
    "_all_sum": '''
def _all_sum(value, group):
    """The sum over the shards."""
    return jax.lax.psum(value, group)
''',
    "_all_max": '''
def _all_max(value, group):
    """The largest over the shards, held fixed: it is but a shift."""
    return jax.lax.pmax(jax.lax.stop_gradient(value), group)
''',
    "_all_prod": '''
def _all_prod(value, group):
    """The product over the shards."""
    factors = jnp.zeros((jax.lax.psum(1, group),) + value.shape, value.dtype)
    return jnp.prod(jax.lax.psum(factors.at[jax.lax.axis_index(group)].set(value), group), axis=0)
''',
    "_shard": '''
def _shard(array, axis, group):
    """The length of the whole axis, and the place in it where this shard begins."""
    length = array.shape[axis]
    return length * jax.lax.psum(1, group), length * jax.lax.axis_index(group)
''',
    **_both("jnp", "axis", "keepdims"),
}
TORCH_NEEDS = {**NEEDS, "_all_sum": ("_all_reduce",), "_all_max": ("_all_reduce",), "_shard": ("_all_sum",)}
