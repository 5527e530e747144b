"""Properties are tried on the same examples each time; ``--hypothesis-profile=hunt`` looks for new ones."""

import os

from hypothesis import settings
from hypothesis.internal.conjecture import providers

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a command starts quicker once it is compiled

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("hunt", deadline=None, print_blob=True)
settings.load_profile("steady")

# Hypothesis tries constants, too, that it finds in the modules that happen to be loaded, which depends on
# what ran before.
NOTHING, of_modules = providers.Constants(), providers._get_local_constants


def _constants() -> providers.Constants:
    return NOTHING if settings.get_current_profile_name() == "steady" else of_modules()


providers._get_local_constants = _constants
