"""gradproof: derivations, proofs and functions for the losses of machine learning."""
