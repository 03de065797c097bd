"""From terms to functions: stable form, array code, source text."""

from .code import DIFFERENTIABLE as DIFFERENTIABLE
from .code import Code as Code
from .code import emit as emit
from .errors import NotExportable as NotExportable
from .interior import Interior as Interior
from .module import Exported as Exported
from .stable import stabilise as stabilise

__all__ = ["DIFFERENTIABLE", "Code", "Exported", "Interior", "NotExportable", "emit", "stabilise"]
