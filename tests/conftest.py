"""Properties are tried on the same examples each time; ``--hypothesis-profile=hunt`` looks for new ones."""

import os

from hypothesis import settings

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a command starts quicker once it is compiled

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("hunt", deadline=None, print_blob=True)
settings.load_profile("steady")
