"""What SQL cannot do for the clip-search project: files, made-up logs, the terminal."""
