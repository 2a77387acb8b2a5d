import os
import signal

signal.signal(signal.SIGTERM, signal.SIG_DFL) if signal.SIGTERM != signal.SIGKILL else None
os.kill(os.getpid(), signal.SIGTERM)
