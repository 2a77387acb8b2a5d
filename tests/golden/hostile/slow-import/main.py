import slow

print("never", slow)
