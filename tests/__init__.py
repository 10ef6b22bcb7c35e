"""Tests of Inbox Router."""
