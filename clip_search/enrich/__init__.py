"""Better queries from the log: what SQL cannot do of it."""
