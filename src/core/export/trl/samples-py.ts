// Of train_agemem.py: advantages of a group, shared out over steps, and rows to learn from.

export const samplesPy = String.raw`def advantages_of(rewards, form, epsilon, terms=()):
    """Of the rollouts of one group, and whether there is nothing to learn from them. terms: (weight, values) of each."""
    if form == "decoupled" and terms:
        scores = [(weight, advantages_of(values, "sample", epsilon)[0]) for weight, values in terms]
        return advantages_of([sum(weight * each[i] for weight, each in scores) for i in range(len(rewards))], "sample", epsilon)
    k = len(rewards)
    mean = sum(rewards) / k
    if all(abs(r - mean) <= 1e-9 for r in rewards):
        return [0.0] * k, True
    std = math.sqrt(sum((r - mean) ** 2 for r in rewards) / (k if form == "population" else k - 1))
    if form == "none":
        return [r - mean for r in rewards], False
    if form == "leave-one-out":
        return [(r - mean) * k / (k - 1) for r in rewards], False
    return [(r - mean) / (std + epsilon) for r in rewards], False


def credited(advantage, stages):
    """The advantage of each step of a rollout."""
    if RUN["credit"] == "step-normalised":
        return [advantage / len(stages)] * len(stages)
    if RUN["credit"] == "last-stage":
        return [advantage if stage == 3 else 0.0 for stage in stages]
    return [advantage] * len(stages)


def samples_of(sequences, advantages):
    """Rows to learn from: a sequence each, or, where every reply weighs the same, a reply each with all before it as its prompt.

    A row: ids, where its completion begins, mask and advantages of the completion, where in the sequence the targets are.
    """
    rows = []
    for sequence in sequences:
        replies = sequence["replies"]
        for some in [[reply] for reply in replies] if RUN["aggregation"] == "sequence-mean" else [replies]:
            start, end = some[0][0], some[-1][1]
            row = {"ids": sequence["ids"][:end], "start": start, "mask": [0] * (end - start), "advantages": [0.0] * (end - start)}
            for low, high, step in some:
                row["mask"][low - start : high - start] = [1] * (high - low)
                row["advantages"][low - start : high - start] = [advantages[step]] * (high - low)
            rows.append(row)
    return rows`
