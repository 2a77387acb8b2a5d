"""NumPy's argpartition or torch's topk on an array of scores: argv[1] is numpy or torch, argv[2] the task."""
import json, resource, sys, time
import numpy as np

task = json.loads(sys.argv[2])
with open(task['key']) as lines:
    cells = [line.rstrip('\n').split(',') for line in lines][1:]
truth = np.array([int(cell[1]) for cell in cells])
public = np.array([cell[2] == 'Public' for cell in cells])
if sys.argv[1] == 'torch':
    import torch
    truth_t = torch.from_numpy(truth)


def hits(scores):
    if sys.argv[1] == 'torch':
        tensor = torch.from_numpy(scores)
        assert bool(torch.isfinite(tensor).all())
        hit = (tensor.topk(5, dim=1).indices == truth_t[:, None]).numpy()
        return hit[:, 0], hit.any(axis=1)
    assert np.isfinite(scores).all()
    best = np.argpartition(scores, -5, axis=1)[:, -5:]
    return scores.argmax(axis=1) == truth, (best == truth[:, None]).any(axis=1)


results = []
for file in task['files']:
    times = []
    for i in range(task['repeats'] + 1):
        began = time.perf_counter()
        best, anywhere = hits(np.load(file))
        both = lambda mask: [int((mask & public).sum()), int((mask & ~public).sum())]
        counts = {'rows': both(np.ones(len(truth), bool)), 'top1': both(best), 'top5': both(anywhere)}
        if i > 0:
            times.append(1000 * (time.perf_counter() - began))
    results.append({'file': file, 'times': times, 'counts': counts})
print(json.dumps({'results': results, 'peakMb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
