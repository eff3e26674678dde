"""New cards from what a repository already says, and old cards brought up to date. Nothing is invented."""
