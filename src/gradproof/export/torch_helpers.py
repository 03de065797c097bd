"""The PyTorch functions that a written module carries along where it needs them.

Contract. As `shared_helpers`, under torch.compile and torch.func too. The largest entry of a row is looked up, not
reduced to: so its derivative goes to one entry, also where two are equal.

Blind spot. Class indices are compared with their range on the CPU alone, outside of torch.compile and torch.func: a
comparison would wait for an accelerator.
"""

from __future__ import annotations

from . import sharding_helpers
from .shared_helpers import shared

HELPERS = {
    "_floats": '''
def _floats(*values):
    """The values as tensors of one floating type, that of the arrays among them; numbers and integers adapt."""

    def tensor(v):
        found = torch.as_tensor(v)
        exact = isinstance(v, (list, tuple)) and found.is_floating_point()  # Python's floats have 64 bits
        return torch.as_tensor(v, dtype=torch.float64) if exact else found

    device = next((v.device for v in values if isinstance(v, torch.Tensor)), None)
    values = [v if isinstance(v, (int, float, torch.Tensor)) else tensor(v) for v in values]
    types = [v.dtype for v in values if isinstance(v, torch.Tensor) and v.dtype.is_floating_point]
    dtype = functools.reduce(torch.promote_types, types) if types else torch.float64
    return [v.to(dtype) if isinstance(v, torch.Tensor) else torch.tensor(v, dtype=dtype, device=device) for v in values]
''',
    "_sizes": shared("torch")["_sizes"],
    "_label": '''
def _label(name, value, size=None, device=None):
    """A class index, or a tensor of them, counted from 0."""
    value = torch.as_tensor(value, device=device)
    if value.is_floating_point() or value.dtype == torch.bool:
        raise TypeError(f"{name}: expected integers, found {value.dtype}")
    if value.device.type == "cpu" and not torch.compiler.is_compiling() and value.numel():
        try:
            low, high = int(value.min()), int(value.max())
        except RuntimeError:  # under torch.func.vmap there is no telling
            return value.long()
        if low < 0 or (size is not None and high >= size):
            end = "" if size is None else f" to {size - 1}"
            raise IndexError(f"{name}: counts from 0{end}, found {low} to {high}")
    return value.long()
''',
    "_no_gradient": '''
def _no_gradient(**values):
    """The gradient in these was not derived, so they must be constants."""
    for name, value in values.items():
        if value.requires_grad and torch.is_grad_enabled():
            raise ValueError(f"{name}: the gradient in {name} was not derived; pass {name}.detach()")
''',
    "_fit": '''
def _fit(gradient, value):
    """The gradient, summed over the batch axes along which the value was broadcast."""
    return gradient.expand(torch.broadcast_shapes(gradient.shape, value.shape)).sum_to_size(value.shape)
''',
    "_gather": '''
def _gather(values, index):
    """values[..., index] along the last axis; the axes before it broadcast."""
    shape = torch.broadcast_shapes(values.shape[:-1], index.shape)
    values = values.expand(shape + values.shape[-1:])
    return torch.gather(values, -1, index.expand(shape)[..., None])[..., 0]
''',
    "_shifted": '''
def _shifted(z, scale):
    """f less its largest entry along the last axis, that entry and its place, for f = scale * z."""
    top, place = torch.max(z, dim=-1, keepdim=True)
    d = z - torch.where(torch.isneginf(top), 0, top)  # a row of -inf alone stays one
    return (d, top, place) if scale is None else (scale * d, scale * top, place)
''',
    "_log_total": '''
def _log_total(d, place):
    """log(sum(exp(d))) along the last axis, whose largest entry is 0: log1p of the sum of the others."""
    others = torch.exp(d).scatter(-1, place.expand(d.shape[:-1] + (1,)), 0)
    return torch.log1p(torch.sum(others, dim=-1, keepdim=True))
''',
    "_logsumexp": '''
def _logsumexp(z, scale=None):
    """log(sum(exp(f))) along the last axis, f = scale * z."""
    d, top, place = _shifted(z, scale)
    return (top + _log_total(d, place))[..., 0]
''',
    "_log_softmax": '''
def _log_softmax(z, scale=None):
    """f - log(sum(exp(f))) along the last axis, f = scale * z; a row of -inf alone gives -inf."""
    d, _, place = _shifted(z, scale)
    return d - _log_total(d, place)
''',
    "_softmax": '''
def _softmax(z, scale=None):
    """exp(f) / sum(exp(f)) along the last axis, f = scale * z; a row of -inf alone gives 0."""
    p = torch.softmax(z if scale is None else _shifted(z, scale)[0], dim=-1)
    return torch.where(torch.isneginf(z), 0, p)
''',
    "_weighted": '''
def _weighted(z, weight, scale):
    """As _shifted, and sum(weight * exp(d)); entries of weight 0 count as -inf."""
    d, top, _ = _shifted(torch.where(weight == 0, -torch.inf, z), scale)
    total = torch.sum(weight * torch.exp(d), dim=-1, keepdim=True)
    return d, top, torch.where(torch.isneginf(top), 1, total)
''',
    "_softplus": '''
def _softplus(x):
    """log(1 + exp(x)), also where exp(x) would overflow."""
    return torch.logaddexp(x, x.new_zeros(()))
''',
    "_scaled_cumsum": '''
def _scaled_cumsum(z, weight):
    """The sum of weight * exp(z - M) over the first entries along the last axis, M the largest of their z."""
    top, total = torch.broadcast_tensors(z, weight)
    step = 1
    while step < z.shape[-1]:  # each entry holds the sum of its last `step` terms; merge it with those before
        before = torch.nn.functional.pad(top, (step, 0), value=-torch.inf)[..., : z.shape[-1]]
        sums = torch.nn.functional.pad(total, (step, 0))[..., : z.shape[-1]]
        joint = torch.maximum(top, before)
        total = total * torch.exp(top - joint) + sums * torch.exp(before - joint)
        top, step = joint, 2 * step
    return total
''',
    **{name: text for name, text in shared("torch").items() if name != "_sizes"},
    "_root": '''
class _Constant(torch.autograd.Function):
    """A value that depends on another one; what that does to a derivative was not derived."""

    generate_vmap_rule = True

    @staticmethod
    def forward(value, on):
        return value.clone()

    @staticmethod
    def setup_context(ctx, inputs, output):
        pass

    @staticmethod
    def backward(ctx, upstream):
        raise RuntimeError("the root of an equation is not differentiated here; call detach() on what it depends on")


def _root(gap, zero, low=-math.inf, high=math.inf):
    """Where gap, continuous and monotone between low and high, is 0."""
    with torch.no_grad():
        root = _bisected(gap, zero, low, high)
    return _Constant.apply(root, gap(root))
''',
    **sharding_helpers.TORCH,
}
NEEDS = {
    **sharding_helpers.TORCH_NEEDS,
    "_root": ("_bisected",),
    "_logsumexp": ("_shifted", "_log_total"),
    "_log_softmax": ("_shifted", "_log_total"),
    "_softmax": ("_shifted",),
    "_weighted": ("_shifted",),
    "_weighted_logsumexp": ("_weighted",),
    "_weighted_log_softmax": ("_weighted",),
    "_weighted_softmax": ("_weighted",),
}
