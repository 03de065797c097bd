"""The words of NumPy, for a stand-alone module.

Contract. The source imports numpy and the standard library alone. Every function takes any leading batch axes, keeps
float32, checks the lengths of its arguments and computes each shared value once. A large array that is not needed any
more is written over, never an argument.

Blind spot. Where all is numbers with batch axes, an expression of several operations leaves its temporaries to NumPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import stream_writer
from .dialect import ADD, ARITHMETIC, ATOM, NAMESAKES, Dialect, calls
from .frugal import frugal
from .module import Routine
from .numpy_helpers import HELPERS, NEEDS
from .streaming_helpers import NEEDS as STREAMING_NEEDS
from .streaming_helpers import OPERATIONS as STREAMING
from .streaming_helpers import streaming
from .writer import function, module

NUMPY = Dialect(
    module="np",
    imports=("import math", "import numpy as np"),
    operations={
        **ARITHMETIC,
        **calls({name: f"np.{name}({{}})" for name in NAMESAKES}),
        **calls(
            {
                "softplus": "_softplus({})",
                "relu": "np.maximum({}, 0)",
                "step": "np.heaviside({}, 0)",
                "sigmoid": "_sigmoid({})",
                "log1mexp": "_log1mexp({})",
                "lgamma": "_lgamma({})",
                "expm1_minus": "_expm1_minus({})",
            }
        ),
        "log_add": ("np.logaddexp({}, {})", ATOM, (ADD, ADD)),
        "relentr": ("_relentr({}, {})", ATOM, (ADD, ADD)),
        **STREAMING,
        "real": ("{}.astype(dtype)", ATOM, (ATOM,)),
    },
    forms={
        "array": "np.asarray({})",
        "static": "np.asarray({}, dtype)",
        "transpose": "np.swapaxes({}, -1, -2)",
        "permute": "np.moveaxis({}, {}, {})",
        "fold": "np.{}({}, axis={})",
        "einsum": 'np.einsum("{}", {})',
        "einsum of several": 'np.einsum("{}", {}, optimize=True)',
        "kept": "_kept({}, {})",
        "positive": "_positive({}, {})",
        "decay": "_decay({})",
        "logistic pair": "_softplus_and_sigmoid({})",
        "where": "np.where({} == 0, {}, {})",
        "eye": "np.eye({}, dtype=dtype)",
        "equal": "({} == {}).astype(dtype)",
        "inverse": "np.linalg.inv({})",
        "det": "np.linalg.det({})",
        "logdet": "np.linalg.slogdet({})[1]",
        "solve": "np.linalg.solve({}, {}[..., None])[..., 0]",
        "diagonal": "np.diagonal({}, axis1=-2, axis2=-1)",
        "zeros": "np.zeros({}, dtype)",
        "range": "np.arange({})",
        "argsort": 'np.argsort({}, axis=-1, kind="stable")',
        "root": "_root({}, {}, dtype{})",
        "larger": "np.maximum({0}, np.max({1}, axis=-1))",
        "place": "np.asarray({})",
        "reversed": "{}[..., ::-1]",
        "copy": "np.array({})",
        "over": "np.{}({}, out={})",
    },
    cumulative={
        "sum": "np.cumsum({}, axis=-1)",
        "logsumexp": "np.logaddexp.accumulate({}, axis=-1)",
        "max": "np.maximum.accumulate({}, axis=-1)",
        "scaled": "_scaled_cumsum({}, {})",
    },
    helpers={**HELPERS, **streaming("np")},
    needs={**NEEDS, **STREAMING_NEEDS},
    typed={"dtype": "{}.dtype"},
    untyped={"dtype": "np.dtype(np.float64)"},
    in_place=True,
    softmax_times=True,
)

STREAMED = replace(NUMPY, in_place=False)  # a loop over chunks reads at every turn what stands before it


def write(routines: Sequence[Routine], header: str) -> str:
    """The source of a module with these functions."""
    return module(NUMPY, header, [_written(r) for r in routines])


def _written(r: Routine) -> tuple[str, set[str]]:
    return stream_writer.function(r, STREAMED) if r.stream else function(frugal(r), NUMPY)
