"""Larson's approximation of who is busy how much, where each zone has its own list of servers.

Source: Larson & Odoni, Urban Operations Research, 5.5.3; Larson, "Approximating the performance of urban
emergency service systems", Operations Research 23 (1975).
"""

from collections.abc import Collection, Sequence
from math import factorial

import numpy as np

List = tuple[float, Sequence[int]]
"""Calls of a zone in a mean service time, and the servers that it prefers, in order."""


def correction(n: int, rho: float, j: int) -> float:
    """Return Q(n, rho, j), by which it is likelier than by chance that after j busy servers one is free."""
    load = n * rho
    idle = 1 / (sum(load**i / factorial(i) for i in range(n)) + load**n / factorial(n) / (1 - rho))
    total = sum(
        factorial(n - j - 1) * (n - k) / factorial(k - j) * n**k / factorial(n) * rho ** (k - j)
        for k in range(j, n)
    )
    return total * idle / (1 - rho)


def workloads(lists: Collection[List], servers: int, delayed: float) -> np.ndarray:
    """Return the share of time that each server is busy, where a share of the calls waits in one queue."""
    calls = sum(rate for rate, _ in lists)
    rho = calls / servers
    busy = np.full(servers, rho)
    for _ in range(100):
        asked = np.zeros(servers)
        for rate, order in lists:
            for j, server in enumerate(order):
                asked[server] += rate * correction(servers, rho, j) * np.prod(busy[list(order[:j])])
        busy = (asked + calls * delayed / servers) / (1 + asked)
        busy *= calls / busy.sum()
    return busy
