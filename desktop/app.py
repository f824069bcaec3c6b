"""Composition root: the one place that builds and joins everything."""
