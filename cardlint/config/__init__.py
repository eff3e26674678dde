"""Configuration, profiles."""
