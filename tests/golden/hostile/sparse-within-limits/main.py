with open("predictions.csv", "wb") as file:
    file.write(b"id,label\na,0\n")
    file.truncate(14 << 20)
