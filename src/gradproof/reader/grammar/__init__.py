"""From tokens to what a formula says, before it is known what its names stand for.

Contract. A formula is read as a whole or refused; the modules here call one another, and import each other as modules.
"""
