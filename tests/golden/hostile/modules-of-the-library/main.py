import os
import sys

open(os.path.join(os.environ["TOPK_OUT"], "predictions.csv"), "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
print("main ran", flush=True)
