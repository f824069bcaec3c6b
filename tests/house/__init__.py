"""Tests of the house itself: rooms, sizes, texts, what may be committed."""
