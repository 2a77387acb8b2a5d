import os
import signal

signal.signal(signal.SIGBUS, signal.SIG_DFL) if signal.SIGBUS != signal.SIGKILL else None
os.kill(os.getpid(), signal.SIGBUS)
