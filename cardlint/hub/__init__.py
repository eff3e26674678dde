"""What cardlint knows of other repositories."""
