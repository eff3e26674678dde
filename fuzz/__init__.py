"""Fuzzing of every reader that takes what strangers wrote; see ``docs/robustness.md``."""
