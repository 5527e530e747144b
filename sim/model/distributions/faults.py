"""What is wrong with a distribution as a config writes it, told the way pydantic tells it."""

from collections.abc import Iterable

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError


class ParameterError(ValueError):
    """One thing wrong: what was expected, what was found, and the keys that lead to it."""

    kind = "distribution"

    def __init__(self, expected: object, found: object, *keys: str) -> None:
        self.expected, self.found, self.keys = str(expected), found, keys
        super().__init__(self.expected)


class MissingError(ParameterError):
    """A key that must be there and is not."""

    kind = "missing"


def validation_error(faults: Iterable[ParameterError]) -> ValidationError:
    """Return the faults as one error of pydantic's, which prefixes its own path to theirs."""
    return ValidationError.from_exception_data(
        "distribution",
        [
            InitErrorDetails(
                type=PydanticCustomError(each.kind, "{reason}", {"reason": each.expected}),
                loc=each.keys,
                input=each.found,
            )
            for each in faults
        ],
    )
