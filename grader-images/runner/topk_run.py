"""Starts the program of a run and keeps what it prints.

    topk-run --wait        waits for /topk/job/.go, which names the command: how a worker runs it
    topk-run main.py       runs /topk/job/main.py at once and prints as it does: how a laptop runs it

The program has the same user as this process, so it can kill it, stop it and write over its files. That costs the program its own log and its own
run; nothing that is written here is trusted for more than display, and the worker holds the time limit.
"""

import os
import sys
import time

import _signal  # `signal` itself takes as long to import as the whole of this
import fcntl
import select

from topk_log import Log
from topk_program import JOB, OUT, RUN, Unusable, environment, resolve
from topk_usage import write_usage

BLOCK = 65_536
PIPE_BYTES = 1 << 20
GRACE_SECONDS = 5


def main():
    arguments = sys.argv[1:]
    try:
        if arguments == ["--wait"]:
            sys.exit(wait_and_run())
        if not arguments or arguments[0].startswith("-"):
            raise Unusable("usage: topk-run main.py [argument …], with your files mounted at /topk/job")
        run_here(arguments)
    except (Unusable, OSError) as problem:
        print(f"topk: {problem}", file=sys.stderr)
        sys.exit(2)


def run_here(command):
    """Becomes the program: what it prints, its signals and its exit code are the container's."""
    os.makedirs(OUT, exist_ok=True)
    if not os.access(OUT, os.W_OK):
        raise Unusable(
            f"{OUT} can't be written by user {os.getuid()}: make the folder first (mkdir -p out) "
            'and add --user "$(id -u)" to the docker run line'
        )
    env = environment(dict(os.environ))
    program = resolve(command)
    os.chdir(OUT)
    restore_signals()
    try:
        os.execvpe(program[0], program, env)
    except OSError as error:
        raise Unusable(f"{program[0]}: {error.strerror}") from None


def wait_and_run():
    """@returns the exit code: the program's, 128 + n for signal n, 124 where the worker did not enforce the time limit"""
    # kill(-1) is how a run ends: only ever inside a container's own process namespace.
    if os.getppid() > 1 or os.getpid() > 100:
        raise Unusable("--wait is for the main process of a container")
    no_core_files()
    # All files are there, at their full size, before the program is: a full volume stops none of them, and no name is looked up afterwards.
    os.makedirs(OUT, exist_ok=True)
    log = Log(f"{RUN}/log", int(os.environ.get("TOPK_LOG_KIB", "1024")) * 1024)
    wake = wake_on_child()
    pipe, program_end = os.pipe()
    widen(pipe)
    go = wait_for_go()
    env = environment({**os.environ, **go["env"]})
    deadline = time.monotonic() + float(env.get("TOPK_WALL_SECONDS", "86400")) + GRACE_SECONDS
    try:
        child = start(resolve(go["command"]), env, program_end)
    except Unusable as problem:
        log.write(f"topk: {problem}\n".encode())
        write_usage(log.usage, None, OUT)
        return 127
    os.close(program_end)
    status, rusage = follow(child, pipe, wake, log, deadline)
    kill_everything()
    drain(pipe, log)
    write_usage(log.usage, rusage, OUT)
    return 124 if status is None else exit_code(status)


def wait_for_go():
    """The file comes last of the job's, in the same archive; until it is whole it is no JSON. inotify does not see through gVisor's mounts."""
    import json

    path = f"{JOB}/.go"
    pause = 0.002
    while True:
        try:
            with open(path, encoding="utf-8") as file:
                go = json.load(file)
            return {"command": [str(part) for part in go["command"]], "env": {k: str(v) for k, v in go["env"].items()}}
        except (OSError, ValueError):
            time.sleep(pause)
            # A shell may wait for hours: from a few seconds on it looks 200 times a second.
            pause = min(pause * 1.001, 0.005)


def start(program, env, program_end):
    nothing = os.open("/dev/null", os.O_RDONLY)
    os.chdir(OUT)
    files = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, program_end, 1), (os.POSIX_SPAWN_DUP2, program_end, 2)]
    try:
        # All other descriptors close themselves, as Python's do. Python ignores SIGPIPE and SIGXFSZ; the program shall not.
        child = os.posix_spawnp(program[0], program, env, file_actions=files, setsid=True, setsigdef=[13, 25])
    except OSError as error:
        raise Unusable(f"{program[0]}: {error.strerror}") from None
    finally:
        os.close(nothing)
    be_killed_first(child)
    return child


def follow(child, pipe, wake, log, deadline):
    """Keeps what is printed until the main process has ended: descendants that hold the pipe open hold up nothing.

    @returns its status, None where the time is over, and its resource usage
    """
    ended = select.poll()
    ended.register(wake, select.POLLIN)
    either = select.poll()
    either.register(wake, select.POLLIN)
    either.register(pipe, select.POLLIN)
    reading = True
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return None, None
        for fd, _ in either.poll(min(left, 60) * 1000):
            if fd == pipe:
                block = os.read(pipe, BLOCK)
                if block:
                    log.write(block)
                    # A program that prints line by line is not woken up against for each line.
                    if len(block) < BLOCK // 4:
                        ended.poll(2)
                elif reading:
                    reading = False
                    either.unregister(pipe)
            else:
                empty(wake)
                pid, status, rusage = os.wait4(child, os.WNOHANG)
                if pid == child:
                    return status, rusage


def kill_everything():
    """Everything in this process namespace but the init process and this one. What is being born while this looks is met in the next round."""
    until = time.monotonic() + 2
    while time.monotonic() < until:
        try:
            os.kill(-1, _signal.SIGKILL)
        except OSError:
            return
        reap()
        time.sleep(0.001)


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def drain(pipe, log):
    """What the dead have left in the pipe, which holds no more than its size."""
    os.set_blocking(pipe, False)
    for _ in range(4 * PIPE_BYTES // BLOCK):
        try:
            block = os.read(pipe, BLOCK)
        except OSError:
            return
        if not block:
            return
        log.write(block)


def exit_code(status):
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


def wake_on_child():
    """@returns a descriptor that can be read from once a child has changed"""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    _signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _signal.signal(_signal.SIGCHLD, lambda *_: None)
    return reader


def empty(wake):
    try:
        os.read(wake, 4096)
    except BlockingIOError:
        pass


def widen(pipe):
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    except OSError:
        pass  # the user's pipes are over their common limit: a smaller one is only slower


def be_killed_first(child):
    """Where the memory is over, the program goes and not the one that tells of it."""
    try:
        with open(f"/proc/{child}/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        pass


def no_core_files():
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def restore_signals():
    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)
