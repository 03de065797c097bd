"""The words of PyTorch, and its autograd.Function around a function whose gradient was proved.

Contract. The source imports torch and the standard library alone. Functions take tensors, NumPy arrays and numbers,
with any leading batch axes; they run under torch.compile without a graph break, and under torch.func. Where a backward
function is known, the function is differentiated by it, and never by autograd: an argument in which nothing was
proved must not require a gradient. Writing imports no torch.

Blind spot. Outside of torch.compile, temporaries are PyTorch's own: one tensor per operation.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import stream_writer
from .dialect import ADD, ARITHMETIC, ATOM, NAMESAKES, Dialect, calls
from .module import Routine
from .statements import Body
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
        "static": "torch.tensor({}, dtype=dtype, device=device)",
        "transpose": "torch.swapaxes({}, -1, -2)",
        "permute": "torch.movedim({}, {}, {})",
        "fold": "torch.{}({}, dim={})",
        "einsum": 'torch.einsum("{}", {})',
        "einsum of several": 'torch.einsum("{}", {})',
        "where": "torch.where({} == 0, {}, {})",
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
)
NOTE = """Arguments may be tensors, NumPy arrays and numbers. A function that says so is differentiated by the
derivatives that were proved, through torch.autograd.Function. The others are differentiated by autograd, operation by
operation."""


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a module with these functions."""
    return module(TORCH, f"{header}\n\n{NOTE}", [part for r in routines for part in _parts(r)])


def _parts(r: Routine) -> list[tuple[str, set[str]]]:
    if r.stream:
        return [stream_writer.function(r, TORCH)]
    if r.backward is None:
        text, helpers = function(r, TORCH)
        return [(f"@torch.no_grad()\n{text}" if r.shard else text, helpers)]
    body = Body(r, TORCH)
    given = ", ".join(p.name for p in r.parameters)
    lines = prologue(body)
    constants = [p.name for p in r.parameters if not p.label and p.name not in r.backward.named]
    if constants:
        lines.append(f"{body.helper('_no_gradient')}({', '.join(f'{c}={c}' for c in constants)})")
    group, more = (", group", ["group=None"]) if r.shard else ("", [])
    lines.append(f"return {_class(r)}.apply({given}{group})")
    return [*_classes(r), (defined(r, lines, _note(r, constants), more), body.helpers)]


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
    body = Body(r, TORCH, ["ctx", "inputs", "output"])
    statements = body.all(plain=True)
    function, *backward = r.name.split("_")
    what = DERIVED[len(backward)].format(function)
    refused = f'raise RuntimeError("{what} is not to be differentiated here: its derivative was not derived")'
    text = CLASS.format(
        name=_class(r),
        title=f"{what}, differentiated {'by what was proved' if r.backward else 'no further'}".capitalize(),
        given=", ".join([*(p.name for p in r.parameters), *(["group"] if r.shard else [])]),
        forward=indented([*lengths(body), *statements], 2),
        setup=_setup(r),
        upstream=", ".join(r.seeds) if r.backward else "*upstream",
        backward=indented(_backward(r) if r.backward else [refused], 2),
    )
    return [*(_classes(r.backward) if r.backward else []), (text, body.helpers | {"_fit"})]


def _setup(r: Routine) -> str:
    if r.backward is None:
        return "pass"
    saved = "*inputs[:-1]" if r.shard else "*inputs"
    return f"ctx.save_for_backward({saved})" + (f"\n{' ' * 8}ctx.group = inputs[-1]" if r.shard else "")


def _backward(r: Routine) -> list[str]:
    """The statements of backward: the gradient for each argument, None where there is none."""
    assert r.backward is not None
    shown = {name: f"{name}_bar" for name in r.backward.named}
    given = ", ".join([*(p.name for p in r.backward.parameters), *(["ctx.group"] if r.shard else [])])
    fitted = [f"_fit({shown[p.name]}, {p.name})" if p.name in shown else "None" for p in r.parameters]
    fitted += ["None"] if r.shard else []
    return [
        f"{tuple_of([p.name for p in r.parameters])} = ctx.saved_tensors",
        f"{', '.join(shown.values())} = {_class(r.backward)}.apply({given})",
        f"return {', '.join(fitted)}",
    ]
