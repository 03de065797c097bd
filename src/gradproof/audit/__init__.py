"""The audit: what a derivation says, tested by numbers.

Contract. `audit` evaluates every line of a derivation with mpmath at 45 digits, at random sizes and at values that
satisfy the givens. It shares no code with the kernel, the normal form, the signs or the rules, so it catches a false
rule, which the kernel cannot see. `sample` and `counterexample` serve whoever asks about a single relation.

Blind spot. Samples cannot see an assumption that is not needed, nor what fails at one point only; the kernel can.
"""

from gradproof.audit.chains import audit as audit
from gradproof.audit.evaluation import Point as Point
from gradproof.audit.naming import by_name as by_name
from gradproof.audit.search import Counterexample as Counterexample
from gradproof.audit.search import counterexample as counterexample
from gradproof.audit.search import sample as sample
