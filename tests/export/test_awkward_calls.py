"""What a user does to exported functions besides calling them on tidy arrays: names, types, forks, copies."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from export_targets import TARGETS

import gradproof
from gradproof.errors import GradproofError
from gradproof.notation import POSITIVE, Sum, indices, log, scalar, size, softmax, vector

WORDS = """int double real out out2 row rows work threads register INFINITY NULL BLOCK z_step x_rows lambda np torch jnp
math dtype ctx"""


def cross_entropy(logits: str = "z", classes: str = "K") -> Any:
    K = size(classes)
    i, k = indices("i k", K)
    z, y, c = vector(logits, K), vector("yy", K), scalar("cc", POSITIVE)
    return gradproof.derive(-c * Sum(y[i] * log(softmax(z)[i]), i), wrt=z[k])


@pytest.fixture(scope="module")
def plain() -> Any:
    return cross_entropy()


@pytest.mark.parametrize("name", WORDS.split())
def test_any_name_of_an_argument_is_written_in_c(name: str) -> None:
    f = cross_entropy(name).export("c").functions
    loss, slope = f.loss_and_grad(np.array([1.0, 2.0]), 2.0, np.array([0.5, 0.5]))
    assert abs(loss - (2 * np.log(np.exp(1) + np.exp(2)) - 3)) < 1e-14
    assert abs(slope.sum()) < 1e-15


@pytest.mark.parametrize("name", ["row", "rows", "threads", "work", "int", "N_step", "log"])
def test_any_name_of_a_size_is_written_in_c(name: str) -> None:
    f = cross_entropy(classes=name).export("c").functions
    z = np.random.default_rng(0).normal(size=(40, 3))
    found = f.loss(z, 1.0, np.full(3, 1 / 3))
    assert np.allclose(found, np.log(np.exp(z).sum(-1)) - z.mean(-1), rtol=1e-13)


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_an_empty_batch_gives_an_empty_result(plain: Any, target: str) -> None:
    f = plain.export(target).functions
    empty: Any = np.zeros((0, 3))
    if target == "torch":
        import torch

        empty = torch.tensor(empty)
    loss, slope = f.loss_and_grad(empty, 1.0, empty)
    assert tuple(loss.shape) == (0,)
    assert tuple(slope.shape) == (0, 3)


@pytest.mark.parametrize("target", ["numpy", "c"])
@pytest.mark.parametrize(
    "wrong",
    [np.zeros(3, complex), np.array(["1", "2", "3"]), np.zeros(3, "M8[s]"), np.ma.masked_array([1.0, 2, 3]), None],
    ids=["complex", "text", "dates", "masked", "nothing"],
)
def test_what_is_no_array_of_real_numbers_is_refused(plain: Any, target: str, wrong: Any) -> None:
    with pytest.raises(TypeError, match="expected arrays of real numbers"):
        plain.export(target).functions.loss(wrong, 1.0, np.ones(3))


@pytest.mark.parametrize("target", TARGETS[1:3], indirect=True)
@pytest.mark.parametrize("wrong", [1j * np.zeros(3), None, "abc"], ids=["complex", "nothing", "text"])
def test_torch_and_jax_refuse_it_too(plain: Any, wrong: Any, target: str) -> None:
    with pytest.raises((TypeError, ValueError), match=r"real numbers|valid value|valid JAX"):
        plain.export(target).functions.loss(wrong, 1.0, [0.2, 0.3, 0.5])


FORK = """
import os, select, signal
import numpy as np
import gradproof

f = gradproof.catalogue()["A12"].prove().export("c").functions
z, y = np.zeros((4096, 64)), np.full((4096, 64), 1 / 64)
f.loss(z, y)
reading, writing = os.pipe()
child = os.fork()
if child == 0:
    os.write(writing, b"1" if f.loss(z, y).shape == (4096,) else b"0")
    os._exit(0)
ready = select.select([reading], [], [], 60)[0]
if not ready:
    os.kill(child, signal.SIGKILL)
os.waitpid(child, 0)
print("done" if ready and os.read(reading, 1) == b"1" else "waits for ever")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_child_process_does_not_wait_for_threads() -> None:
    path = os.pathsep.join(p for p in sys.path if p)
    environment = {**os.environ, "OMP_NUM_THREADS": "2", "PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "done", done.stderr


def test_a_command_that_does_not_end_is_no_compiler(plain: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", "gcc 'a")
    with pytest.raises(GradproofError, match="CC is not a command"):
        _ = plain.export("c").functions


def test_a_cache_that_cannot_be_written(plain: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gradproof").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(GradproofError, match="XDG_CACHE_HOME"):
        _ = plain.export("c").functions


@pytest.mark.parametrize("target", TARGETS, indirect=True)
def test_code_is_copied_and_stored(plain: Any, target: str) -> None:
    code = plain.export(target)
    before = np.asarray(code.functions.loss([1.0, 2.0], 1.0, [0.5, 0.5]))
    for other in (copy.deepcopy(code), pickle.loads(pickle.dumps(code))):
        assert other.source == code.source
        assert np.asarray(other.functions.loss([1.0, 2.0], 1.0, [0.5, 0.5])) == before


def test_terms_and_proofs_come_back_from_storage(plain: Any) -> None:
    term = plain.proposition
    assert pickle.loads(pickle.dumps(term)) == term
    assert copy.deepcopy(term) == term
    assert pickle.loads(pickle.dumps(plain)).text() == plain.text()
