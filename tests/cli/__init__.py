"""The command line: words in, JSON and exit codes out."""
