import mmap
import os

print("thrashing", flush=True)
for kind in range(8):
    if os.fork() == 0:
        break
else:
    kind = 8
if kind % 3 == 0:
    while True:
        pass
elif kind % 3 == 1:
    # More than a cache holds, touched page after page.
    pages = mmap.mmap(-1, 16 << 20)
    while True:
        for at in range(0, 16 << 20, 4096):
            pages[at] = 1
else:
    block = os.urandom(1 << 20)
    while True:
        with open(f"/tmp/{kind}", "wb") as file:
            for _ in range(4):
                file.write(block)
            os.fsync(file.fileno())
