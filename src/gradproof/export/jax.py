"""The words of JAX, and its custom_vjp around a function whose gradient was proved.

Contract. The source imports jax and the standard library alone. Functions take any arrays and numbers, with any leading
batch axes; they run under jit, vmap and grad. Where a backward function is known, the function is differentiated by it,
in reverse mode; to differentiate it in an argument in which nothing was proved is an error. Writing imports no jax.

Blind spot. Where no second derivative was proved, JAX differentiates the proved gradient by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from . import stream_writer
from .dialect import ADD, ARITHMETIC, ATOM, NAMESAKES, Dialect, calls
from .jax_helpers import HELPERS, NEEDS
from .module import Routine
from .names import identifier
from .statements import Body
from .streaming_helpers import NEEDS as STREAMING_NEEDS
from .streaming_helpers import OPERATIONS as STREAMING
from .streaming_helpers import streaming
from .writer import defined, function, indented, lengths, module, prologue, tuple_of

JAX = Dialect(
    module="jnp",
    imports=("import functools", "import math", "import jax", "import jax.numpy as jnp"),
    operations={
        **ARITHMETIC,
        **calls({name: f"jnp.{name}({{}})" for name in NAMESAKES}),
        **calls(
            {
                "softplus": "jnp.logaddexp(0, {})",
                "relu": "jax.nn.relu({})",
                "sigmoid": "jax.nn.sigmoid({})",
                "log1mexp": "_log1mexp({})",
                "lgamma": "jax.lax.lgamma({})",
                "expm1_minus": "_expm1_minus({})",
                "step": "({} > 0).astype(dtype)",
            }
        ),
        "log_add": ("jnp.logaddexp({}, {})", ATOM, (ADD, ADD)),
        "relentr": ("_relentr({}, {})", ATOM, (ADD, ADD)),
        **STREAMING,
        "real": ("{}.astype(dtype)", ATOM, (ATOM,)),
    },
    forms={
        "array": "jnp.asarray({})",
        "static": "jnp.asarray({}, dtype)",
        "transpose": "jnp.swapaxes({}, -1, -2)",
        "permute": "jnp.moveaxis({}, {}, {})",
        "fold": "jnp.{}({}, axis={})",
        "einsum": 'jnp.einsum("{}", {})',
        "einsum of several": 'jnp.einsum("{}", {})',
        "where": "jnp.where({} == 0, {}, {})",
        "eye": "jnp.eye({}, dtype=dtype)",
        "equal": "({} == {}).astype(dtype)",
        "inverse": "jnp.linalg.inv({})",
        "det": "jnp.linalg.det({})",
        "logdet": "jnp.linalg.slogdet({})[1]",
        "solve": "jnp.linalg.solve({}, {}[..., None])[..., 0]",
        "diagonal": "jnp.diagonal({}, axis1=-2, axis2=-1)",
        "zeros": "jnp.zeros({}, dtype)",
        "range": "jnp.arange({})",
        "argsort": "jnp.argsort({}, axis=-1)",
        "root": "_root({0}, jnp.zeros({3}, dtype){2})",
        "larger": "jnp.maximum({0}, jnp.max({1}, axis=-1))",
        "place": "jnp.asarray({})",
        "reversed": "{}[..., ::-1]",
        "across sum": "_all_sum({}, axis_name)",
        "across prod": "_all_prod({}, axis_name)",
        "shard": "_shard({}, {}, axis_name)",
        "group": "axis_name",
        "group parameter": "axis_name",
    },
    cumulative={
        "sum": "jnp.cumsum({}, axis=-1)",
        "logsumexp": "_cumlogsumexp({})",
        "max": "_cummax({})",
        "scaled": "_scaled_cumsum({}, {})",
    },
    helpers={**HELPERS, **streaming("jnp")},
    needs={**NEEDS, **STREAMING_NEEDS},
    typed={"dtype": "{}.dtype"},
    untyped={"dtype": "jnp.result_type(float)"},
)
NOTE = """JAX computes in float32, whatever it is given, unless jax_enable_x64 is set. A function that says so is
differentiated by the derivatives that were proved, through jax.custom_vjp, in reverse mode: for a Hessian use
jax.jacrev(jax.grad(loss)). The others are differentiated by JAX, operation by operation."""


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a module with these functions."""
    return module(JAX, f"{header}\n\n{NOTE}", [part for r in routines for part in _parts(r)])


def _parts(r: Routine) -> list[tuple[str, set[str]]]:
    if r.stream:
        return [stream_writer.function(r, JAX)]
    if r.backward is None:
        return [function(r, JAX)]
    body = Body(r, JAX)
    given = ", ".join(p.name for p in r.parameters)
    lines = prologue(body)
    constants = [p.name for p in r.parameters if not p.label and p.name not in r.backward.named]
    lines += [f'{c} = {body.helper("_no_gradient")}("{c}", {c})' for c in constants]
    more = ["axis_name"] if r.shard else []
    lines.append(f"return _{r.name}({', '.join([given, *more])})")
    return [*_rules(r), (defined(r, lines, _note(r, constants), more), body.helpers)]


def _note(r: Routine, constants: Sequence[str]) -> str:
    assert r.backward is not None
    what = "gradient" if r.name == "loss" else "Jacobian"
    by = f"{what} and Hessian" if r.backward.backward else what
    where = f", valid where {r.backward.formula}" if r.backward.formula else ""
    note = f"Differentiable in {', '.join(r.backward.named)}, by the proved {by}{where}."
    return f"{note} Constants, in which no gradient was derived: {', '.join(constants)}." if constants else note


def _rules(r: Routine) -> list[tuple[str, set[str]]]:
    """The custom_vjp of a function with a backward function, after the one that its backward calls."""
    assert r.backward is not None
    forward = Body(r, JAX)
    statements = forward.all(plain=True)
    inner = _rules(r.backward) if r.backward.backward else []
    backward, helpers = _backward(r)
    given, f = ", ".join(p.name for p in r.parameters), f"_{r.name}"
    saved = f"({given},)" if len(r.parameters) == 1 else f"({given})"
    more, rule = (", axis_name", f"functools.partial(jax.custom_vjp, nondiff_argnums=({len(r.parameters)},))")
    more, rule = (more, rule) if r.shard else ("", "jax.custom_vjp")
    text = f"@{rule}\ndef {f}({given}{more}):\n"
    text += indented([*lengths(forward), *statements], 1)
    text += f"\n\ndef {f}_fwd({given}{more}):\n    return {f}({given}{more}), {saved}\n"
    several = len(r.seeds) > 1
    text += f"\n\ndef {f}_bwd({'axis_name, ' if r.shard else ''}saved, {'upstreams' if several else r.seeds[0]}):\n"
    text += indented([*([f"{tuple_of(r.seeds)} = upstreams"] if several else []), *backward], 1)
    return [*inner, (text + f"\n\n{f}.defvjp({f}_fwd, {f}_bwd)\n", forward.helpers | helpers)]


def _backward(r: Routine) -> tuple[list[str], set[str]]:
    """The statements of the backward rule: the gradient for each argument, None where there is none."""
    assert r.backward is not None
    names = [p.name for p in r.parameters]
    body = Body(r.backward, JAX, [*names, "saved", "upstreams"])
    lines = [f"{tuple_of(names)} = saved"]
    if r.backward.backward is None:
        shown = {identifier(x.name): body.returned(x) for x in r.backward.results}
        lines += [*lengths(body), *body.types(*shown.values()), *body.lines]
    else:
        shown = {name: f"{name}_bar" for name in r.backward.named}
        given = ", ".join([*(p.name for p in r.backward.parameters), *(["axis_name"] if r.shard else [])])
        lines.append(f"{', '.join(shown.values())} = _{r.backward.name}({given})")
    fitted = [f"_fit({shown[n]}, {n})" if n in shown else "None" for n in names]
    return [*lines, f"return {tuple_of(fitted)}"], body.helpers | {"_fit"}
