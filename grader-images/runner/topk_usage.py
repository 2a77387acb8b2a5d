"""What a run has used, as far as it can be seen from inside; the worker's own samples are better where it has any."""

import os

CGROUP = "/sys/fs/cgroup"


def write_usage(fd, rusage, out):
    """
    @param rusage of the main process and the children that it waited for; None where it was not waited for
    @param out the folder of the output, whose volume has a limit
    """
    import json

    usage = {
        "maxRssBytes": None if rusage is None else rusage.ru_maxrss * 1024,
        "cpuSeconds": cpu_seconds(rusage),
        "peakMemoryBytes": number("memory.peak") or number("memory/memory.max_usage_in_bytes"),
        "oomKills": counted("memory.events", "oom_kill") or counted("memory/memory.oom_control", "oom_kill") or 0,
        **room_left(out),
    }
    try:
        os.pwrite(fd, json.dumps(usage).encode(), 0)
        os.ftruncate(fd, len(json.dumps(usage)))
    except OSError:
        pass


def room_left(folder):
    """Says whether the output has reached its limit, which a program that failed for it does not always say itself."""
    try:
        free = os.statvfs(folder)
    except OSError:
        return {}
    # Some file systems count no files.
    return {"outFreeBytes": free.f_bavail * free.f_frsize, "outFreeFiles": free.f_favail if free.f_files else None}


def cpu_seconds(rusage):
    micros = counted("cpu.stat", "usage_usec")
    if micros is not None:
        return micros / 1e6
    nanos = number("cpuacct/cpuacct.usage") or number("cpu,cpuacct/cpuacct.usage")
    if nanos is not None:
        return nanos / 1e9
    return None if rusage is None else rusage.ru_utime + rusage.ru_stime


def number(name):
    text = contents(name).strip()
    return int(text) if text.isdecimal() else None


def counted(name, key):
    for line in contents(name).splitlines():
        words = line.split()
        if len(words) == 2 and words[0] == key and words[1].isdecimal():
            return int(words[1])
    return None


def contents(name):
    try:
        with open(f"{CGROUP}/{name}", encoding="ascii") as file:
            return file.read(65_536)
    except (OSError, ValueError):
        return ""
