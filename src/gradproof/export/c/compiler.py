"""C source as a loaded library, compiled once for each machine.

Contract. The library lies in the user's cache (XDG_CACHE_HOME) under a name made from source, flags, compiler and
processor; it is put there by one atomic rename, so that several processes may compile at once. Where there is no
compiler, or it fails, NoCompiler says so.

Blind spot. Nothing is ever removed from the cache.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from gradproof.errors import GradproofError

FLAGS = ("-std=c99", "-O3", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC")
# What a compiler may not know; each set is tried until one compiles.
EXTRAS = (("-march=native", "-fopenmp"), ("-march=native",), ("-fopenmp",), ())


class NoCompiler(GradproofError, RuntimeError):
    """There is no C compiler that makes a library of exported code."""


def load(source: str) -> ctypes.CDLL:
    """The library made from the source."""
    command = compiler()
    directory = _directory()
    name = hashlib.sha256("\0".join([source, *FLAGS, repr(EXTRAS), _version(command), _machine()]).encode()).hexdigest()
    library = directory / f"{name[:32]}.so"
    try:
        if not library.exists():
            _compile(command, source, library)
        with _short_waits():
            return ctypes.CDLL(str(library))
    except OSError as why:
        advice = f"remove {library}" if library.exists() else "set XDG_CACHE_HOME to a directory that can be written"
        raise NoCompiler("the compiled library cannot be made or loaded", found=str(why), advice=advice) from why


@contextmanager
def _short_waits() -> Iterator[None]:
    """OpenMP reads its settings when it is loaded: threads that wait should sleep, not burn the processor of others."""
    settings = {"GOMP_SPINCOUNT": "1000"} if not {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"} & set(os.environ) else {}
    os.environ.update(settings)
    yield
    for name in settings:
        del os.environ[name]


def compiler() -> tuple[str, ...]:
    """The command of the system's C compiler: $CC, or the first of cc, gcc and clang."""
    try:
        given = shlex.split(os.environ.get("CC", ""))
    except ValueError as why:
        raise NoCompiler("CC is not a command", found=f"{os.environ['CC']}: {why}") from why
    for command in (given,) if given else (["cc"], ["gcc"], ["clang"]):
        if (found := shutil.which(command[0])) is not None:
            return (found, *command[1:])
    wanted = given[0] if given else "cc, gcc and clang"
    raise NoCompiler(
        "the functions of the target c need a C compiler, and there is none",
        found=f"no {wanted} on the PATH",
        advice="install gcc or clang, or set CC; the source itself is there without: export('c').source",
    )


def _directory() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    directory = Path(base) / "gradproof" / "c"
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        raise NoCompiler(
            "there is no directory to compile in",
            found=str(why),
            advice="set XDG_CACHE_HOME to one that can be written",
        ) from why
    return directory


def _compile(command: tuple[str, ...], source: str, library: Path) -> None:
    with tempfile.TemporaryDirectory(dir=library.parent, prefix="making-") as place:
        text, made = Path(place) / "functions.c", Path(place) / "functions.so"
        text.write_text(source, encoding="utf-8")
        for extra in EXTRAS:
            done = subprocess.run(
                [*command, *FLAGS, *extra, str(text), "-o", str(made), "-lm"], capture_output=True, text=True
            )
            if done.returncode == 0:
                os.replace(made, library)
                return
    raise NoCompiler(f"{command[0]} does not compile the source", found=done.stderr.strip()[:500])


@cache
def _version(command: tuple[str, ...]) -> str:
    done = subprocess.run([*command, "--version"], capture_output=True, text=True)
    return " ".join(command) + done.stdout


@cache
def _machine() -> str:
    """The processor that -march=native means."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8").split("\n\n")[0]
    except OSError:
        text = ""
    kept = [n for n in text.splitlines() if n.startswith(("model name", "flags", "Features", "CPU part"))]
    return "\n".join([platform.machine(), platform.processor(), *kept])
