"""Pure functions of a log: tables, intervals, targets, breakdowns. No SimPy, no plotting, no files."""
