"""The catalogue as one book: title page, notation, contents by family, an entry for every proof, indices.

    pages = [page(number) for number in catalogue()]
    source = latex(catalogue(), pages)

Contract. The book prints what `derive` prints for each entry and adds only where things stand. It is a function of the
catalogue: two runs give the same source, and with one pdflatex the same PDF.

Blind spot. An entry that is not proved is not in it; whoever asks for the book is told which these are.
"""

from gradproof.book.pages import Page, page
from gradproof.book.volume import latex

__all__ = ["Page", "latex", "page"]
