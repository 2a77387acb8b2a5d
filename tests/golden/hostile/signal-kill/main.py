import os
import signal

signal.signal(signal.SIGKILL, signal.SIG_DFL) if signal.SIGKILL != signal.SIGKILL else None
os.kill(os.getpid(), signal.SIGKILL)
