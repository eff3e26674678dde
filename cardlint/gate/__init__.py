"""The upload gate: one decision on a change to a repository, and the places where it is asked for."""
