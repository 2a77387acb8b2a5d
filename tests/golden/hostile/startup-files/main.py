import os
import site
import sys

evil = 'import posix\nposix.write(1, b"HIJACKED\\n")\n'
folders = [site.getusersitepackages(), "/tmp", os.environ["TOPK_OUT"], os.path.dirname(os.environ["TOPK_OUT"])]
for folder in folders:
    try:
        os.makedirs(folder, exist_ok=True)
        for name in ("sitecustomize.py", "usercustomize.py", "json.py", "evil.pth", "os.py", "struct.py"):
            open(os.path.join(folder, name), "w").write("import sitecustomize\n" if name.endswith(".pth") else evil)
    except OSError as error:
        print(folder, error)
open("/tmp/evil.so", "wb").write(b"\x7fELF not really")
os.environ.update(PYTHONPATH="/tmp", LD_PRELOAD="/tmp/evil.so", PYTHONSTARTUP="/tmp/json.py", PATH="/tmp", HOME="/tmp")
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
print("left behind", flush=True)
sys.exit(0)
