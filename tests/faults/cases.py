"""All cases of the fault bench: one table."""

from . import around, bench, kills, protocol

CASES = bench.by_name([kills.CASES, around.CASES, protocol.CASES])
