import os

os.makedirs("predictions.csv/predictions.csv")
