"""The only SimPy code: calls come in, the dispatcher decides, crews go out and come home."""

from sim.engine.run import PolicyError, simulate

__all__ = ["PolicyError", "simulate"]
