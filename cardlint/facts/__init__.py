"""The facts document of a card."""
