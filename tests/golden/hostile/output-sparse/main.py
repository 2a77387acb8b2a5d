import os
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import attempt, predict

predict()
with open("large", "wb") as file:
    attempt("100 GB with a hole", file.truncate, 100 << 30)
