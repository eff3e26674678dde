"""The Python behind rules, by family."""
