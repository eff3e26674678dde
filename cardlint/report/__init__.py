"""Results written for people and machines."""
