// What the technical words of the page mean: a title and one sentence each. Terms of the reward stand in reward.ts.
export interface Explained {
  title: string
  sentence: string
}
const entries = <K extends string>(of: Record<K, Explained>): Record<K, Explained> => of

export const glossary = {
  /** Heads of a hover card: the value at this moment, the place in the paper. */
  here: 'Here',
  paper: 'Paper',
  /** "eq. 15", "§3.3, Algorithm 3", "Table 3", as the language writes it. */
  place: (where: string) => where,
  entries: entries({
    ltm: {
      title: 'Long-term memory',
      sentence: 'Entries the agent wrote. They survive all three stages, but the agent sees one only after retrieving it.',
    },
    stm: {
      title: 'Short-term memory',
      sentence: 'The messages in the context window: everything the agent sees when it replies, and nothing else.',
    },
    stage1: {
      title: 'Stage 1: build',
      sentence: 'Facts come up in casual conversation, before any question. The agent decides what to keep.',
    },
    stage2: {
      title: 'Stage 2: resist',
      sentence:
        'The context is emptied; long-term memory stays. Then misleading messages arrive, and the agent should keep its context clean.',
    },
    stage3: {
      title: 'Stage 3: answer',
      sentence: 'The question arrives. The agent retrieves what it stored and answers.',
    },
    step: {
      title: 'Step',
      sentence: 'One message from the environment, one reply, and the tool calls in it. Each dot is one step.',
    },
    reset: {
      title: 'Reset',
      sentence: 'Between stages 1 and 2 the context is emptied, so the answer has to come from long-term memory.',
    },
    think: { title: 'Think', sentence: 'What the agent wrote to itself before acting.' },
    violation: {
      title: 'Format violation',
      sentence: 'The reply broke the protocol: a think block, then either tool calls or an answer, not both.',
    },
    recall: {
      title: 'Related memories',
      sentence:
        'In stage 1 the nearest memories are shown beside each message, so that the agent can update one instead of storing it twice.',
    },
    agent: {
      title: 'Agent',
      sentence: 'What stands between the task and the policy: it hears, asks the policy for replies, and tends the memory.',
    },
    aside: {
      title: 'Asked besides',
      sentence: 'A question of its own, in a prompt of its own: nothing of it stands in the conversation. It may serve to store, compare or shorten.',
    },
    similarity: {
      title: 'Similarity',
      sentence: 'The cosine between the embeddings of two texts: 1 means identical, 0 nothing in common.',
    },
    theta: {
      title: 'θ, filter threshold',
      sentence: 'A message leaves the context when its similarity to the filter’s criteria is at least θ.',
    },
    tMax: {
      title: 'T_max, context limit',
      sentence: 'The most tokens the context should hold. Going over it costs a penalty.',
    },
    nMax: {
      title: 'N_max, rounds',
      sentence: 'The most turns in stages 1 and 2, and replies in stage 3. No answer by then costs a penalty.',
    },
    topK: { title: 'top_k', sentence: 'How many memories a retrieval returns when the call does not say.' },
    exchanges: {
      title: 'Replies per turn',
      sentence: 'How many times the agent may reply to one message of stages 1 and 2.',
    },
    tokens: {
      title: 'Tokens',
      sentence:
        'Pieces of words, as a language model counts them. A model uses its own tokenizer; for scripted policies the count is an estimate.',
    },
    origins: {
      title: 'Context by origin',
      sentence:
        'Where the tokens in the context come from. What is not the agent’s own choice leaves less room for what it wants to keep.',
    },
    webgpu: {
      title: 'WebGPU',
      sentence: 'How a page computes on the graphics card. Large models need it; nano does not.',
    },
    fallbackAdapter: {
      title: 'Software adapter',
      sentence: 'The CPU standing in for a graphics card, where the browser finds none. Its results are right, but slow.',
    },
    shaderF16: {
      title: 'shader-f16',
      sentence:
        'The graphics card can compute with 16-bit numbers. Models that need it say so; most also come in a 32-bit form.',
    },
    vram: {
      title: 'Graphics memory',
      sentence:
        'What the loaded model takes up on the card, context cache included, as WebLLM lists it: mostly for 4,096 tokens. A window of 8,192 needs more.',
    },
    quantised: {
      title: 'Quantised, trainable',
      sentence:
        'Quantised weights are rounded to a few bits to save space. The small changes of training would be rounded away, so only full-precision weights (q0) can be trained.',
    },
    constrained: {
      title: 'Constrained replies',
      sentence:
        'A grammar allows only tokens that follow the protocol: think, then calls of the six tools or an answer. Unconstrained replies show how well the model follows it unaided.',
    },
    embedder: {
      title: 'Embedder',
      sentence:
        'Turns a text into a vector, so that texts can be compared. The built-in one counts words and parts of words; an embedding model also knows synonyms.',
    },
    seed: {
      title: 'Seed',
      sentence: 'Where all randomness starts. The same seed and settings give the same episode on any machine.',
    },
    Add_memory: { title: 'Add_memory', sentence: 'Stores a new entry in long-term memory.' },
    Update_memory: { title: 'Update_memory', sentence: 'Replaces the text of an entry that is no longer right.' },
    Delete_memory: { title: 'Delete_memory', sentence: 'Removes an entry, once the call confirms it.' },
    Retrieve_memory: {
      title: 'Retrieve_memory',
      sentence: 'Searches long-term memory and puts the best matches into the context.',
    },
    Summary_context: {
      title: 'Summary_context',
      sentence: 'Replaces messages in the context with one summary that the agent writes.',
    },
    Filter_context: { title: 'Filter_context', sentence: 'Removes messages from the context that match a description.' },
    reward: {
      title: 'R, reward',
      sentence: 'What training would give this episode: for the answer, the context and the memory, minus penalties.',
    },
    judge: {
      title: 'J, judge score',
      sentence:
        'How right the answer is, from 0 to 1. A rule checks for an exact match, the same value, or shared words; a language model can judge instead.',
    },
    quality: {
      title: 'MQ, memory quality',
      sentence:
        'How well the final entries match the facts that still hold: none missing, none useless. It is not part of the reward.',
    },
    penalty: {
      title: 'Penalty',
      sentence: 'Lost for using up all rounds without an answer, and for a context over its limit.',
    },
    neededFact: {
      title: 'Needed fact',
      sentence: 'A fact the answer depends on. The agent is not told which facts these are.',
    },
    rollout: {
      title: 'Rollout',
      sentence: 'One episode played in training. The K rollouts of a task differ only by chance.',
    },
    group: {
      title: 'Group',
      sentence:
        'The K rollouts of one task. Each is judged against the others, so no second network has to guess what a good reward would be.',
    },
    trainStep: {
      title: 'Training step',
      sentence: 'B tasks, K rollouts of each, their rewards, then one update of the adapter.',
    },
    advantage: {
      title: 'A, advantage',
      sentence:
        'How much better a rollout did than its group, in standard deviations. Every step of the rollout gets it: above zero it becomes more likely, below zero less likely.',
    },
    tokenGradient: {
      title: 'Token gradient',
      sentence:
        'The slope of the objective with respect to the token’s log-probability: advantage × weight × ρ, plus the KL term’s pull back toward the base model.',
    },
    groupMean: { title: 'μ, group mean', sentence: 'The mean reward of the K rollouts.' },
    groupStd: {
      title: 'σ, group spread',
      sentence:
        'The standard deviation of the K rewards. Where it is 0, all rollouts scored the same and there is nothing to learn.',
    },
    termScore: {
      title: 'z, score in one term',
      sentence: 'How far the rollout is above the group mean in one term of the reward, in that term’s standard deviations.',
    },
    sumStd: {
      title: 'σ, spread of the sums',
      sentence: 'The standard deviation of the K weighted sums of term scores.',
    },
    epsilon: {
      title: 'ε',
      sentence: 'A small number that keeps the division finite when the rewards are nearly equal.',
    },
    rank: { title: 'Rank', sentence: 'The place within the group: 1 has the highest reward.' },
    zeroVariance: {
      title: 'Groups without variance',
      sentence:
        'The share of groups in which all rollouts got the same reward. Their advantages are 0, so they teach nothing.',
    },
    success: { title: 'Right answers', sentence: 'The share of episodes whose answer is exactly right.' },
    heldOut: {
      title: 'Held-out tasks',
      sentence: 'Tasks never used in training, always the same ones. The whiskers show the 95 % interval.',
    },
    components: {
      title: 'Components of the reward',
      sentence: 'Task, context and memory before weighting, and the penalty: means over the rollouts of a step.',
    },
    toolCalls: {
      title: 'Tool calls',
      sentence:
        'How often each of the six tools is called per episode, failed calls included. The paper’s Table 3 shows how training changes this.',
    },
    contextTokens: {
      title: 'Context at the answer',
      sentence: 'Tokens in the context window when the answer is given.',
    },
    kl: {
      title: 'KL, distance from the base model',
      sentence: 'How far the policy has moved from the model it started as, in nats per token. β sets what distance costs.',
    },
    entropy: {
      title: 'Entropy',
      sentence: 'How open the choice of the next token is, in nats. Near 0 the policy always says the same thing.',
    },
    clipRatio: {
      title: 'Clip ratio',
      sentence:
        'The share of tokens the clip took out of the update, because their probability had already moved too far in the direction of the advantage. TRL’s clip_ratio/region_mean.',
    },
    samplingDifference: {
      title: 'Difference between sampler and trainer',
      sentence:
        'One program plays, another learns. How far their log-probabilities of the same token are apart, in nats. Near 0 they are the same policy. TRL’s sampling/sampling_logp_difference.',
    },
    samplingRatio: {
      title: 'Importance sampling ratio',
      sentence:
        'How likely a token is for the program that learns, divided by how likely it was for the one that played: π_old / π_sampled, cut off where the plan says so. TRL’s sampling/importance_sampling_ratio.',
    },
    gradNorm: {
      title: 'Gradient norm',
      sentence: 'The length of the gradient before clipping. A spike marks a rough step.',
    },
    loss: {
      title: 'Loss',
      sentence: 'What the optimizer minimises: the GRPO objective, negated. It says little about how well the agent does.',
    },
    stepTime: {
      title: 'Time per step',
      sentence: 'Seconds spent on playing the rollouts, on the update, and in total.',
    },
    smoothing: {
      title: 'Smoothing',
      sentence:
        'Strong lines, and the numbers beside them, are means over this many steps; the raw values stay behind them, pale. Values of the update itself (loss, KL, entropy, clip, gradient, learning rate) are not smoothed.',
    },
    learningRate: {
      title: 'Learning rate',
      sentence: 'How far one update moves the adapter. It rises to its full value during warm-up.',
    },
    lora: {
      title: 'LoRA',
      sentence:
        'A small adapter beside the frozen weights: two thin matrices of rank r for each chosen projection. Only the adapter is trained.',
    },
    klBeta: {
      title: 'β, weight of the KL term',
      sentence: 'What distance from the base model costs. The paper uses 0.1; at 0 no reference model is needed.',
    },
    klEstimator: {
      title: 'KL estimator',
      sentence:
        'How the divergence is estimated from sampled tokens: k1 is the log-ratio, k2 half its square, k3 always positive with low variance.',
    },
    clip: {
      title: 'Clip',
      sentence:
        'Once a token’s probability has changed by more than this, it no longer has a gradient. The paper’s objective has no clip.',
    },
    epochs: { title: 'Updates per step', sentence: 'Optimizer steps taken on the same rollouts.' },
    aggregation: {
      title: 'Token weighting',
      sentence: 'Whether every token counts the same in the loss, or every reply.',
    },
    advantageForm: {
      title: 'Form of the advantage',
      sentence: 'What the difference from the group mean is divided by: one σ, another, or nothing.',
    },
    credit: {
      title: 'Credit',
      sentence:
        'Which steps of a rollout receive its advantage. Step-wise GRPO gives it to all of them, so storing in stage 1 is rewarded for the answer in stage 3.',
    },
    exploration: {
      title: 'Starting temperature',
      sentence:
        'The first step samples at its own temperature, which then moves to the usual one in a straight line: rare actions are tried early, and later training sees what the model really does.',
    },
    temperature: {
      title: 'Temperature',
      sentence:
        'How freely the policy samples. At 0 all rollouts would be identical, with nothing to compare; above 1 rare tokens are tried more often.',
    },
    minP: {
      title: 'min-p',
      sentence:
        'A token is sampled only if its probability is at least this fraction of the most likely token’s. It cuts off the long tail of slips after which a small model rambles.',
    },
    curriculum: {
      title: 'Curriculum',
      sentence: 'Easier tasks first: without distractors and corrections, then with distractors, then everything.',
    },
    weight: {
      title: 'Reward weights',
      sentence: 'How much each component counts. New weights re-score recorded rollouts instantly.',
    },
    alpha: {
      title: 'α, shares within context',
      sentence: 'How compression, prevention and preservation make up the context reward.',
    },
    beta: {
      title: 'β, shares within memory',
      sentence: 'How storage, maintenance and relevance make up the memory reward.',
    },
    checkpoint: {
      title: 'Checkpoint',
      sentence: 'The adapter as it was after a step: play with it, continue from it, compare it.',
    },
    interval: {
      title: '95 % interval',
      sentence: 'Where the true mean lies with 95 % confidence, given this many episodes.',
    },
    table3: {
      title: 'The paper’s Table 3',
      sentence:
        'Tool calls per episode without and with GRPO, in the paper’s two models. They are much larger and play other tasks: compare directions, not values.',
    },
    oracle: {
      title: 'oracle',
      sentence: 'Knows which facts matter. Stores exactly those, corrects them, filters distractors, retrieves, answers.',
    },
    'store-all': { title: 'store-all', sentence: 'Stores every message as it comes; never corrects, never filters.' },
    'store-none': { title: 'store-none', sentence: 'Stores nothing. After the reset it has nothing to answer from.' },
    careless: {
      title: 'careless',
      sentence: 'Does the right thing now and then, with probabilities you set; breaks the format at times.',
    },
  }),
}
