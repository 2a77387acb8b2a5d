import os

with open("real", "w") as file:
    file.write("id,label\na,0\n")
os.link("real", "predictions.csv")
