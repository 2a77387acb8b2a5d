open("pred.csv", "w").write("id,label\n")
