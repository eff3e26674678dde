"""The files beside a card."""
