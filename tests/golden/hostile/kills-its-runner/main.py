import os
import signal
import time

print("killing", flush=True)
os.kill(os.getppid(), signal.SIGKILL)
time.sleep(1000)
