import subprocess
import sys

subprocess.run([sys.executable, "-m", "pip", "install", "--no-input", "--retries", "0", "einops"], check=True)
