import os
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import predict

child = os.fork()
if child == 0:
    kept = []
    while True:
        kept.append(bytearray(b"x" * (8 << 20)))
_, status = os.waitpid(child, 0)
print("child ended by signal", os.WTERMSIG(status), flush=True)
predict()
