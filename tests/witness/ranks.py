"""What goes first of what happens at one moment."""

MOVES, SHIFTS, CLOSES, SIZES, FREES, CALLS = range(6)
"""Units move on, shifts change, roads change, incidents are found to be otherwise, units come free or on
duty, calls are classified."""
