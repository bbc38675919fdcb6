"""Why did this person get, or not get, this message? Answered from releases and receipts alone."""

from orchestration.why.answer import Explanation
from orchestration.why.explain import explain
from orchestration.why.page import show
from orchestration.why.people import NobodyKnown

__all__ = ["Explanation", "NobodyKnown", "explain", "show"]
