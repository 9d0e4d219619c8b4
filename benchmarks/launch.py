"""Runs one command and writes down what it cost: `python -S launch.py REPORT COMMAND ...`

A process of its own, since the system counts the memory of whoever starts a process as the
process's own until it has loaded its program. This one is small.
"""

import os
import signal
import sys
import time

report, *command = sys.argv[1:]
began = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ)
signal.signal(signal.SIGTERM, lambda number, frame: os.kill(child, number))
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - began
with open(report, "w", encoding="ascii") as file:
    cpu = usage.ru_utime + usage.ru_stime
    code = os.waitstatus_to_exitcode(status)
    file.write(f"{cpu!r} {wall!r} {usage.ru_maxrss / 1024!r} {code}")
