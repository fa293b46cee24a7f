"""One module for each command; each parses, calls a verb or a reader, and prints."""
