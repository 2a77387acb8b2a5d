import os

os.symlink("nowhere", "predictions.csv")
