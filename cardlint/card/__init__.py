"""The text of a card and what stands in it; no file, no network."""
