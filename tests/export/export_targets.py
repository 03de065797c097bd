"""The targets of a test, each marked by what it needs: parametrise `target` with TARGETS, and indirect=True."""

from __future__ import annotations

import pytest

LOUD = {"torch": "PYTORCH IS NOT INSTALLED", "jax": "JAX IS NOT INSTALLED", "scipy": "SCIPY IS NOT INSTALLED"}
NEEDED = {"numpy": [], "torch": [pytest.mark.torch], "jax": [pytest.mark.jax], "c": [pytest.mark.compiler]}
TARGETS = [pytest.param(name, marks=marks) for name, marks in NEEDED.items()]
