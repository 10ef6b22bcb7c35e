"""Private, throw-away servers that the tests talk to."""
