import os
import sys
import time

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import predict

predict()
main = os.getpid()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        # Until the runner knows of the end, and has had the time to kill even where others have the cores.
        while os.path.exists(f"/proc/{main}"):
            time.sleep(0.1)
        time.sleep(5)
        while True:
            predict("id,label\nLATE,0\n")
    os._exit(0)
os.wait()
