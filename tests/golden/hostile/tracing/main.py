import ctypes
import os
import sys
import time

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt, number_of, syscall

PTRACE_SEIZE = 0x4206  # attaches without stopping: what works shall not hang

victim = os.fork()
if victim == 0:
    time.sleep(30)
    os._exit(0)
runner = os.getppid()


def peek(process, number, length=64):
    here = ctypes.create_string_buffer(length)
    local = (ctypes.c_uint64 * 2)(ctypes.addressof(here), length)
    remote = (ctypes.c_uint64 * 2)(int(open(f"/proc/{process}/maps").readline().split("-")[0], 16), length)
    return syscall(number, process, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)


for name, process in (("child", victim), ("runner", runner), ("first", 1)):
    attempt(f"ptrace {name}", syscall, number_of(101, 117), PTRACE_SEIZE, process, 0, 0)
    attempt(f"process_vm_readv {name}", peek, process, number_of(310, 270))
    attempt(f"process_vm_writev {name}", peek, process, number_of(311, 271))
attempt("kcmp", syscall, number_of(312, 272), os.getpid(), runner, 0, 0, 0)
attempt("pidfd_getfd", lambda: syscall(438, syscall(434, runner, 0), 0, 0))
attempt("bpf map", syscall, number_of(321, 280), 0, ctypes.byref((ctypes.c_uint32 * 20)(2, 4, 4, 1)), 72)
attempt("perf_event_open", syscall, number_of(298, 241), ctypes.create_string_buffer(b"\0\0\0\0\x70" + b"\0" * 120), 0, -1, -1, 0)
attempt("userfaultfd", syscall, number_of(323, 282), 0)
attempt("userfaultfd user mode", syscall, number_of(323, 282), 1)
attempt("io_uring_setup", syscall, 425, 8, ctypes.create_string_buffer(120))
attempt("io_uring_enter", syscall, 426, 0, 0, 0, 0, 0, 0)
attempt("add_key", syscall, number_of(248, 217), b"user", b"k", b"v", 1, -2)
attempt("request_key", syscall, number_of(249, 218), b"user", b"k", None, 0)
attempt("keyctl", syscall, number_of(250, 219), 0, -3, 0, 0, 0)
attempt("fanotify", syscall, number_of(300, 262), 0, 0)
attempt("lookup_dcookie", syscall, number_of(212, 18), 0, None, 0)
os.kill(victim, 9)
