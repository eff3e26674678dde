"""Where repositories are read from."""
