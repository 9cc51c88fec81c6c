"""The Python part of clip-search: loading files, text rules and the command line."""
