with open("predictions.csv", "w") as file:
    file.write("id,label\n\"" + "x\n," * 3_000_000)
