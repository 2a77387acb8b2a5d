raise RuntimeError("shapes (3, 4) and (5, 6) not aligned")
