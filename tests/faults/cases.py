"""All cases of the fault bench: one table."""

from . import bench, protocol

CASES = bench.by_name([protocol.CASES])
