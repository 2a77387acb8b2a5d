import ctypes
import os
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt, libc, number_of, syscall, write

CLONE = {"user": 0x10000000, "mount": 0x20000, "pid": 0x20000000, "net": 0x40000000, "uts": 0x4000000, "ipc": 0x8000000, "cgroup": 0x2000000}


def in_child(act, *args):
    """What works is tried in a child, so that it does not spoil the next attempt."""
    child = os.fork()
    if child == 0:
        try:
            act(*args)
        except OSError as error:
            os._exit(error.errno)
        except BaseException:
            os._exit(254)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code != 0:
        raise OSError(code, os.strerror(code))


def clone3(flags):
    """struct clone_args with flags and SIGCHLD as the exit signal."""
    arguments = (ctypes.c_uint64 * 11)(flags, 0, 0, 0, 17)
    child = syscall(435, ctypes.byref(arguments), ctypes.sizeof(arguments))
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def clone(flags):
    child = syscall(number_of(56, 220), flags | 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


for name, flag in CLONE.items():
    attempt(f"unshare {name}", in_child, lambda f=flag: syscall(number_of(272, 97), f))
    attempt(f"clone {name}", in_child, clone, flag)
    attempt(f"clone3 {name}", in_child, clone3, flag)
    attempt(f"unshare user and {name}", in_child, lambda f=flag: syscall(number_of(272, 97), f | CLONE["user"]))
for name in ("mnt", "net", "pid", "user"):
    attempt(f"setns {name}", lambda n=name: in_child(lambda: syscall(number_of(308, 268), os.open(f"/proc/1/ns/{n}", os.O_RDONLY), 0)))


def mount(source, target, kind, flags=0):
    return syscall(number_of(165, 40), source, target, kind, flags, None)


os.makedirs("/tmp/at", exist_ok=True)
attempt("mount proc", mount, b"proc", b"/tmp/at", b"proc")
attempt("mount tmpfs", mount, b"tmpfs", b"/tmp/at", b"tmpfs")
attempt("mount cgroup", mount, b"cgroup", b"/tmp/at", b"cgroup")
attempt("mount disk", mount, b"/dev/vda", b"/tmp/at", b"ext4")
attempt("bind", mount, b"/topk", b"/tmp/at", None, 4096)
attempt("remount root", mount, None, b"/", None, 32 | 4096)
attempt("remount job", mount, None, b"/topk/job", None, 32 | 4096)
attempt("umount", syscall, number_of(166, 39), b"/topk/job", 2)
attempt("fsopen", syscall, 430, b"tmpfs", 0)
attempt("open_tree", syscall, 428, -100, b"/", 1)
attempt("move_mount", syscall, 429, -100, b"/tmp", -100, b"/tmp/at", 0)
attempt("mount_setattr", syscall, 442, -100, b"/topk/job", 0, None, 0)
attempt("chroot", lambda: in_child(os.chroot, "/tmp"))
attempt("pivot_root", syscall, number_of(155, 41), b"/tmp", b"/tmp/at")
attempt("open_by_handle_at", syscall, number_of(304, 265), 0, ctypes.create_string_buffer(b"\x08\0\0\0\1\0\0\0\2\0\0\0\0\0\0\0"), 0)
attempt("sethostname", lambda: libc.sethostname(b"owned", 5) and syscall(number_of(170, 161), b"owned", 5))
attempt("cgroup", write, "/sys/fs/cgroup/cgroup.procs", "0")
attempt("cgroup 1", write, "/sys/fs/cgroup/memory/memory.limit_in_bytes", "-1")
attempt("cgroup 2", write, "/sys/fs/cgroup/memory.max", "max")
attempt("release agent", write, "/sys/fs/cgroup/memory/release_agent", "/tmp/run")
