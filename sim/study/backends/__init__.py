"""Where tasks are done: here, on processes of this machine, or elsewhere. Each gives the same results."""

from sim.study.backends.backend import Backend, BackendError, Ended, WorkerError, Workers
from sim.study.backends.dask import Dask
from sim.study.backends.local import Local
from sim.study.backends.ray import Ray
from sim.study.backends.serial import Serial
from sim.study.backends.slurm import Slurm

__all__ = [
    "BACKENDS",
    "Backend",
    "BackendError",
    "Dask",
    "Ended",
    "Local",
    "Ray",
    "Serial",
    "Slurm",
    "WorkerError",
    "Workers",
]

BACKENDS: dict[str, type[Workers] | type[Serial]] = {
    "local": Local,
    "serial": Serial,
    "dask": Dask,
    "ray": Ray,
    "slurm": Slurm,
}
"""The backends by the names that people choose them by."""
