"""cardlint: linter, upload gate and auditor for hubs of model weights."""

__version__ = "0.1.0"
