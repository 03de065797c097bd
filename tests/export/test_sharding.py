"""Functions over shards of an axis give what the function of the whole gives: some processes, or some devices."""

from __future__ import annotations

import importlib.util
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import export_catalogue as book
import numpy as np
import pytest
from export_shards import leaves

from gradproof.export import Exported, NotExportable, emit
from gradproof.export.module import local, plan
from gradproof.export.names import identifier
from gradproof.export.sharding import sharded

WORKER = Path(__file__).with_name("export_shards.py")
COMPILED = ("A12", "A18", "C16", "H10")
NEEDED = {"torch": "PyTorch IS NOT INSTALLED", "jax": "JAX IS NOT INSTALLED"}


def needs(library: str) -> Any:
    absent = importlib.util.find_spec(library) is None
    return [getattr(pytest.mark, library), pytest.mark.skipif(absent, reason=NEEDED[library])]


@dataclass
class Case:
    """A call of a function for shards, and what the function of the whole gives."""

    label: str
    sent: dict[str, Any]
    expected: list[Any]
    axes: list[int | None]  # of the results, and of the gradients that follow them
    found: list[Any] = field(default_factory=list)


def axis_of(axes: Sequence[str], size: str, array: Any) -> int | None:
    """Where an array with these last axes is split."""
    return list(axes).index(local(size)) + np.ndim(array) - len(axes) if local(size) in axes else None


def shard_case(
    target: str, f: Exported, arguments: Any, size: str, inputs: dict[str, Any], lengths: list[int], label: str
) -> Case:
    """Raises NotExportable where the function does not split."""
    (routine,) = sharded(plan([f], arguments), size, target)
    code = emit([f], arguments, "a test", target, shard=size)
    names = [p.name for p in routine.parameters]
    given = [np.asarray(inputs[n]) for n in names]
    variables = [] if routine.backward is None else [n for n, p in enumerate(names) if p in routine.backward.named]
    whole = getattr(book.functions(label.split()[0], "numpy"), f.name)
    expected = [np.asarray(a) for a in leaves(whole(**dict(zip(names, given, strict=True))))]
    results = [r for g in routine.groups for r in sorted(g, key=lambda r: r.name)]
    axes = [axis_of(r.axes, size, e) for r, e in zip(results, expected, strict=True)]
    at = {id(r): a for r, a in zip(results, axes, strict=True)}
    groups = [{r.name: at[id(r)] for r in g} if g[0].name else at[id(g[0])] for g in routine.groups]
    upstream = np.cos(np.arange(1.0, expected[0].size + 1)).reshape(expected[0].shape).astype(expected[0].dtype)
    if variables:
        assert f.backward is not None
        back = getattr(emit([f.backward], [*f.seeds, *arguments], "a test", "numpy").functions, f.backward.name)
        slopes = back(**book.given(back, {**inputs, identifier(f.seeds[0].name): upstream}))
        expected += [slopes[names[n]] for n in variables]
        axes += [axis_of(routine.parameters[n].axes, size, given[n]) for n in variables]
    sent = {
        "source": code.source,
        "function": f.name,
        "arguments": given,
        "axes": [axis_of(p.axes, size, v) for p, v in zip(routine.parameters, given, strict=True)],
        "variables": variables,
        "upstream": upstream,
        "result": axes[0],
        "results": groups[0] if len(groups) == 1 else tuple(groups),
        "plain": not routine.shard,
        "lengths": lengths,
    }
    return Case(label, sent, expected, axes)


def catalogue_cases(target: str, lengths: tuple[int, ...], entries: Sequence[str]) -> list[Case]:
    """Every function of the entries that splits along some size into two shards, unequal where the length is odd."""
    cases = []
    for entry in entries:
        arguments = book.offered(entry).arguments
        functions = book.exported(entry, target)
        sizes = {
            a: n for f in functions for r in plan([f], arguments) for p in r.parameters for a in p.axes for n in [0]
        }
        for size in sorted(s for s in sizes if s.isidentifier()):
            for f in functions:
                try:
                    inputs = book.points(entry, 1, lengths)[0]
                    (routine,) = plan([f], arguments)
                    shaped = next((p for p in routine.parameters if size in p.axes), None)
                    if shaped is None or not book.given_all(routine, inputs):
                        continue
                    whole = inputs[shaped.name].shape[shaped.axes.index(size)]
                    if whole < 2 or (target == "jax" and whole % 2):
                        continue
                    cuts = [whole // 2, whole - whole // 2]
                    cases.append(shard_case(target, f, arguments, size, inputs, cuts, f"{entry} {size} {f.name}"))
                except NotExportable:
                    continue
    return cases


def run(target: str, cases: list[Case], folder: Path) -> None:
    """Let the shards compute, and put the parts together."""
    (shards,) = {len(c.sent["lengths"]) for c in cases}
    (folder / "cases.pickle").write_bytes(pickle.dumps([c.sent for c in cases]))
    devices = f"--xla_force_host_platform_device_count={shards}"
    environment = {**os.environ, "XLA_FLAGS": devices, "OMP_NUM_THREADS": "1"}
    ranks = list(range(shards)) if target == "torch" else [0]
    processes = [
        subprocess.Popen(
            [sys.executable, str(WORKER), target, str(r), str(folder)],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for r in ranks
    ]
    try:
        told = [p.communicate(timeout=300)[1] for p in processes]
    finally:
        for p in processes:
            p.kill()
    assert not any(p.returncode for p in processes), "\n".join(told)
    parts = [pickle.loads((folder / str(r)).read_bytes()) for r in ranks]
    for n, case in enumerate(cases):
        case.found = [
            joined(values, axis, case)
            for values, axis in zip(zip(*(p[n] for p in parts), strict=True), case.axes, strict=True)
        ]


def joined(values: Sequence[Any], axis: int | None, case: Case) -> Any:
    if len(values) == 1:
        return values[0]
    if axis is not None:
        return np.concatenate(values, axis=axis)
    for other in values[1:]:
        np.testing.assert_array_equal(values[0], other, err_msg=f"{case.label}: the shards differ")
    return values[0]


def check(cases: list[Case], least: int) -> None:
    assert len(cases) >= least
    for case in cases:
        assert len(case.found) == len(case.expected), case.label
        for found, expected in zip(case.found, case.expected, strict=True):
            close = (1e-12, 1e-13) if np.asarray(expected).dtype == np.float64 else (2e-6, 1e-7)
            np.testing.assert_allclose(found, expected, *close, err_msg=case.label)
            assert np.asarray(found).dtype == np.asarray(expected).dtype, case.label
            assert np.shape(found) == np.shape(expected), case.label


def extreme_cases(target: str, cuts: Sequence[list[int]]) -> list[Case]:
    """Shards of which some have nothing to say: their classes all underflow, or are masked; and huge logits."""
    cases = []
    for dtype, huge in ((np.float64, 1e300), (np.float32, 1e30)):
        rows = (
            [3.0, 1.0, -2.0, -1e4, -2e4, -3e4],
            [-1e4, -2e4, -3e4, 3.0, 1.0, -2.0],
            [huge, -huge, huge, 5.0, 0.0, -huge],
            [0.0] * 6,
            [50.0, 0.0, 0.0, 0.0, -50.0, 49.0],
            [0.5, 2.0, 1.0, -np.inf, -np.inf, -np.inf],
        )
        Z = np.asarray([[row, row] for row in rows], dtype)  # a batch of pairs of examples
        T = np.asarray([[0, 1], [4, 3], [2, 3], [5, 0], [5, 0], [0, 1]])
        inputs = {"Z": Z, "T": T, "w": np.asarray([1, 2, 3, 1, 2, 0.5], dtype)}
        for f in book.exported("C16", target):
            if f.name in ("loss", "grad"):
                arguments = book.offered("C16").arguments
                for cut in cuts:
                    label = f"C16 {cut} {f.name} {dtype}"
                    cases.append(shard_case(target, f, arguments, "K", inputs, cut, label))
    return cases


def mean_cases(cuts: Sequence[list[int]]) -> list[Case]:
    """The mean over a batch, the rows of which lie on several processes, with their labels: data-parallel."""
    rng, cases = np.random.default_rng(3), list[Case]()
    for f in book.exported("C16", "torch"):
        inputs = {"Z": rng.normal(size=(6, 4)), "T": rng.integers(0, 4, 6), "w": rng.uniform(0.5, 2, 4)}
        if f.name in ("loss", "grad"):
            for cut in cuts:
                label = f"C16 rows {cut} {f.name}"
                cases.append(shard_case("torch", f, book.offered("C16").arguments, "N", inputs, cut, label))
    return cases


@pytest.mark.parametrize("target", [pytest.param(t, marks=needs(t)) for t in NEEDED])
def test_shards_give_what_the_whole_gives(target: str, tmp_path: Path) -> None:
    if target == "torch":
        cases = catalogue_cases(target, (3, 2, 5), tuple(book.some(book.BOOK)))
    else:  # each call is compiled, which takes a second
        cases = [
            c for c in catalogue_cases(target, (4, 2, 6), COMPILED) if c.label.split()[2] in ("loss", "grad", "rhs")
        ]
    cases += extreme_cases(target, [[3, 3], [1, 5], [5, 1]] if target == "torch" else [[3, 3]])
    run(target, cases, tmp_path)
    check(cases, 100 if target == "torch" else 8)


@pytest.mark.torch
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason=NEEDED["torch"])
def test_three_processes(tmp_path: Path) -> None:
    cases = extreme_cases("torch", [[1, 3, 2], [2, 2, 2], [4, 1, 1]]) + mean_cases([[1, 3, 2], [4, 1, 1]])
    run("torch", cases, tmp_path)
    check(cases, 16)


@pytest.mark.jax
@pytest.mark.skipif(importlib.util.find_spec("jax") is None, reason=NEEDED["jax"])
def test_three_devices(tmp_path: Path) -> None:
    cases = extreme_cases("jax", [[2, 2, 2]])
    run("jax", cases, tmp_path)
    check(cases, 4)


@pytest.mark.torch
@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason=NEEDED["torch"])
def test_an_equation_that_sums_along_the_axis_is_solved_by_all_shards_together(tmp_path: Path) -> None:
    cases = []
    for entry in ("C30", "C43"):
        inputs, arguments = book.points(entry, 1, (5, 2, 3))[0], book.offered(entry).arguments
        for f in book.exported(entry, "torch"):
            if f.name in ("loss", "grad"):
                cases.append(shard_case("torch", f, arguments, "K", inputs, [2, 3], f"{entry} K {f.name}"))
    run("torch", cases, tmp_path)
    check(cases, 4)


def test_what_cannot_be_split_is_refused() -> None:
    proof = book.BOOK["A12"].prove()
    for options, words in (
        ({"target": "torch", "shard": "N"}, "no argument has an axis of length N"),
        ({"target": "numpy", "shard": "K"}, "has no shards"),
    ):
        with pytest.raises(NotExportable, match=words):
            proof.export(**options)
    with pytest.raises(NotExportable, match="cannot be split"):
        book.BOOK["E07"].prove().export("torch", shard="N")
    with pytest.raises(NotExportable, match="needs all of it at once"):
        book.BOOK["H28"].prove().export("jax", shard="K")


def test_the_written_module_says_what_is_split() -> None:
    source = book.BOOK["A12"].prove().export("torch", shard="K").source
    assert "The axis K is split over the processes" in source
    assert "shape (..., K_local)" in source
    assert source.count("import") == source.count("import torch") + source.count("import functools")
    source = book.BOOK["A12"].prove().export("jax", shard="K").source
    assert "axis_name" in source
    assert "jax.shard_map" in source
