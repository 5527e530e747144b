"""Dispatch policies, one file each."""
