"""Finding derivations. UNTRUSTED: whatever comes out of here is checked by the kernel."""

from gradproof.propose.goals import propose

__all__ = ["propose"]
