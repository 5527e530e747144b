"""Where tasks are done: here, on processes of this machine, or elsewhere. Each gives the same results."""

from sim.study.backends.backend import Backend, Ended, WorkerError
from sim.study.backends.local import Local
from sim.study.backends.serial import Serial

__all__ = ["Backend", "Ended", "Local", "Serial", "WorkerError"]
