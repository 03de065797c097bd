"""Writing files so that a failure leaves the old file whole."""

from __future__ import annotations

import os
from pathlib import Path

from gradproof.errors import BadInput


def write_file(path: str | Path, content: str | bytes) -> Path:
    """Write all of `content` or nothing: into a new file beside `path`, which then takes its place.

    A device or pipe is written to directly. Raises BadInput where the folder is missing or not writable.
    """
    target = Path(path).resolve()
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        if target.exists() and not target.is_file():
            if target.is_dir():
                raise IsADirectoryError("it is a folder")
            target.write_bytes(data)
        else:
            _replace(target, data)
    except OSError as why:
        raise BadInput(
            "cannot write the file", where=str(path), found=why.strerror or str(why), advice="choose another path"
        ) from why
    return target


def _replace(target: Path, data: bytes) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with beside.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            beside.chmod(target.stat().st_mode)
        os.replace(beside, target)
    finally:
        beside.unlink(missing_ok=True)
