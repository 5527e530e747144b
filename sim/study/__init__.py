"""Replications over processes, and the results they leave on disk."""
