import os
import signal

signal.signal(signal.SIGILL, signal.SIG_DFL) if signal.SIGILL != signal.SIGKILL else None
os.kill(os.getpid(), signal.SIGILL)
