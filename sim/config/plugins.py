"""Plug-ins: a class named in YAML, its options checked against its type hints."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path as FilePath
from pkgutil import iter_modules
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic.errors import PydanticSchemaGenerationError

from sim.config.problems import Problem, from_pydantic, short, shown
from sim.config.provenance import Path
from sim.sheets import Fault, FileError

FILLED_IN = ("place", "fleet", "types", "calendar", "weather")
"""Fields of a plug-in that come from the scenario rather than from YAML."""


@dataclasses.dataclass(frozen=True)
class PlugIn:
    """A class, its checked options, and which fields the scenario fills in.

    Of lists some of whose items are wrong, ``left`` has the places of the others, which can still be tried.
    """

    path: Path
    cls: type[Any]
    options: Mapping[str, Any]
    filled_in: tuple[str, ...]
    left: Mapping[str, Sequence[int]] = dataclasses.field(default_factory=dict)

    @property
    def files(self) -> dict[Path, FilePath]:
        """The files among the options, by their paths in the config."""
        return dict(_files(self.options, self.path))

    def make(self, scenery: Mapping[str, Any], problems: list[Problem]) -> Any:
        """Return the plug-in, or None with a problem added when it refuses its options."""
        given = {name: scenery[name] for name in self.filled_in}
        try:
            return self.cls(**given, **self.options)
        except FileError as error:
            problems += map(self._problem, self._as_written(error.faults))
            return None
        except (Exception, SystemExit) as error:
            if self.left:  # of lists as nobody wrote them
                return None
            why = str(error) or type(error).__name__
            found = "" if isinstance(error, ValueError) else self.cls.__name__
            problems.append(Problem(self.path, found, why.removeprefix("expected ")))
            return None

    def _as_written(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Yield faults where they stand in the config; with items left out, those of the items left."""
        for fault in faults:
            name, place = (*fault.path, "", "")[:2]
            places = self.left.get(name, ())
            if not self.left:
                yield fault
            elif place.isdigit() and int(place) < len(places):
                yield fault._replace(path=(name, str(places[int(place)]), *fault.path[2:]))

    def _problem(self, fault: Fault) -> Problem:
        """Return a fault as a problem: of the option that names the file, where it is in one."""
        path, where = (*self.path, *fault.path), fault.where
        for option, file in self.files.items():
            name = str(short(file))
            told = next((each for each in (name, file.name) if f"{where},".startswith(f"{each},")), None)
            if told is not None and not fault.path:
                path, where = option, name + where.removeprefix(told)
                break
        return Problem(path, fault.found, fault.expected, where)


def plug_in(
    node: Mapping[str, Any],
    seam: type[Any],
    path: Path,
    problems: list[Problem],
    context: Mapping[str, Any],
) -> PlugIn | None:
    """Return the plug-in that a mapping describes, or None with its problems added.

    ``context`` is what pydantic's validators may need to know, such as the folders of files.
    """
    options = dict(node)
    use = options.pop("use", None)
    cls = _load(use)
    if not _fits(cls, seam):
        expected = f"a dataclass that subclasses sim.seams.{seam.__name__}, such as module.ClassName"
        why = cls if isinstance(cls, str) else expected
        problems.append(Problem((*path, "use"), shown(use) if use else "nothing", why))
        return None
    try:
        model = options_of(cls)
    except Exception as error:
        problems.append(Problem((*path, "use"), shown(use), f"fields that a config can give, but {error}"))
        return None
    if taken := sorted({"source", "confidence", "note", "value"} & model.model_fields.keys()):
        expected = f"fields with other names than {', '.join(taken)}, which say where a value comes from"
        problems.append(Problem((*path, "use"), shown(use), expected))
        return None
    filled_in = tuple(f.name for f in dataclasses.fields(cls) if f.init and f.name in FILLED_IN)
    try:
        return PlugIn(path, cls, _checked(model, options, context), filled_in)
    except ValidationError as error:
        problems += from_pydantic(error, model, path)
        left = _left(options, error)
    rest = options | {name: [options[name][i] for i in places] for name, places in left.items()}
    try:
        return PlugIn(path, cls, _checked(model, rest, context), filled_in, left)
    except ValidationError:
        return None


def _checked(
    model: type[BaseModel], options: Mapping[str, Any], context: Mapping[str, Any]
) -> dict[str, Any]:
    """Return checked options by name. Raises ValidationError."""
    checked = model.model_validate(options, context=dict(context))
    return {name: getattr(checked, name) for name in model.model_fields}


def _left(options: Mapping[str, Any], error: ValidationError) -> dict[str, list[int]]:
    """Return the places of the good items, by option, of lists that hold wrong ones."""
    wrong: dict[str, set[int]] = {}
    for name, place, *_ in (each["loc"] for each in error.errors() if len(each["loc"]) > 1):
        if isinstance(place, int):
            wrong.setdefault(str(name), set()).add(place)
    return {name: [i for i in range(len(options[name])) if i not in wrong[name]] for name in wrong}


def _files(node: Any, path: Path) -> Iterator[tuple[Path, FilePath]]:
    """Yield the files in an option, each with its path."""
    if isinstance(node, FilePath):
        yield path, node
    elif isinstance(node, BaseModel):
        yield from _files({name: getattr(node, name) for name in type(node).model_fields}, path)
    elif isinstance(node, Mapping):
        for key, below in node.items():
            yield from _files(below, (*path, str(key)))


def options_of(cls: type[Any]) -> type[BaseModel]:
    """Return the options of a plug-in that a config gives, as a model with its docstring."""
    hints = get_type_hints(cls, include_extras=True)
    wanted = {
        f.name: (hints[f.name], _default(f))
        for f in dataclasses.fields(cls)
        if f.init and f.name not in FILLED_IN
    }
    model: type[BaseModel] = create_model(
        cls.__name__,
        __config__=ConfigDict(extra="forbid", allow_inf_nan=False),
        __doc__=cls.__doc__,
        **wanted,  # type: ignore[call-overload]
    )
    return model


def shipped(package: str, seam: type[Any]) -> dict[str, type[Any]]:
    """Return the plug-ins for a seam in a package that a config can name, by what ``use`` calls them."""
    modules = [
        import_module(each.name) for each in iter_modules(import_module(package).__path__, f"{package}.")
    ]
    found = [cls for module in modules for cls in vars(module).values() if _fits(cls, seam)]
    return {f"{cls.__module__}.{cls.__name__}": cls for cls in found if _is_writable(cls)}


def _is_writable(cls: type[Any]) -> bool:
    """Whether all fields of a plug-in can be given in YAML; not so those of one that wraps others."""
    try:
        options_of(cls)
    except PydanticSchemaGenerationError:
        return False
    return True


def _load(use: object) -> Any:
    """Return the class called ``module.ClassName``, or words that say why there is none."""
    if not isinstance(use, str) or not all(part.isidentifier() for part in use.split(".")) or "." not in use:
        return None
    module, _, name = use.rpartition(".")
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        return f"a module that can be imported, but {error}; a module of yours needs --config-dir"
    except AttributeError:
        return f"a class in the module {module}, which has no {name}"
    except (Exception, SystemExit) as error:
        return f"a module that can be imported, but it raises {type(error).__name__}: {error}"


def _fits(cls: object, seam: type[Any]) -> bool:
    """Whether something is a whole plug-in for a seam."""
    is_one = isinstance(cls, type) and issubclass(cls, seam) and dataclasses.is_dataclass(cls)
    return is_one and not getattr(cls, "__abstractmethods__", None)


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return ... if field.default is dataclasses.MISSING else field.default
