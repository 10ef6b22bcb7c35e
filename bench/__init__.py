"""Measurements of the whole product on real servers. Each file is a program; docs/performance.md says how to run them."""
