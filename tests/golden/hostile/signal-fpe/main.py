import os
import signal

signal.signal(signal.SIGFPE, signal.SIG_DFL) if signal.SIGFPE != signal.SIGKILL else None
os.kill(os.getpid(), signal.SIGFPE)
