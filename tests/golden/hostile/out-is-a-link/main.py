import os

out = os.environ["TOPK_OUT"]
os.chdir("/tmp")
try:
    os.rename(out, out + ".old")
    os.symlink("/etc", out)
    print("replaced", flush=True)
except OSError as error:
    print(error, flush=True)
os.chdir("/")
open(os.path.join(out, "never"), "w").close() if not os.path.islink(out) else None
