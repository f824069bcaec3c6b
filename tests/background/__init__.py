"""Tests of the two threads."""
