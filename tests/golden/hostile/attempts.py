"""Put beside every hostile program: says what came of each thing that it tries, `refused NAME: why` or `GOT NAME: what`."""

import ctypes
import errno
import os
import platform
import signal

libc = ctypes.CDLL(None, use_errno=True)


class TooLong(Exception):
    pass


def attempt(name, act, *args):
    """An attempt that hangs counts as refused after ten seconds, and says so."""

    def too_long(*_):
        raise TooLong("hung for 10 s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(10)
    try:
        got = act(*args)
    except BaseException as error:
        why = errno.errorcode.get(getattr(error, "errno", None) or 0, "")
        print(f"refused {name}: {type(error).__name__} {why or str(error)[:100]}", flush=True)
    else:
        print(f"GOT {name}: {got!r:.300}", flush=True)
    finally:
        signal.alarm(0)


def syscall(number, *args):
    """@raises OSError where the kernel says no"""
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in args])
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def number_of(x86_64, aarch64):
    return aarch64 if platform.machine() == "aarch64" else x86_64


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def predict(text="id,label\na,0\nb,1\nc,2\nd,3\n"):
    """Predictions that are all right, so that only what else the program does can spoil its verdict."""
    write("predictions.csv", text)
