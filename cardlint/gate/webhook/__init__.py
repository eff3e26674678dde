"""The gate behind a hub: it hears of changes by webhook, judges them, and answers in one discussion or pull request comment."""
