"""Inbox Router: sorts a support inbox and leaves the right reply in Drafts."""

__version__ = "0.1.0"
