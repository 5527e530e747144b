"""``python -m sim.cli`` is ``tocsin``."""

from sim.cli import main

main()
