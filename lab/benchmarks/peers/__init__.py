"""Hand-written versions of the clean layer, as a comparison for the project."""
