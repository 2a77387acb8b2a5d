"""The log of a run: its beginning and its end, in files of a fixed size.

    head    the first half of the limit, as printed
    tail    a ring: byte n of the output, where n >= size of head, is at (n - size of head) mod size of tail
    total   8 bytes, little-endian: how much was printed in all
    usage   JSON, written at the end
"""

import os


class Log:
    def __init__(self, folder, limit):
        os.makedirs(folder, exist_ok=True)
        self.head_size = limit // 2
        self.ring_size = limit - self.head_size
        self.count = 0
        self.head = preallocated(f"{folder}/head", self.head_size)
        self.ring = preallocated(f"{folder}/tail", self.ring_size)
        self.total = preallocated(f"{folder}/total", 8)
        self.usage = preallocated(f"{folder}/usage", 4096)

    def write(self, block):
        """Never fails: a program that has cut these files short on a full volume loses its log, and is still drained."""
        try:
            self.place(memoryview(block))
        except OSError:
            pass
        self.count += len(block)
        try:
            # After the bytes, so that who reads the count finds them.
            os.pwrite(self.total, self.count.to_bytes(8, "little"), 0)
        except OSError:
            pass

    def place(self, block):
        at = self.count
        if at < self.head_size:
            part = block[: self.head_size - at]
            os.pwrite(self.head, part, at)
            at += len(part)
            block = block[len(part) :]
        surplus = len(block) - self.ring_size
        if surplus > 0:
            at += surplus
            block = block[surplus:]
        while block:
            position = (at - self.head_size) % self.ring_size
            part = block[: self.ring_size - position]
            os.pwrite(self.ring, part, position)
            at += len(part)
            block = block[len(part) :]


def preallocated(path, size):
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            os.posix_fallocate(fd, 0, size)
        except OSError:  # a file system that has no such call
            for at in range(0, size, 65_536):
                os.pwrite(fd, bytes(min(65_536, size - at)), at)
    except OSError:
        pass  # over a limit of the container's: the log is as long as there is room
    return fd
