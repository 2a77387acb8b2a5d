with open("predictions.csv", "w") as file:
    file.write("id," + ",".join(str(number) for number in range(1_000_000)) + "\n")
