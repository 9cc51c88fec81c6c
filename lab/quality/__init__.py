"""How good rewrites are on queries that nothing here was fitted to."""
