"""The verbs, one file for each group; ``desktop.cli.table`` lists them."""
