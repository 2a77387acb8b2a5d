import os
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import predict

predict()
for _ in range(200):
    os.mkdir("d" * 40)
    os.chdir("d" * 40)
