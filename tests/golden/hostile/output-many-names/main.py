import os
import sys

sys.path.insert(0, os.environ["TOPK_JOB"])
from attempts import predict

predict()
os.mkdir("many")
for number in range(700):
    os.link("predictions.csv", f"many/{number:0>250}")
