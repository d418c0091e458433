"""How much a submission may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass

MB = 2**20


@dataclass(frozen=True)
class Limits:
    """Bounds for one submission; what goes beyond ends, and the rest of the class goes on.

    Parameters
    ----------
    cell_seconds : float
        For one cell; it is then interrupted and the next one runs, as under nbgrader.
    wall_seconds, cpu_seconds : float
        For the whole notebook, both runs together; it is then killed.
    memory_mb : int
        Address space beyond that of the warm process it is forked from.
    disk_mb, files : int
        Of the private folder in memory, the only place that can be written to.
    threads : int
        No second process can be started at all.
    output_kb : int
        Kept of one cell's outputs.
    result_mb : int
        Of all that the submission sends back; beyond that nothing more is read.
    """

    cell_seconds: float = 60
    wall_seconds: float = 300
    cpu_seconds: float = 300
    memory_mb: int = 1024
    disk_mb: int = 64
    files: int = 2000
    threads: int = 32
    output_kb: int = 256
    result_mb: int = 24

    def plain(self) -> dict[str, float]:
        """Return the limits as a mapping that goes through JSON."""
        return asdict(self)
