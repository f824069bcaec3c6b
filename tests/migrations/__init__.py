"""Stores of earlier releases open with this one."""
