"""What goes first of what happens at one moment."""

MOVES, CLOSES, FREES, CALLS = range(4)
"""Units move on, roads close and open, units come free, calls come in and are classified."""
