"""What goes first of what happens at one moment."""

MOVES, SHIFTS, CLOSES, SIZES, FREES, OFFERS, CALLS = range(7)
"""Units move on, shifts change, roads change, incidents are found to be otherwise, units come free or on
duty, those units are offered, calls are classified."""
