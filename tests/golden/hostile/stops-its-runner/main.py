import os
import signal
import time

print("stopping all", flush=True)
os.kill(os.getppid(), signal.SIGSTOP)
try:
    os.kill(1, signal.SIGSTOP)
except OSError:
    pass
time.sleep(1000)
