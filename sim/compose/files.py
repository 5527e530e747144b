"""How Hydra reads config files here: by LibYAML, and each of them once for as long as it stays the same."""

import os
from functools import cache, lru_cache
from typing import Any

import yaml
from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra.plugins.config_source import ConfigLoadError, ConfigResult
from omegaconf import OmegaConf
from omegaconf._utils import get_yaml_loader

SCHEME = "yaml"

MOST = 1000
"""Files that are remembered."""


class Files(FileConfigSource):
    """Folders of YAML files, as Hydra's own source of them."""

    @staticmethod
    def scheme() -> str:
        """The beginning of the addresses of such folders."""
        return SCHEME

    def load_config(self, config_path: str) -> ConfigResult:
        """Return a file's content. Raises ConfigLoadError where there is none, and what YAML does."""
        full_path = os.path.realpath(os.path.join(self.path, self._normalize_file_name(config_path)))
        if not os.path.exists(full_path):
            raise ConfigLoadError(f"Config not found : {full_path}")
        told = os.stat(full_path)
        header, content = _read(full_path, told.st_mtime_ns, told.st_size)
        where = f"{SCHEME}://{self.path}"
        config = OmegaConf.create({} if content is None else content)
        return ConfigResult(provider=self.provider, path=where, config=config, header=dict(header))


@lru_cache(maxsize=MOST)
def _read(path: str, changed_ns: int, size: int) -> tuple[dict[str, str | None], Any]:
    """Return a file's header and its content, which nobody changes."""
    with open(path, encoding="utf-8") as file:
        header = FileConfigSource._get_header_dict(file.read(512))
        file.seek(0)
        return header, yaml.load(file, Loader=_loader())


@cache
def _loader() -> Any:
    """Return OmegaConf's loader of YAML, on LibYAML where PyYAML has it, which is eight times as quick."""
    own: Any = get_yaml_loader()
    if not yaml.__with_libyaml__:
        return own
    parser: Any = yaml.cyaml.CParser  # type: ignore[attr-defined]

    class Quick(parser, own):  # type: ignore[misc]
        def __init__(self, stream: object) -> None:
            parser.__init__(self, stream)
            yaml.constructor.SafeConstructor.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    return Quick
