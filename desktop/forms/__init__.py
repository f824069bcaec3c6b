"""Printed forms: frozen data in, PDF bytes out."""
