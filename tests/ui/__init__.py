"""Tests of the window, typed at by keys, on a real encrypted store."""
