"""The words of PyTorch, and its autograd.Function around a function whose gradient was proved.

Contract. The source imports torch and the standard library alone. Functions take tensors, NumPy arrays and numbers,
with any leading batch axes; they run under torch.compile without a graph break, and under torch.func. Where a backward
function is known, the function is differentiated by it, and never by autograd: an argument in which nothing was
proved must not require a gradient. Writing imports no torch.

Blind spot. Outside of torch.compile, temporaries are PyTorch's own: one tensor per operation.
"""

from __future__ import annotations

from collections.abc import Sequence

from .dialect import ADD, ARITHMETIC, ATOM, NAMESAKES, Dialect, calls
from .documentation import docstring
from .module import Routine
from .names import identifier
from .statements import Body
from .torch_helpers import HELPERS, NEEDS
from .writer import defined, function, indented, lengths, module, prologue, tuple_of

TORCH = Dialect(
    module="torch",
    imports=(
        "import functools",
        "import math",
        "import torch",
        "from torch.autograd.function import once_differentiable",
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
        "relentr": ("_relentr({}, {})", ATOM, (ADD, ADD)),
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
        "reversed": "torch.flip({}, (-1,))",
        "beside": ", device={}.device",
    },
    cumulative={
        "sum": "torch.cumsum({}, dim=-1)",
        "logsumexp": "torch.logcumsumexp({}, dim=-1)",
        "max": "torch.cummax({}, dim=-1).values",
        "scaled": "_scaled_cumsum({}, {})",
    },
    helpers=HELPERS,
    needs=NEEDS,
    typed="dtype, device = {0}.dtype, {0}.device",
    untyped="dtype, device = torch.float64, None",
    folds=frozenset({"sum"}),
)
NOTE = """Arguments may be tensors, NumPy arrays and numbers. A function that says so is differentiated by the
derivatives that were proved, through torch.autograd.Function. The others are differentiated by autograd, operation by
operation."""


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a module with these functions."""
    return module(TORCH, f"{header}\n\n{NOTE}", [part for r in routines for part in _parts(r)])


def _parts(r: Routine) -> list[tuple[str, set[str]]]:
    if r.backward is None:
        return [function(r, TORCH)]
    body = Body(r, TORCH)
    given = ", ".join(p.name for p in r.parameters)
    lines = prologue(body)
    constants = [p.name for p in r.parameters if not p.label and p.name not in r.backward.named]
    if constants:
        lines.append(f"{body.helper('_no_gradient')}({', '.join(f'{c}={c}' for c in constants)})")
    lines.append(f"return {_class(r)}.apply({given})")
    return [*_classes(r), (defined(r, lines, _note(r, constants)), body.helpers)]


def _note(r: Routine, constants: Sequence[str]) -> str:
    assert r.backward is not None
    what = "by the proved gradient" if r.name == "loss" else "by the proved Jacobian"
    times = "twice, by the proved gradient and Hessian" if r.backward.backward else f"once, {what}"
    note = f"Differentiable in {' and '.join(r.backward.named)}, {times}."
    if constants:
        note += f" No gradient was derived in {' and '.join(constants)}: constants."
    return note


def _class(r: Routine) -> str:
    return "_" + "".join(word.capitalize() for word in r.name.split("_"))


def _words(r: Routine) -> str:
    name, _, backward = r.name.partition("_")
    return f"The backward function of {name}" if backward else name


def _classes(r: Routine) -> list[tuple[str, set[str]]]:
    """The autograd.Function of a function with a backward function, after the one that its backward calls."""
    assert r.backward is not None
    forward = Body(r, TORCH)
    value = forward.value(plain=True)
    inner = _classes(r.backward) if r.backward.backward else []
    backward, helpers = _backward(r)
    text = f"class {_class(r)}(torch.autograd.Function):\n"
    text += docstring(f"{_words(r)}, differentiated by what was proved.", "    ")
    text += "\n    generate_vmap_rule = True\n"
    text += f"\n    @staticmethod\n    def forward({', '.join(p.name for p in r.parameters)}):\n"
    text += indented([*lengths(forward), *forward.types(), *forward.lines, f"return {value}"], 2)
    text += "\n    @staticmethod\n    def setup_context(ctx, inputs, output):\n        ctx.save_for_backward(*inputs)\n"
    once = "" if r.backward.backward else "    @once_differentiable\n"
    text += f"\n    @staticmethod\n{once}    def backward(ctx, {', '.join(r.seeds)}):\n"
    return [*inner, (text + indented(backward, 2), forward.helpers | helpers)]


def _backward(r: Routine) -> tuple[list[str], set[str]]:
    """The statements of backward: the gradient for each argument, None where there is none."""
    assert r.backward is not None
    body = Body(r.backward, TORCH, [*(p.name for p in r.parameters), "ctx"])
    lines = [f"{tuple_of([p.name for p in r.parameters])} = ctx.saved_tensors"]
    if r.backward.backward is None:
        shown = {identifier(x.name): body.returned(x) for x in r.backward.results}
        lines += [*lengths(body), *body.types(), *body.lines]
    else:
        shown = {name: f"{name}_bar" for name in r.backward.named}
        given = ", ".join(p.name for p in r.backward.parameters)
        lines.append(f"{', '.join(shown.values())} = {_class(r.backward)}.apply({given})")
    fitted = [f"_fit({shown[p.name]}, {p.name})" if p.name in shown else "None" for p in r.parameters]
    return [*lines, f"return {', '.join(fitted)}"], body.helpers | {"_fit"}
