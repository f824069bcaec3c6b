"""Attached pictures and PDFs, looked at inside the program."""
