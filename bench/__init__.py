"""Measurements of the whole product on real servers. Each file is a program; see docs/performance.md."""
