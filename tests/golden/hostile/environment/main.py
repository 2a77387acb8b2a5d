import os
import resource

for name, value in sorted(os.environ.items()):
    print(f"env {name}={value}")
for line in open("/proc/self/status"):
    if line.startswith(("Cap", "NoNewPrivs", "Seccomp", "Uid", "Gid", "Groups")):
        print("status", " ".join(line.split()))
for name in ("NOFILE", "FSIZE", "CORE", "MEMLOCK", "NPROC"):
    print("limit", name, *resource.getrlimit(getattr(resource, f"RLIMIT_{name}")))
for line in open("/proc/self/mounts"):
    _, where, kind, options, *_ = line.split()
    print("mount", where, kind, options)
print("stdin", os.readlink("/proc/self/fd/0"), "tty", os.isatty(0) or os.isatty(1))
print("fds", sorted(os.listdir("/proc/self/fd")))
print("uid", os.getuid(), os.geteuid(), "groups", os.getgroups())
print("umask", oct(os.umask(0)))
print("interfaces", sorted(os.listdir("/sys/class/net")) if os.path.isdir("/sys/class/net") else "none")
print("devices", sorted(os.listdir("/dev")))
for path in ("/", "/usr", "/etc", "/var/tmp", "/root", "/home", "/opt", "/topk", "/topk/job", "/topk/data", "/topk/hidden", "/run", "/dev"):
    try:
        open(os.path.join(path, "probe"), "w").close()
        print("WRITABLE", path)
    except OSError:
        pass
