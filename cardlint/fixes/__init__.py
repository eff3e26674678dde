"""Fixes: edits by span, applied without conflict until nothing is left to mend."""
