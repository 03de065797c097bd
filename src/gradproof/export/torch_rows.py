"""Softmax and its logarithm along the last axis, as the PyTorch functions that a written module carries along.

Contract. Right to rounding at every input: where p is near 1, log(p) and p - 1 follow from the sum of the others, and
where p underflows, log(p) follows from the logits. On the CPU PyTorch's own softmax does the work, and what few rows
need is done for these alone; elsewhere the same is done for all rows, as no value is looked at.

Blind spot. PyTorch's own softmax holds a row in one piece: rows are not split among threads.
"""

from __future__ import annotations

HELPERS = {
    "_in_steps": '''
def _in_steps(z):
    """Whether a softmax is taken in steps, which a compiler fuses; on the CPU, PyTorch's own is faster on long rows."""
    return z.device.type != "cpu" or z.shape[-1] < 16 or not _plain(z)
''',
    "_shifted": '''
def _shifted(z, scale, entries=None):
    """The entries of f, all if none are given, less the largest along the last axis, and that one; f = scale * z."""
    top = torch.amax(z, dim=-1, keepdim=True).detach()  # but a shift: it cancels in any derivative
    d = (z if entries is None else entries) - torch.where(torch.isneginf(top), 0, top)  # a row of -inf alone stays one
    if scale is None:
        return d, top
    return d * scale if d.requires_grad else _times(d, scale), scale * top
''',
    "_logsumexp": '''
def _logsumexp(z, scale=None):
    """log(sum(exp(f))) along the last axis, f = scale * z."""
    top = torch.amax(z if scale is None else scale * z, dim=-1)
    return torch.where(torch.isneginf(top), top, top - torch.amax(_log_softmax(z, scale), dim=-1))
''',
    "_log_softmax": '''
def _log_softmax(z, scale=None):
    """f - log(sum(exp(f))) along the last axis, f = scale * z; a row of -inf alone gives -inf."""
    if _in_steps(z):
        d, _ = _shifted(z, scale)
        e = torch.exp(d)
        total = torch.sum(e, dim=-1, keepdim=True)
        others = torch.sum(torch.where(d < 0, e, e - 1), dim=-1, keepdim=True)
        return d - torch.where(total < 2, torch.log1p(others), torch.log(torch.clamp(total, min=1)))
    log_p = torch.log_softmax(z if scale is None else _shifted(z, scale)[0], dim=-1)
    if torch.any(torch.isnan(log_p[..., :1])):
        log_p = torch.where(torch.isneginf(z), -torch.inf, log_p)
    return _near_one(log_p)
''',
    "_softmax_with_log": '''
def _softmax_with_log(z, scale=None):
    """exp(f) / sum(exp(f)) along the last axis, f = scale * z, and its logarithm."""
    if _in_steps(z):
        log_p = _log_softmax(z, scale)
        return torch.exp(log_p), log_p
    f = z if scale is None else _shifted(z, scale)[0]
    p, log_p = torch.softmax(f, dim=-1), torch.log_softmax(f, dim=-1)
    if torch.any(torch.isnan(p[..., :1])):
        p, log_p = torch.where(torch.isneginf(z), 0, p), torch.where(torch.isneginf(z), -torch.inf, log_p)
    return p, _near_one(log_p)
''',
    "_near_one": '''
def _near_one(log_p):
    """log(p), from the sum of the others where p is near 1: log(1 + others) has lost them."""
    flat = log_p.reshape(-1, log_p.shape[-1])
    near = torch.nonzero(torch.amax(flat, dim=-1) > -0.5)[:, 0]
    if not len(near):
        return log_p
    rows = flat[near]
    top, place = torch.max(rows, dim=-1, keepdim=True)
    others = torch.sum(torch.exp(rows).scatter(-1, place, 0), dim=-1)
    put = flat.index_put if flat.requires_grad else flat.index_put_
    return put((near, place[:, 0]), -torch.log1p(others / torch.exp(top[:, 0]))).reshape(log_p.shape)
''',
    "_softmax": '''
def _softmax(z, scale=None):
    """exp(f) / sum(exp(f)) along the last axis, f = scale * z; a row of -inf alone gives 0."""
    if _in_steps(z):
        d, top = _shifted(z, scale)
        e = torch.exp(d)
        return e / torch.where(torch.isneginf(top), 1, torch.sum(e, dim=-1, keepdim=True))
    p = torch.softmax(z if scale is None else _shifted(z, scale)[0], dim=-1)
    return torch.where(torch.isneginf(z), 0, p) if torch.any(torch.isnan(p[..., :1])) else p
''',
    "_put": '''
def _put(values, place, entry):
    """The values, a tensor that nothing else uses, with this entry at this place along the last axis."""
    if not _plain(values, place):
        return torch.where(torch.arange(values.shape[-1], device=values.device) == place, entry, values)
    put = values.scatter if values.requires_grad else values.scatter_
    return put(-1, place, entry)
''',
    "_add_at": '''
def _add_at(values, index, amount):
    """The values, a tensor that nothing else uses, with the amount added at the index along the last axis."""
    index = index if isinstance(index, torch.Tensor) else torch.full((), index, dtype=torch.int64, device=values.device)
    rows = amount.shape[:-1] if isinstance(amount, torch.Tensor) else ()
    place = index.expand(torch.broadcast_shapes(values.shape[:-1], index.shape, rows))[..., None]
    values = values.expand(place.shape[:-1] + values.shape[-1:]).contiguous()
    return _put(values, place, values.gather(-1, place) + amount)
''',
    "_softmax_at": '''
def _softmax_at(z, index, scale=None):
    """log(p) at the index along the last axis, and p less 1 there; p = softmax(scale * z). The other axes broadcast.

    Where p is near 1, both follow from the sum of the others, as a difference would lose it.
    """
    steps = _in_steps(z)
    row, top = _shifted(z, scale) if steps else (_softmax(z, scale), None)
    index = index if isinstance(index, torch.Tensor) else torch.full((), index, dtype=torch.int64, device=z.device)
    shape = torch.broadcast_shapes(row.shape[:-1], index.shape)
    place = index.expand(shape)[..., None]
    row = row.expand(shape + row.shape[-1:]).contiguous()
    at = row.gather(-1, place)
    if steps:
        e = torch.exp(row)
        rest = torch.sum(_put(e, place, 0), dim=-1, keepdim=True)
        rest = torch.where(torch.isneginf(top), 1, rest)
        total = torch.exp(at) + rest
        log_p = torch.where(at == 0, -torch.log1p(rest), at - torch.log(total))
        return log_p[..., 0], _put(e, place, -rest) / total
    near, far = at > 0.5, at < torch.finfo(at.dtype).tiny
    log_p, rest = torch.log(torch.where(far, 1, at)), 1 - at
    if torch.any(near):
        others = torch.sum(_put(row, place, 0), dim=-1, keepdim=True)
        log_p = torch.where(near, -torch.log1p(others / torch.where(near, at, 1)), log_p)
        rest = torch.where(near, others, rest)
    if torch.any(far):
        logit = z.expand(shape + z.shape[-1:]).gather(-1, place)
        d, _ = _shifted(z, scale, logit)
        log_p = torch.where(far, d + torch.log(torch.amax(row, dim=-1, keepdim=True)), log_p)
    return log_p[..., 0], _put(row, place, -rest)
''',
}
NEEDS = {
    **dict.fromkeys(("_in_steps", "_put"), ("_plain",)),
    "_shifted": ("_times",),
    "_logsumexp": ("_log_softmax",),
    "_log_softmax": ("_in_steps", "_near_one", "_shifted"),
    "_softmax_with_log": ("_in_steps", "_log_softmax", "_near_one", "_shifted"),
    "_add_at": ("_put",),
    "_softmax": ("_in_steps", "_shifted"),
    "_softmax_at": ("_in_steps", "_put", "_shifted", "_softmax"),
}
