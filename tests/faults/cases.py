"""All cases of the fault bench: one table."""

from . import around, bench, folders, kills, protocol

CASES = bench.by_name([kills.CASES, around.CASES, protocol.CASES,
                       folders.CASES])
