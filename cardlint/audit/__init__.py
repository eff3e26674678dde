"""A whole mirror judged, and its results kept."""
