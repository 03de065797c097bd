"""From what a formula says to the term it means.

Contract. Nothing is simplified; vectors and matrices become their entries.
"""
