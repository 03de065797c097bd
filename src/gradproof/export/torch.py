"""The words of PyTorch, and its autograd.Function around a function whose gradient was proved.

Contract. The source imports torch and the standard library alone. Functions take tensors, NumPy arrays and numbers,
with any leading batch axes; they run under torch.compile without a graph break, and under torch.func. Where a backward
function is known, the function is differentiated by it, and never by autograd: an argument in which nothing was
proved must not require a gradient. Writing imports no torch.

Blind spot. Outside of torch.compile, temporaries are PyTorch's own: one tensor per operation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import stream_writer
from .dialect import ADD, ARITHMETIC, ATOM, NAMESAKES, Dialect, calls
from .kept import Kept, kept
from .module import Routine
from .picked import prepared
from .statements import Body, returned_tuple
from .streaming_helpers import NEEDS as STREAMING_NEEDS
from .streaming_helpers import OPERATIONS as STREAMING
from .streaming_helpers import streaming
from .torch_helpers import HELPERS, NEEDS
from .writer import defined, function, indented, lengths, module, prologue, tuple_of

TORCH = Dialect(
    module="torch",
    imports=(
        "import functools",
        "import math",
        "import torch",
    ),
    operations={
        **ARITHMETIC,
        **calls({name: f"torch.{name}({{}})" for name in NAMESAKES}),
        **calls(
            {
                "softplus": "_softplus({})",
                "relu": "torch.relu({})",
                "sigmoid": "torch.sigmoid({})",
                "log1mexp": "_log1mexp({})",
                "lgamma": "torch.lgamma({})",
                "expm1_minus": "_expm1_minus({})",
                "step": "({} > 0).to(dtype)",
            }
        ),
        "log_add": ("torch.logaddexp({}, {})", ATOM, (ADD, ADD)),
        "relentr": ("_relentr({}, {})", ATOM, (ADD, ADD)),
        **STREAMING,
        "real": ("{}.to(dtype)", ATOM, (ATOM,)),
    },
    forms={
        "array": "torch.as_tensor({})",
        "static": "torch.full((), {}, dtype=dtype, device=device)",
        "transpose": "torch.swapaxes({}, -1, -2)",
        "permute": "torch.movedim({}, {}, {})",
        "fold": "torch.{}({}, dim={})",
        "einsum": 'torch.einsum("{}", {})',
        "dot": "torch.linalg.vecdot({}, {})",
        "einsum of several": 'torch.einsum("{}", {})',
        "where": "torch.where({} == 0, {}, {})",
        "kept": "_finite({}, {})",
        "positive": "_positive({}, {})",
        "eye": "torch.eye({}, dtype=dtype, device=device)",
        "equal": "({} == {}).to(dtype)",
        "inverse": "torch.linalg.inv({})",
        "det": "torch.linalg.det({})",
        "logdet": "torch.linalg.slogdet({})[1]",
        "solve": "torch.linalg.solve({}, {}[..., None])[..., 0]",
        "diagonal": "torch.diagonal({}, dim1=-2, dim2=-1)",
        "zeros": "torch.zeros({}, dtype=dtype, device=device)",
        "range": "torch.arange({}, device=device)",
        "argsort": "torch.argsort({}, dim=-1, stable=True)",
        "root": "_root({0}, torch.zeros({3}, dtype=dtype, device=device){2})",
        "larger": "torch.maximum({0}, torch.amax({1}, dim=-1))",
        "place": "torch.tensor({}, device=device)",
        "reversed": "torch.flip({}, (-1,))",
        "copy": "{}.clone()",
        **{f"over by {name}": f"{{2}}.{name}_()" for name in (*NAMESAKES, "sigmoid")},
        "over by negative": "{2}.neg_()",
        "beside": ", device={}.device",
        "across sum": "_all_sum({}, group)",
        "across prod": '_all_reduce({}, "PRODUCT", group)',
        "shard": "_shard({}, {}, group)",
        "group": "group",
        "group parameter": "group=None",
        "constant": "@torch.no_grad()",
    },
    cumulative={
        "sum": "torch.cumsum({}, dim=-1)",
        "logsumexp": "torch.logcumsumexp({}, dim=-1)",
        "max": "torch.cummax({}, dim=-1).values",
        "scaled": "_scaled_cumsum({}, {})",
    },
    helpers={**HELPERS, **streaming("torch")},
    needs={**NEEDS, **STREAMING_NEEDS},
    typed={"dtype": "{}.dtype", "device": "{}.device"},
    untyped={"dtype": "torch.float64", "device": "None"},
    folds=frozenset({"sum"}),
    numbers=False,
)
OVER = replace(TORCH, in_place=True)  # where nothing is recorded
NOTE = """Arguments may be tensors, NumPy arrays and numbers. A function that says so is differentiated by the
derivatives that were proved, through torch.autograd.Function. The others are differentiated by autograd, operation by
operation."""


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a module with these functions."""
    return module(TORCH, f"{header}\n\n{NOTE}", [part for r in routines for part in _parts(prepared(r))])


def _parts(r: Routine) -> list[tuple[str, set[str]]]:
    if r.stream:
        return [stream_writer.function(r, TORCH)]
    if r.backward is None:
        text, helpers = function(r, TORCH)
        return [_precise(f"@torch.no_grad()\n{text}" if r.shard else text, helpers)]
    body = Body(r, TORCH)
    given = ", ".join(p.name for p in r.parameters)
    lines = prologue(body)
    constants = [p.name for p in r.parameters if not p.label and p.name not in r.backward.named]
    if constants:
        lines.append(f"{body.helper('_no_gradient')}({', '.join(f'{c}={c}' for c in constants)})")
    group, more = (", group", ["group=None"]) if r.shard else ("", [])
    if kept(r):
        recorded = " or ".join(f"{n}.requires_grad" for n in r.backward.named)
        recorded = f"({recorded})" if " or " in recorded else recorded
        lines.append(f"differentiated = torch.is_grad_enabled() and {recorded}")
        lines.append(f"return {_class(r)}.apply({given}, differentiated)[0]")
    else:
        lines.append(f"return {_class(r)}.apply({given}{group})")
    return [*_classes(r), _precise(defined(r, lines, _note(r, constants), more), body.helpers)]


def _precise(text: str, helpers: set[str]) -> tuple[str, set[str]]:
    return f"@_full_precision\n{text}", helpers | {"_full_precision"}


def _note(r: Routine, constants: Sequence[str]) -> str:
    assert r.backward is not None
    what = "gradient" if r.name == "loss" else "Jacobian"
    times, by = ("twice", f"{what} and Hessian") if r.backward.backward else ("once", what)
    where = f", valid where {r.backward.formula}" if r.backward.formula else ""
    note = f"Differentiable {times} in {', '.join(r.backward.named)}, by the proved {by}{where}."
    return f"{note} Constants, in which no gradient was derived: {', '.join(constants)}." if constants else note


def _class(r: Routine) -> str:
    return "_" + "".join(word.capitalize() for word in r.name.split("_"))


DERIVED = ("{}", "the gradient of {}", "the second derivative of {}")
CLASS = """\
class {name}(torch.autograd.Function):
    \"""{title}.\"""

    generate_vmap_rule = True

    @staticmethod
    def forward({given}):
{forward}
    @staticmethod
    def setup_context(ctx, inputs, output):
{setup}
    @staticmethod
    def backward(ctx, {upstream}):
{backward}"""


def _classes(r: Routine) -> list[tuple[str, set[str]]]:
    """The autograd.Function of a function that is differentiated by what was proved, after those that it calls."""
    if (both := kept(r)) is not None:
        return [*_classes(both.backward), _keeping(r, both)]
    body = Body(r, OVER, ["ctx", "inputs", "output"])
    forward = body.all(plain=True)
    given = [*(p.name for p in r.parameters), *(["group"] if r.shard else [])]
    text = _filled(r, given, [*lengths(body, forward), *forward], _setup(r), _backward(r))
    return [*(_classes(r.backward) if r.backward else []), (text, body.helpers | {"_fit"})]


def _keeping(r: Routine, both: Kept) -> tuple[str, set[str]]:
    """The same for a function that keeps its gradient, unless the caller wants none."""
    assert r.backward is not None
    body = Body(both.forward, OVER, ["ctx", "inputs", "output", "differentiated"])
    value, *arrays = both.forward.results
    first = body.returned(value, "value")
    count = len(body.lines)
    kept = [body.returned(a) for a in arrays]
    forward = [
        *body.types(first, *kept),
        *body.lines[:count],
        *([] if first == "value" else [f"value = {first}"]),
        "if not differentiated:",
        "    return (value,)",
        *body.lines[count:],
        *returned_tuple(["value"], *([k] for k in kept)),
    ]
    names = [p.name for p in r.parameters]
    shapes = {n: f"ctx.{n}_shape" for n in r.backward.named}
    setup = [f"{shown} = inputs[{names.index(n)}].shape" for n, shown in shapes.items()]
    setup += ["ctx.set_materialize_grads(False)", "ctx.save_for_backward(*output[1:])"]
    shown = {n: f"{n}_bar" for n in r.backward.named}
    given = ", ".join(p.name for p in both.backward.parameters)
    fitted = [f"_fit({shown[n]}, {shapes[n]})" if n in shown else "None" for n in names]
    backward = [
        f"if {r.seeds[0]} is None:",
        f"    return {', '.join(['None'] * (len(names) + 1))}",
        f"{tuple_of([a.name for a in arrays])} = ctx.saved_tensors",
        f"{', '.join(shown.values())} = {_class(both.backward)}.apply({given})",
        f"return {', '.join([*fitted, 'None'])}",
    ]
    forward = [*lengths(body, forward), *forward]
    text = _filled(r, [*names, "differentiated"], forward, setup, backward, [*r.seeds, "*_"])
    return text, body.helpers | {"_fit"}


def _filled(
    r: Routine,
    given: Sequence[str],
    forward: Sequence[str],
    setup: Sequence[str],
    backward: Sequence[str],
    upstream: Sequence[str] = (),
) -> str:
    function, *times = r.name.split("_")
    what = DERIVED[len(times)].format(function)
    refused = f'raise RuntimeError("{what} is not to be differentiated here: its derivative was not derived")'
    return CLASS.format(
        name=_class(r),
        title=f"{what}, differentiated {'by what was proved' if r.backward else 'no further'}".capitalize(),
        given=", ".join(given),
        forward=indented(forward, 2),
        setup=indented(setup, 2),
        upstream=", ".join(upstream or r.seeds) if r.backward else "*upstream",
        backward=indented(backward if r.backward else [refused], 2),
    )


def _setup(r: Routine) -> list[str]:
    if r.backward is None:
        return ["pass"]
    sharded = ["ctx.save_for_backward(*inputs[:-1])", "ctx.group = inputs[-1]"]
    return sharded if r.shard else ["ctx.save_for_backward(*inputs)"]


def _backward(r: Routine) -> list[str]:
    """The statements of backward: the gradient for each argument, None where there is none."""
    if r.backward is None:
        return []
    shown = {name: f"{name}_bar" for name in r.backward.named}
    given = ", ".join([*(p.name for p in r.backward.parameters), *(["ctx.group"] if r.shard else [])])
    fitted = [f"_fit({shown[p.name]}, {p.name}.shape)" if p.name in shown else "None" for p in r.parameters]
    fitted += ["None"] if r.shard else []
    return [
        f"{tuple_of([p.name for p in r.parameters])} = ctx.saved_tensors",
        f"{', '.join(shown.values())} = {_class(r.backward)}.apply({given})",
        f"return {', '.join(fitted)}",
    ]
