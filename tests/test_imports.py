"""Which part may import which, what is light, and how long a file may be."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "gradproof"
FILES = sorted(SOURCE.rglob("*.py"))
HEAVY = ("sympy", "mpmath", "numpy", "torch", "jax", "latex2sympy2")


def part(path: Path) -> str:
    """The part that a file belongs to: the module, or the package below gradproof."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path, at_once: bool = False) -> Iterator[str]:
    """Absolute names of the modules that a file imports, wherever in it, or `at_once`: when it is itself imported."""
    package = ["gradproof", *path.relative_to(SOURCE).parts[:-1]]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body if at_once else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{a.name}" for a in node.names if module == "gradproof")


def parts_imported(name: str) -> set[str]:
    """The parts of gradproof that part `name` imports, itself left out."""
    found = {m.split(".")[1] for p in FILES if part(p) == name for m in imported(p) if m.startswith("gradproof.")}
    return found - {name}


def outside(name: str) -> set[str]:
    """What part `name` imports from outside gradproof and the standard library."""
    tops = {m.partition(".")[0] for p in FILES if part(p) == name for m in imported(p)}
    return {t for t in tops if t not in sys.stdlib_module_names and t not in ("gradproof", "")}


ALLOWED = {
    "expression": set(),
    "rule": {"expression"},
    "derivation": {"expression"},
    "definiteness": {"expression"},
    "growth": {"expression"},
    "signs": {"expression", "derivation", "definiteness", "growth", "monotone"},
    "monotone": {"expression", "signs"},
    "statement": {"expression", "derivation"},
    "distributions": {"expression"},
    "notation": {"expression", "derivation", "distributions"},
    "normal": {"expression", "rule", "derivation", "signs"},
    "conditions": {"expression", "rule", "derivation", "signs", "normal"},
    "kernel": {"expression", "rule", "derivation", "signs", "normal", "conditions"},
    "rules": {"expression", "rule"},
    "audit": {"expression", "derivation"},
    "document": {"expression", "rule", "derivation", "statement"},
    "render": {"document", "expression", "errors"},
    "export": {"expression", "derivation", "notation", "signs", "errors"},
    "storage": {"expression", "derivation", "statement", "errors"},
    "sympy_bridge": {"expression", "errors"},
    "functions": {"expression", "derivation", "statement"},
    "errors": set(),
    "losses": {"expression", "errors", "render"},
    "reader": {"expression", "derivation", "errors", "notation", "render"},
    "claims": {"__version__", "api", "audit", "derivation", "document", "errors", "expression", "losses"}
    | {"proof", "reader", "render", "rules", "statement"},
}


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_a_part_imports_only_what_it_may(name: str) -> None:
    assert parts_imported(name) <= ALLOWED[name]


@pytest.mark.parametrize(
    "name",
    [
        "kernel",
        "normal",
        "conditions",
        "signs",
        "definiteness",
        "growth",
        "monotone",
        "expression",
        "rule",
        "derivation",
        "rules",
    ],
)
def test_the_trusted_parts_need_nothing_but_python(name: str) -> None:
    assert outside(name) == set()


def test_kernel_and_audit_share_only_data_types() -> None:
    trusted = set().union(
        *(parts_imported(n) | {n} for n in ("kernel", "normal", "conditions", "signs", "definiteness"))
    )
    assert parts_imported("audit") & trusted <= {"expression", "derivation"}


@pytest.mark.parametrize("name", ["expression", "signs", "normal", "rules", "notation"])
def test_the_files_of_a_package_import_each_other_one_way(name: str) -> None:
    files = {f"gradproof.{name}.{p.stem}": p for p in FILES if part(p) == name and p.stem != "__init__"}
    needs = {module: set(files).intersection(imported(p, at_once=True)) for module, p in files.items()}
    assert any(needs.values())
    TopologicalSorter(needs).prepare()  # raises CycleError


def test_only_the_public_interface_asks_for_steps() -> None:
    assert {n for n in {part(p) for p in FILES} if "propose" in parts_imported(n)} <= {"api", "cli"}


def test_sympy_is_imported_by_the_bridge_only() -> None:
    assert {part(p) for p in FILES if "sympy" in {m.partition(".")[0] for m in imported(p)}} == {"sympy_bridge"}


def run(code: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SOURCE.parent)}
    command = [sys.executable, "-W", "error", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment)


@pytest.mark.parametrize("command", [["--help"], ["list"], ["derive", "--help"], ["--version"]])
def test_light_commands_import_nothing_heavy(command: list[str]) -> None:
    code = f"import sys; from gradproof.cli import main\ntry: main({command!r})\nexcept SystemExit: pass\n"
    code += f"print('HEAVY', sorted(m for m in {HEAVY!r} if m in sys.modules))"
    done = run(code)
    assert "HEAVY []" in done.stdout


def test_importing_the_package_is_light_and_every_public_name_is_there() -> None:
    code = "import sys, gradproof\nprint([m for m in sys.modules if m.startswith('gradproof.')])\n"
    code += "missing = [n for n in gradproof.__all__ if not hasattr(gradproof, n)]\n"
    code += "print(missing, callable(gradproof.catalogue))"
    done = run(code)
    assert done.stdout.splitlines() == ["[]", "[] True"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_file_is_longer_than_a_person_reads(path: Path) -> None:
    limit = 200 if path.name == "kernel.py" else 400
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert length <= limit


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_file_says_what_it_promises(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    documented = bool(ast.get_docstring(ast.parse(text))) or not text.strip()
    assert documented
