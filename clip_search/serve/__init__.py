"""The search page: shows a built warehouse in a browser on the same machine."""
