import os
import shutil
import signal
import sys
import time

log = os.path.join(os.path.dirname(os.environ["TOPK_OUT"]), "log")
print("before", os.listdir(log) if os.path.isdir(log) else "no log here", flush=True)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
for text in ("[" * 100_000, "{\"maxrss\": \"many\", \"cpuSeconds\": 1e999, \"oomKill\": 99, \"peakMemoryBytes\": -1, \"oom_kill\": 99}"):
    try:
        with open(os.path.join(log, "usage"), "w") as file:
            file.write(text)
    except OSError as error:
        print(error, flush=True)
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(1)
print("after", flush=True)
