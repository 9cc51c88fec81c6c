"""What proves clip-search right: simulator, scores, engine parity, benchmarks."""
