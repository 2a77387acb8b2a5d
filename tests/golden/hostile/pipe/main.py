import os

os.mkfifo("predictions.csv")
