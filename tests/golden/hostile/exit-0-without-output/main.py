print("all done")
