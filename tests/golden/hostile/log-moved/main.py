import os
import shutil
import signal
import sys
import time

log = os.path.join(os.path.dirname(os.environ["TOPK_OUT"]), "log")
print("before", os.listdir(log) if os.path.isdir(log) else "no log here", flush=True)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
try:
    os.rename(log, log + ".old")
    os.symlink("/etc", log)
except OSError as error:
    print(error, flush=True)
time.sleep(0.5)
print("after", flush=True)
