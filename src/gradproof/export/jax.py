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
from .kept import Kept, kept
from .module import Routine
from .names import identifier
from .picked import prepared
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
    return module(JAX, f"{header}\n\n{NOTE}", [part for r in routines for part in _parts(prepared(r))])


def _parts(r: Routine) -> list[tuple[str, set[str]]]:
    if r.stream:
        return [stream_writer.function(r, JAX)]
    if r.backward is None:
        return [_precise(*function(r, JAX))]
    body = Body(r, JAX)
    given = ", ".join(p.name for p in r.parameters)
    lines = prologue(body)
    constants = [p.name for p in r.parameters if not p.label and p.name not in r.backward.named]
    lines += [f'{c} = {body.helper("_no_gradient")}("{c}", {c})' for c in constants]
    more = ["axis_name"] if r.shard else []
    lines.append(f"return _{r.name}({', '.join([given, *more])})")
    return [*_rules(r), _precise(defined(r, lines, _note(r, constants), more), body.helpers)]


def _precise(text: str, helpers: set[str]) -> tuple[str, set[str]]:
    return f"@_full_precision\n{text}", helpers | {"_full_precision"}


def _note(r: Routine, constants: Sequence[str]) -> str:
    assert r.backward is not None
    what = "gradient" if r.name == "loss" else "Jacobian"
    by = f"{what} and Hessian" if r.backward.backward else what
    where = f", valid where {r.backward.formula}" if r.backward.formula else ""
    note = f"Differentiable in {', '.join(r.backward.named)}, by the proved {by}{where}."
    return f"{note} Constants, in which no gradient was derived: {', '.join(constants)}." if constants else note


RULES = """\
@{rule}
def {f}({given}):
{value}

def {f}_fwd({given}):
{forward}

def {f}_bwd({saved}):
{backward}

{f}.defvjp({f}_fwd, {f}_bwd)
"""


def _rules(r: Routine) -> list[tuple[str, set[str]]]:
    """The custom_vjp of a function with a backward function, after the one that its backward calls."""
    assert r.backward is not None
    value = Body(r, JAX)
    statements = value.all(plain=True)
    both = kept(r)
    forward, saved, more = _keeping(r, both) if both else _saving(r)
    backward, helpers = _backward(both.backward if both else r.backward, r, saved)
    names = [p.name for p in r.parameters]
    rule = f"functools.partial(jax.custom_vjp, nondiff_argnums=({len(names)},))" if r.shard else "jax.custom_vjp"
    several = len(r.seeds) > 1
    upstreams = [f"{tuple_of(r.seeds)} = upstreams"] if several else []
    text = RULES.format(
        rule=rule,
        f=f"_{r.name}",
        given=", ".join([*names, *(["axis_name"] if r.shard else [])]),
        value=indented([*lengths(value, statements), *statements], 1),
        forward=indented(forward, 1),
        saved=f"{'axis_name, ' if r.shard else ''}saved, {'upstreams' if several else r.seeds[0]}",
        backward=indented([*upstreams, f"{tuple_of(saved)} = saved", *backward], 1),
    )
    inner = _rules(r.backward) if r.backward.backward and not both else []
    return [*inner, (text, value.helpers | helpers | more)]


def _tuple(names: Sequence[str]) -> str:
    return f"({names[0]},)" if len(names) == 1 else f"({', '.join(names)})"


def _saving(r: Routine) -> tuple[list[str], list[str], set[str]]:
    """The statements of a forward rule that saves the arguments, what it saves, and the helpers that it names."""
    names = [p.name for p in r.parameters]
    given = ", ".join([*names, *(["axis_name"] if r.shard else [])])
    return [f"return _{r.name}({given}), {_tuple(names)}"], names, set()


def _keeping(r: Routine, both: Kept) -> tuple[list[str], list[str], set[str]]:
    """The same for a function that keeps its gradient; the arguments go along for their shapes."""
    assert r.backward is not None
    body = Body(both.forward, JAX)
    value, *arrays = [body.returned(x) for x in both.forward.results]
    own = list(r.backward.named)
    saved = [*own, *(x.name for x in both.forward.results[1:])]
    named = [f"{name} = {shown}" for name, shown in zip(saved[len(own) :], arrays, strict=True) if name != shown]
    last = f"return {value}, {_tuple(saved)}"
    lines = [*body.types(value, *arrays), *body.lines, *named, last]
    return [*lengths(body, lines), *lines], saved, body.helpers


def _backward(backward: Routine, r: Routine, saved: Sequence[str]) -> tuple[list[str], set[str]]:
    """The statements of the backward rule: the gradient for each argument, None where there is none."""
    names = [p.name for p in r.parameters]
    body = Body(backward, JAX, [*names, *saved, "saved", "upstreams"])
    if backward.backward is None:
        shown = {identifier(x.name): body.returned(x) for x in backward.results}
        lines = [*body.types(*shown.values()), *body.lines]
        lines = [*lengths(body, [*lines, *shown.values()]), *lines]
    else:
        shown = {name: f"{name}_bar" for name in backward.named}
        given = ", ".join([*(p.name for p in backward.parameters), *(["axis_name"] if r.shard else [])])
        lines = [f"{', '.join(shown.values())} = _{backward.name}({given})"]
    fitted = [f"_fit({shown[n]}, {n})" if n in shown else "None" for n in names]
    return [*lines, f"return {tuple_of(fitted)}"], body.helpers | {"_fit"}
