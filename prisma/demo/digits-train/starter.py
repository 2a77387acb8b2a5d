"""Trains a small convolutional network on the digits and ranks the five most likely for each test image."""

import os

import numpy as np
import pandas as pd
import torch
from torch import nn
from torch.nn import functional as F

DATA = os.environ.get("TOPK_DATA", ".")
SEED = int(os.environ.get("TOPK_SEED", "542"))
EPOCHS = 15

# The same seed, the same threads and deterministic kernels: the same predictions.
torch.manual_seed(SEED)
torch.use_deterministic_algorithms(True)
device = "cuda" if torch.cuda.is_available() else "cpu"

train = pd.read_csv(f"{DATA}/train.csv")
test = pd.read_csv(f"{DATA}/test.csv")
pixels = [f"p{i}" for i in range(64)]


def images(table):
    values = table[pixels].to_numpy(np.float32) / 16
    return torch.from_numpy(values).reshape(-1, 1, 8, 8).to(device)


x, y = images(train), torch.tensor(train["label"].to_numpy(), device=device)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 32, 3, padding=1)
        self.hidden = nn.Linear(32 * 4 * 4, 128)
        self.out = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.dropout(F.relu(self.hidden(x.flatten(1))), 0.4, self.training)
        return self.out(x)


net = Net().to(device)
optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)

for epoch in range(1, EPOCHS + 1):
    net.train()
    total = 0.0
    for rows in torch.randperm(len(x)).split(32):
        loss = F.cross_entropy(net(x[rows]), y[rows], label_smoothing=0.05)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    schedule.step()
    print(f"epoch {epoch:2d}/{EPOCHS}  loss {total / len(x):.4f}")

net.eval()
with torch.no_grad():
    best = net(images(test)).topk(5).indices.cpu().numpy()

predictions = pd.DataFrame(best, columns=[f"label_{i}" for i in range(1, 6)])
predictions.insert(0, "id", test["id"])
predictions.to_csv("predictions.csv", index=False)
print(f"wrote predictions.csv with {len(predictions)} rows")
