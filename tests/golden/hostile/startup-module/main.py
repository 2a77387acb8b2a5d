print("never", flush=True)
