"""What editors are told of configs, so that they complete keys and mark mistakes: JSON Schema."""

from sim.config.editors.folder import FOLDER, SETTINGS, write_schemas
from sim.config.editors.groups import schemas

__all__ = ["FOLDER", "SETTINGS", "schemas", "write_schemas"]
