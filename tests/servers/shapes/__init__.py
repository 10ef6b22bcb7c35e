"""Scripted servers built from what providers document: Gmail, Microsoft 365."""
