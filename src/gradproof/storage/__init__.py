"""Saved proofs: JSON out and in, strict, and never half written."""

from gradproof.storage.files import write_file
from gradproof.storage.proofs import Saved, dumps, load, loads, save

__all__ = ["Saved", "dumps", "load", "loads", "save", "write_file"]
