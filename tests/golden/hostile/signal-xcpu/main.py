import os
import signal

signal.signal(signal.SIGXCPU, signal.SIG_DFL) if signal.SIGXCPU != signal.SIGKILL else None
os.kill(os.getpid(), signal.SIGXCPU)
