"""A two-layer network that learns handwritten digits, in plain NumPy.

gradarray makes the parameters; all else below is NumPy. Run it with ``python digits.py``: it prints the accuracy on
the training digits and on a fifth of the data it never saw, and draws ``digits.png`` in the current directory.
"""

import sys

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from tqdm import tqdm

import gradarray as ga

HIDDEN, EPOCHS, BATCH = 64, 40, 32
RATE, MOMENTUM, DECAY = 0.05, 0.9, 1e-4
WANTED = 0.96


def network(parameters, images):
    """The logits, ten for each image."""
    w1, b1, w2, b2 = parameters
    hidden = np.maximum(images @ w1 + b1, 0)
    return hidden @ w2 + b2


def cross_entropy(logits, labels):
    """The mean of -log(probability of the right digit)."""
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    log_total = np.log(np.sum(np.exp(shifted), axis=1))
    return np.mean(log_total - shifted[np.arange(len(labels)), labels])


def accuracy(parameters, images, labels):
    return np.mean(np.argmax(network(parameters, images), axis=1) == labels)


def load(rng):
    """The digits in random order, as (images, labels) to train on and to test on."""
    digits = load_digits()
    order = rng.permutation(len(digits.target))
    images, labels = digits.data[order] / 16, digits.target[order]
    fifth = len(labels) // 5
    return (images[fifth:], labels[fifth:]), (images[:fifth], labels[:fifth])


def train(parameters, images, labels, test, rng):
    """Stochastic gradient descent with momentum; the loss of every batch, and the test loss after every epoch."""
    velocities = [np.zeros(p.shape) for p in parameters]
    losses, test_losses = [], []

    for _ in (progress := tqdm(range(EPOCHS), desc="training", unit="epoch")):
        order = rng.permutation(len(labels))
        for start in range(0, len(labels), BATCH):
            batch = order[start : start + BATCH]
            loss = cross_entropy(network(parameters, images[batch]), labels[batch])
            loss.backward()
            losses.append(loss.item())

            with ga.no_autodiff:
                for p, v in zip(parameters, velocities, strict=True):
                    v *= MOMENTUM
                    v -= RATE * (p.grad + DECAY * p.data)
                    p += v

        with ga.no_autodiff:
            test_losses.append(cross_entropy(network(parameters, test[0]), test[1]).item())
        progress.set_postfix(loss=f"{losses[-1]:.4f}", test_loss=f"{test_losses[-1]:.4f}")

    return np.array(losses), np.array(test_losses)


def draw(losses, test_losses, images, labels, guesses, score):
    """The loss curves, and test digits with what the network takes them for."""
    plt.switch_backend("Agg")  # no window
    ink, blue, red = "#333333", "#3b6ea8", "#c8453b"
    plt.rcParams.update({"font.size": 10, "text.color": ink, "axes.labelcolor": ink, "axes.edgecolor": "#999999"})
    figure = plt.figure(figsize=(11, 4.4), layout="constrained")
    left, right = figure.subfigures(1, 2, width_ratios=(1, 1.1), wspace=0.06)

    axes = left.subplots()
    epochs = np.arange(1, len(test_losses) + 1)
    axes.plot(np.linspace(0, epochs[-1], len(losses)), losses, color=blue, alpha=0.3, lw=0.6, label="each batch")
    axes.plot(
        epochs, losses.reshape(len(epochs), -1).mean(axis=1), color=blue, lw=1.8, label="training, mean of the epoch"
    )
    axes.plot(epochs, test_losses, color=red, lw=1.8, label="held-out fifth")
    axes.set(xlabel="epoch", ylabel="cross-entropy", yscale="log", xlim=(0, epochs[-1]), ylim=(2e-3, 4))
    axes.set_title("Loss", loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e6e6e6")
    axes.legend(frameon=False)

    wrong = np.flatnonzero(guesses != labels)[:8]
    shown = np.concatenate([np.flatnonzero(guesses == labels)[: 32 - len(wrong)], wrong])
    right.suptitle(f"Test digits and predictions: {score:.1%} right", x=0.02, ha="left", fontweight="bold")
    for place, i in zip(right.subplots(4, 8).flat, shown, strict=True):
        hit = guesses[i] == labels[i]
        place.imshow(images[i].reshape(8, 8), cmap="gray_r", interpolation="nearest")
        title = f"{guesses[i]}" if hit else f"{guesses[i]}, not {labels[i]}"
        place.set_title(title, color=ink if hit else red, fontsize=9, pad=3)
        place.set(xticks=[], yticks=[])
        place.spines[:].set_color("#cccccc" if hit else red)

    figure.savefig("digits.png", dpi=130)


def main():
    rng = np.random.default_rng(0)
    (images, labels), test = load(rng)
    parameters = [
        ga.tensor(rng.normal(0, np.sqrt(2 / 64), (64, HIDDEN))),
        ga.tensor(np.zeros(HIDDEN)),
        ga.tensor(rng.normal(0, np.sqrt(2 / HIDDEN), (HIDDEN, 10))),
        ga.tensor(np.zeros(10)),
    ]

    losses, test_losses = train(parameters, images, labels, test, rng)

    score = accuracy(parameters, *test)
    guesses = np.argmax(network(parameters, test[0]), axis=1)
    draw(losses, test_losses, *test, guesses, score)
    print(f"train accuracy: {accuracy(parameters, images, labels):.2%} of {len(labels)} digits")
    print(f"test accuracy:  {score:.2%} of {len(test[1])} digits the network never saw")
    print("figure:         digits.png")
    if score < WANTED:
        sys.exit(f"the test accuracy is below {WANTED:.0%}")


if __name__ == "__main__":
    main()
