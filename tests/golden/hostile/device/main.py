import os
import stat
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt

for name, kind, numbers in (
    ("zero", stat.S_IFCHR, (1, 5)),
    ("memory", stat.S_IFCHR, (1, 1)),
    ("disk", stat.S_IFBLK, (254, 0)),
):
    attempt(f"mknod {name}", os.mknod, "predictions.csv", kind | 0o666, os.makedev(*numbers))
