"""`alone.py PROGRAM WORD...` runs a program that reaches sockets of this machine and no network.

It is a file of its own that Python runs, and no function: what is forbidden stays so for all that the
program starts, and must not touch hotelctl itself. Only Linux knows how; elsewhere it ends with `CANNOT`.

Source: Linux, "Seccomp BPF" in the kernel's userspace API guide; `struct seccomp_data`.
"""

import ctypes
import os
import sys

CANNOT = 117
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _ABOVE, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _MACHINE, _FIRST_WORD = 0, 4, 16
_ALLOWED, _REFUSED = 0x7FFF0000, 0x00050000
_UNREACHABLE, _NO_SUCH_CALL = 101, 38
_INET, _INET6 = 2, 10
# The machine as the kernel writes it, and the number of `socket` there. That of `io_uring_setup` is the same.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_RING = 425
# From here on are the calls of another way to call, which nothing uses.
_OTHER_WAY = 0x40000000


class _Step(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("then", ctypes.c_uint8),
        ("otherwise", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("steps", ctypes.POINTER(_Step)))


def _steps(machine: int, socket: int) -> list[tuple[int, int, int, int]]:
    """A socket of a network cannot be made, and no call goes another way; jumps count from the next step."""
    return [
        (_LOAD, 0, 0, _MACHINE),
        (_EQUAL, 0, 8, machine),
        (_LOAD, 0, 0, _NUMBER),
        (_ABOVE, 6, 0, _OTHER_WAY),
        (_EQUAL, 5, 0, _RING),
        (_EQUAL, 0, 3, socket),
        (_LOAD, 0, 0, _FIRST_WORD),
        (_EQUAL, 3, 0, _INET),
        (_EQUAL, 2, 0, _INET6),
        (_RETURN, 0, 0, _ALLOWED),
        (_RETURN, 0, 0, _REFUSED | _NO_SUCH_CALL),
        (_RETURN, 0, 0, _REFUSED | _UNREACHABLE),
    ]


def _leave_the_network() -> bool:
    """Whether the kernel holds this process and all that it starts to it."""
    known = _MACHINES.get(os.uname().machine)
    if sys.platform != "linux" or known is None or sys.maxsize < _OTHER_WAY << 1:
        return False
    steps = _steps(*known)
    made = (_Step * len(steps))(*(_Step(*one) for one in steps))
    program = _Program(len(steps), made)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def main(argv: list[str]) -> int:
    """Becomes the program, which has left the network; `CANNOT` where that is not to be had."""
    if _leave_the_network():
        os.execvp(argv[0], argv)  # noqa: S606 - an argument list, no shell
    return CANNOT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
