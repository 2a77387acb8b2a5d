import os
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt

me = os.getpid()
for process in sorted(map(int, filter(str.isdigit, os.listdir("/proc")))):
    if process == me:
        continue
    try:
        regions = open(f"/proc/{process}/maps").read().splitlines()
        memory = open(f"/proc/{process}/mem", "rb", buffering=0)
    except OSError as error:
        print(process, error, flush=True)
        continue
    for region in regions:
        start, end = (int(part, 16) for part in region.split()[0].split("-"))
        try:
            memory.seek(start)
            # What is found is printed: the test looks for its canaries in it.
            found = memory.read(min(end - start, 8 << 20))
        except (OSError, ValueError, OverflowError):
            continue
        for word in (b"canary", b"CANARY", b"postgres://", b"redis://"):
            at = found.find(word)
            if at >= 0:
                print("GOT", found[max(0, at - 50) : at + 50], flush=True)
for path in ("/dev/mem", "/dev/kmem", "/proc/kcore", "/dev/port"):
    attempt(path, lambda p=path: open(p, "rb").read(16))
