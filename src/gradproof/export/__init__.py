"""From terms to functions: stable form, array code, source text."""

from .code import Code as Code
from .code import emit as emit
from .errors import NotExportable as NotExportable
from .module import Exported as Exported
from .stable import stabilise as stabilise

__all__ = ["Code", "Exported", "NotExportable", "emit", "stabilise"]
