"""The language server: what an author sees while writing. Nothing of a card leaves the machine."""
