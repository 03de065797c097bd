"""What the letters of formulas are: which are indices, and how far each of them runs.

Contract. All formulas of a request are looked at together; nothing is guessed.
"""
