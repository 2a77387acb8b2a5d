with open("predictions.csv", "w") as file:
    file.write("id,0,1,2,3\n" + "".join(f"{id},nan,inf,-inf,nan\n" for id in "abcd"))
