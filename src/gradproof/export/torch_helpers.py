"""The PyTorch functions that a written module carries along where it needs them.

Contract. As `shared_helpers`, under torch.compile and torch.func too. The largest entry of a row is looked up, not
reduced to: so its derivative goes to one entry, also where two are equal.

Blind spot. Class indices are compared with their range on the CPU alone, outside of torch.compile and torch.func: a
comparison would wait for an accelerator.
"""

from __future__ import annotations

from . import sharding_helpers, torch_rows
from .shared_helpers import shared

WRITTEN_OVER = """
def {name}(a, b):
    \"""a {sign} b, written over a, which nothing else uses, if it has the shape of the result.\"""
    shape = b.shape if isinstance(b, torch.Tensor) else ()
    return a.{method}(b) if _plain(a, b) and torch.broadcast_shapes(a.shape, shape) == a.shape else a {sign} b
"""
OPERATIONS = {"_plus": ("+", "add_"), "_minus": ("-", "sub_"), "_times": ("*", "mul_"), "_over": ("/", "div_")}
HELPERS = {
    **{name: WRITTEN_OVER.format(name=name, sign=s, method=m) for name, (s, m) in OPERATIONS.items()},
    "_full_precision": '''
def _full_precision(function):
    """The function without autocast, and for half precision in float32, with results of the type of its arguments."""

    def to(value, dtype):
        if isinstance(value, dict):
            return {name: to(v, dtype) for name, v in value.items()}
        if isinstance(value, tuple):
            return tuple(to(v, dtype) for v in value)
        return value.to(dtype) if isinstance(value, torch.Tensor) and value.is_floating_point() else value

    @functools.wraps(function)
    def precise(*values, **named):
        given = [v for v in (*values, *named.values()) if isinstance(v, torch.Tensor)]
        device = given[0].device.type if given else "cpu"
        if torch.amp.is_autocast_available(device) and torch.is_autocast_enabled(device):
            with torch.autocast(device, enabled=False):
                return precise(*values, **named)
        types = [v.dtype for v in given if v.dtype.is_floating_point]
        dtype = functools.reduce(torch.promote_types, types) if types else torch.float64
        if dtype not in (torch.float16, torch.bfloat16):
            return function(*values, **named)
        return to(function(*to(values, torch.float32), **to(named, torch.float32)), dtype)

    return precise
''',
    "_floats": '''
def _floats(*values):
    """The values as tensors of one floating type, that of the arrays among them; numbers and integers adapt."""

    def tensor(v):
        try:
            found = torch.as_tensor(v)
        except (RuntimeError, TypeError):
            raise TypeError(f"expected real numbers, found {type(v).__name__}") from None
        exact = isinstance(v, (list, tuple)) and found.is_floating_point()  # Python's floats have 64 bits
        return torch.as_tensor(v, dtype=torch.float64) if exact else found

    device = next((v.device for v in values if isinstance(v, torch.Tensor)), None)
    values = [v if isinstance(v, (int, float, torch.Tensor)) else tensor(v) for v in values]
    types = [v.dtype for v in values if isinstance(v, torch.Tensor)]
    if any(t.is_complex for t in types):
        raise TypeError(f"expected real numbers, found {types}")
    types = [t for t in types if t.is_floating_point]
    dtype = functools.reduce(torch.promote_types, types) if types else torch.float64
    like = {"dtype": dtype, "device": device}
    return [v.to(dtype) if isinstance(v, torch.Tensor) else torch.full((), v, **like) for v in values]
''',
    "_sizes": shared("torch")["_sizes"],
    "_label": '''
def _label(name, value, size=None, device=None):
    """A class index, or a tensor of them, counted from 0."""
    value = torch.as_tensor(value, device=device)
    if value.is_floating_point() or value.dtype == torch.bool:
        raise TypeError(f"{name}: expected integers, found {value.dtype}")
    if value.device.type == "cpu" and value.numel() and _plain(value):
        low, high = int(value.min()), int(value.max())
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
def _fit(gradient, shape):
    """The gradient, summed over the batch axes along which what has this shape was broadcast."""
    return gradient.expand(torch.broadcast_shapes(gradient.shape, shape)).sum_to_size(shape)
''',
    "_scaled": '''
def _scaled(scale, slope):
    """The product, and 0 where the scale is 0, also if the slope is infinite there."""
    whole = scale * slope
    return torch.where(scale == 0, 0, whole) if _some(scale == 0) else whole
''',
    "_gather": '''
def _gather(values, index):
    """values[..., index] along the last axis; the axes before it broadcast."""
    shape = torch.broadcast_shapes(values.shape[:-1], index.shape)
    values = values.expand(shape + values.shape[-1:])
    return torch.gather(values, -1, index.expand(shape)[..., None])[..., 0]
''',
    "_plain": '''
def _plain(*tensors):
    """Whether they have memory of their own, as they have not under torch.compile and torch.func."""
    if torch.compiler.is_compiling():
        return False
    try:
        return all(t.data_ptr() >= 0 for t in tensors if isinstance(t, torch.Tensor))
    except RuntimeError:
        return False
''',
    "_some": '''
def _some(mask):
    """Whether an entry is set; it is supposed where to know would wait for an accelerator, or there are no values."""
    return mask.device.type != "cpu" or not _plain(mask) or bool(torch.any(mask))
''',
    "_finite": '''
def _finite(value, weight):
    """The value, and 0 where the weight is 0 and so will not count: 0 * -inf would be nan."""
    return torch.where(weight == 0, 0, value) if _some(torch.isneginf(torch.amin(value, dim=-1))) else value
''',
    "_positive": '''
def _positive(value, weight):
    """The value, and 1 where the weight is 0 and so the logarithm of the value will not count."""
    return torch.where(weight == 0, 1, value) if _some(~(torch.amin(value, dim=-1) > 0)) else value
''',
    **torch_rows.HELPERS,
    "_weighted": '''
def _weighted(z, weight, scale):
    """As _shifted, with the largest entry of a weight that is not 0, and sum(weight * exp(d))."""
    d, top = _shifted(torch.where(weight == 0, -torch.inf, z), scale, z)
    d = torch.where(torch.isneginf(top), top, d)  # without weights, all are -inf
    total = torch.sum(weight * torch.exp(torch.where(weight == 0, -torch.inf, d)), dim=-1, keepdim=True)
    return d, top, torch.where(torch.isneginf(top), 1, total)
''',
    "_softplus": '''
def _softplus(x):
    """log(1 + exp(x)); beyond 40, x itself to the last digit."""
    return torch.nn.functional.softplus(x, threshold=40)
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
    **{name: text for name, text in shared("torch").items() if name not in ("_sizes", "_bisected")},
    "_bisected": '''
def _ordered(values, kind):
    """Floating-point numbers as integers in the same order, or back; `kind` is the type wanted."""
    bits = values if kind.is_floating_point else values.view(kind)
    bits = torch.where(bits < 0, torch.iinfo(bits.dtype).min - bits, bits)
    return bits.view(kind) if kind.is_floating_point else bits


def _bisected(gap, zero, low, high):
    """Where gap, continuous and monotone between low and high, is 0: by bisection, entry by entry.

    The ends are moved outwards until gap has two signs there. Then the numbers between them are halved, not their
    distance: as many steps as the type has bits give the last digit. No branch depends on a value, but to stop early;
    gap takes a tensor of the shape of `zero` and any batch axes.
    """
    largest, kind = float(torch.finfo(zero.dtype).max), {2: torch.int16, 4: torch.int32, 8: torch.int64}[zero.itemsize]

    def end(n, side):
        far, near = min(4.0**n, largest), 4.0**-n / 4
        if math.isfinite(low) and math.isfinite(high):
            return low + (high - low) * near if side < 0 else high - (high - low) * near
        if side < 0:
            return low + near if math.isfinite(low) else -far
        return high - near if math.isfinite(high) else far

    left, right = zero + end(0, -1), zero + end(0, 1)
    at_left, at_right = torch.sign(gap(left)), torch.sign(gap(right))
    for n in (1, 2, 4, 8, 16, 32, 63, 128, 256, 511):
        wide = at_left * at_right > 0
        if not _some(wide):
            break
        left, right = torch.where(wide, end(n, -1), left), torch.where(wide, end(n, 1), right)
        at_left, at_right = torch.sign(gap(left)), torch.sign(gap(right))

    def halved(n, first, last):
        middle = (first >> 1) + (last >> 1) + (first & last & 1)
        stays = torch.sign(gap(_ordered(middle, zero.dtype))) == at_left
        return n + 1, torch.where(stays, middle, first), torch.where(stays, last, middle)

    steps = 8 * zero.itemsize
    first, last = _ordered(left, kind), _ordered(right, kind)
    if torch.compiler.is_compiling() and hasattr(torch, "while_loop"):
        start = torch.zeros((), dtype=torch.int64, device=zero.device)
        _, first, last = torch.while_loop(lambda n, first, last: n < steps, halved, (start, first, last))
    else:
        for n in range(steps):
            if not _some(last > first + 1):
                break
            _, first, last = halved(n, first, last)
    root = torch.where(at_left == 0, left, _ordered(last, zero.dtype))
    return torch.where(at_left * at_right <= 0, root, torch.nan)
''',
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
    **torch_rows.NEEDS,
    **dict.fromkeys((*OPERATIONS, "_some", "_label"), ("_plain",)),
    **sharding_helpers.TORCH_NEEDS,
    "_root": ("_bisected",),
    "_bisected": ("_some",),
    "_scaled": ("_some",),
    "_finite": ("_some",),
    "_positive": ("_some",),
    "_weighted": ("_shifted",),
    "_weighted_logsumexp": ("_weighted",),
    "_weighted_log_softmax": ("_weighted",),
    "_weighted_softmax": ("_weighted",),
}
