import ctypes
import os
import resource
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt, number_of, syscall, write

NOW = (ctypes.c_int64 * 2)(0, 0)
attempt("clock_settime", syscall, number_of(227, 112), 0, ctypes.byref(NOW))
attempt("settimeofday", syscall, number_of(164, 170), ctypes.byref(NOW), None)
attempt("adjtimex", syscall, number_of(159, 171), ctypes.byref((ctypes.c_int64 * 26)(1, 1)))
attempt("init_module", syscall, number_of(175, 105), ctypes.create_string_buffer(64), 64, b"")
attempt("finit_module", syscall, number_of(313, 273), 0, b"", 0)
attempt("delete_module", syscall, number_of(176, 106), b"loop", 0)
attempt("kexec_load", syscall, number_of(246, 104), 0, 0, None, 0)
attempt("swapon", syscall, number_of(167, 224), b"/tmp/swap", 0)
attempt("swapoff", syscall, number_of(168, 225), b"/tmp/swap")
# LINUX_REBOOT_CMD_CAD_OFF changes one flag of the kernel and nothing else.
attempt("reboot", syscall, number_of(169, 142), 0xFEE1DEAD - (1 << 32), 672274793, 0, None)
attempt("quotactl", syscall, number_of(179, 60), 0x80000700, b"/dev/vda", 0, None)
attempt("acct", syscall, number_of(163, 89), b"/tmp/acct")
attempt("syslog", syscall, number_of(103, 116), 3, ctypes.create_string_buffer(100), 100)
attempt("iopl", syscall, 172 if number_of(1, 0) else 10_000, 3)
attempt("ioperm", syscall, 173 if number_of(1, 0) else 10_000, 0x70, 2, 1)
attempt("setuid", os.setuid, 0)
attempt("setresuid", os.setresuid, 0, 0, 0)
attempt("setgid", os.setgid, 0)
attempt("setgroups", os.setgroups, [0])
attempt("nice", os.nice, -5)
attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
attempt("raise nofile", resource.setrlimit, resource.RLIMIT_NOFILE, (10_000_000, 10_000_000))
attempt("raise core", resource.setrlimit, resource.RLIMIT_CORE, (-1, -1))
attempt("mlock", syscall, number_of(149, 228), ctypes.create_string_buffer(64 << 20), 64 << 20)
attempt("capset", syscall, number_of(126, 91), ctypes.byref((ctypes.c_uint32 * 2)(0x20080522, 0)), ctypes.byref((ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 3, 0, 0, 0)))
attempt("old personality", syscall, number_of(135, 92), 0x0400000)

for path, text in (
    ("/proc/sysrq-trigger", "h"),
    ("/proc/sys/kernel/core_pattern", "|/tmp/run"),
    ("/proc/sys/kernel/hostname", "owned"),
    ("/proc/sys/vm/overcommit_memory", "1"),
    ("/proc/sys/net/ipv4/ip_forward", "1"),
    ("/proc/sys/kernel/modprobe", "/tmp/run"),
    ("/proc/sys/fs/binfmt_misc/register", ":x:M::x::/tmp/run:"),
    ("/proc/irq/default_smp_affinity", "1"),
    ("/proc/self/oom_score_adj", "-1000"),
    ("/proc/1/oom_score_adj", "-1000"),
    ("/sys/kernel/mm/transparent_hugepage/enabled", "never"),
    ("/sys/kernel/uevent_helper", "/tmp/run"),
    ("/sys/power/state", "mem"),
    ("/sys/class/net/lo/mtu", "100"),
    ("/dev/kmsg", "owned"),
    ("/dev/mem", "x"),
    ("/dev/sda", "x"),
    ("/dev/vda", "x"),
    ("/etc/passwd", "x"),
    ("/usr/bin/python3", "x"),
    ("/topk/job/main.py", "x"),
):
    attempt(f"write {path}", write, path, text)
