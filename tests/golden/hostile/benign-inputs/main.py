import os
import tempfile

for name in ("TOPK_DATA", "TOPK_HIDDEN", "TOPK_JOB"):
    folder = os.environ[name]
    print(name, sorted(os.listdir(folder)), flush=True)
    try:
        open(os.path.join(folder, "new"), "w").close()
        print("WRITABLE", folder)
    except OSError:
        pass
rows = open(os.path.join(os.environ["TOPK_DATA"], "train.csv")).read().split()
assert rows == ["id,label", "x,0", "y,1"], rows
assert "hidden-features" in open(os.path.join(os.environ["TOPK_HIDDEN"], "test.csv")).read()
with tempfile.NamedTemporaryFile(dir="/tmp") as file:
    file.write(b"x" * 1_000_000)
assert os.getcwd() == os.path.realpath(os.environ["TOPK_OUT"]), os.getcwd()
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
