import os

import torch
import torch.distributed
import torch.utils.data

rows = torch.utils.data.TensorDataset(torch.arange(64.0).reshape(32, 2))
total = sum(batch.sum() for (batch,) in torch.utils.data.DataLoader(rows, batch_size=8, num_workers=2))
assert total == 2016, total
print("loaded", flush=True)

# Debian builds torch without libuv.
os.environ.update(USE_LIBUV="0", MASTER_ADDR="127.0.0.1", MASTER_PORT="29500", GLOO_SOCKET_IFNAME="lo")
torch.distributed.init_process_group("gloo", rank=0, world_size=1)
tensor = torch.ones(3)
torch.distributed.all_reduce(tensor)
assert tensor.sum() == 3
print("reduced", flush=True)
open("predictions.csv", "w").write("id,label\na,0\nb,1\nc,2\nd,3\n")
