// What of agemem.py compares words and texts: the twin of core/text.ts and of the embedder in core/memory. Lists come from
// there, so that they cannot differ; export.test.ts and test:python hold the functions against ours.
import { commonStems } from '../../memory/common-words.ts'
import { stopWords } from '../../text.ts'

/** Lines of at most so many signs, as Python joins them. */
function listed(words: Iterable<string>): string {
  const lines = ['']
  for (const word of words) {
    if ((lines.at(-1) ?? '').length + word.length > 110) lines.push('')
    lines[lines.length - 1] += `${word} `
  }
  return lines.map((line) => `    "${line}"`).join('\n')
}

export const wordsPy = String.raw`STOP = set((
${listed(stopWords)}
).split())
COMMON = set((
${listed(commonStems)}
).split())
# What JavaScript takes for white space.
WHITE = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
SPACE = f"[{WHITE}]"


def trim(text):
    return text.strip(WHITE)


def well_formed(text):
    """Halves of a character that belong together joined, and those that stand alone as U+FFFD."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return re.sub("[\ud800-\udfff]", "\ufffd", whole)


def units(text):
    """UTF-16 units, which JavaScript counts and hashes."""
    data = text.encode("utf-16-le", "surrogatepass")
    return [data[i] | data[i + 1] << 8 for i in range(0, len(data), 2)]


def words(text):
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not 0x300 <= ord(c) <= 0x36F).lower()
    plain = re.sub(r"['’](?=s\b)", " ", plain, flags=re.ASCII)
    plain = re.sub(r"(\d),(?=\d{3}\b)", r"\1", plain, flags=re.ASCII)
    return re.sub(r"[\W_]+", " ", plain).split()


def normalise(text):
    return " ".join(words(text))


def content_words(text):
    return [w for w in words(text) if w not in STOP]


def holds(text, phrase):
    """Whether the phrase stands in the text as whole words."""
    wanted = normalise(phrase)
    return wanted != "" and f" {wanted} " in f" {normalise(text)} "


def quoted(text):
    """As it is named in a message: short, on one line."""
    line = re.sub(f"{SPACE}+", " ", text)
    if len(units(line)) > 60:
        cut = line.encode("utf-16-le", "surrogatepass")[:120].decode("utf-16-le", "surrogatepass")
        line = re.sub("[\ud800-\udfff]", "", cut) + "…"
    return f'"{line}"'


def count_tokens(text):
    """Close to what byte-level BPE makes of English, for engines that have no tokenizer at hand."""
    total = 0
    for kind, piece in groupby(text, lambda c: " " if c in WHITE else unicodedata.category(c)[0] if unicodedata.category(c)[0] in "LN" else "."):
        size = len(units("".join(piece)))
        total += {" ": 0, "L": 1 + -(-max(0, size - 6) // 4), "N": -(-size // 3), ".": -(-size // 3)}[kind]
    return total


def hash32(codes, seed=0):
    """32-bit FNV-1a, finished with a murmur mix."""
    h = 0x811C9DC5 ^ seed
    for code in codes:
        h = ((h ^ code) * 0x01000193) & 0xFFFFFFFF
    h ^= h >> 16
    h = (h * 0x85EBCA6B) & 0xFFFFFFFF
    h ^= h >> 13
    h = (h * 0xC2B2AE35) & 0xFFFFFFFF
    return h ^ h >> 16


def stem(word):
    """Light English stemming, for the embedder alone: one form for live, lives, lived and living."""
    def undouble(cut):
        return cut[:-1] if re.search(r"([b-df-hjkmnp-rtv-y])\1\Z", cut) else cut

    def has_vowel(cut):
        return re.search("[aeiouy]", cut)

    if len(word) <= 3 or not re.fullmatch("[a-z]+", word):
        return word
    if len(word) > 5 and word.endswith("ing") and has_vowel(word[:-3]):
        cut = undouble(word[:-3])
    elif len(word) > 4 and word.endswith("ied"):
        cut = word[:-3] + "y"
    elif len(word) > 4 and word.endswith("ed") and has_vowel(word[:-2]):
        cut = undouble(word[:-2])
    elif len(word) > 4 and word.endswith("ies"):
        cut = word[:-3] + "y"
    elif re.search(r"(ss|sh|ch|x|z)es\Z", word):
        cut = word[:-2]
    elif word.endswith("s") and not re.search(r"(ss|us|is)\Z", word):
        cut = word[:-1]
    else:
        cut = word
    if len(cut) > 3 and cut.endswith("e"):
        return cut[:-1]
    return cut[:-1] + "i" if len(cut) > 3 and cut.endswith("y") else cut


@lru_cache(maxsize=20_000)
def _features(word):
    """One word's contribution: (dimension, value), some dimensions twice."""
    stemmed = stem(word)
    weight = 0.05 if word in STOP else 0.5 if stemmed in COMMON else 1
    marked = units(f"^{word}$")
    ngrams = [marked[i : i + n] for n in (3, 4) for i in range(len(marked) - n + 1)]
    hashes = [hash32(units(stemmed), i + 1) for i in range(8)]
    sizes = [weight * math.sqrt((1 - 0.3) / 8)] * 8
    hashes += [hash32(ngram) for ngram in ngrams]
    sizes += [weight * math.sqrt(0.3 / len(ngrams))] * len(ngrams)
    values = array("f", [-size if h & 0x100 else size for h, size in zip(hashes, sizes)])
    return [h & 0xFF for h in hashes], values


@lru_cache(maxsize=20_000)
def embed(text):
    """A vector of 256 numbers of 32 bits: words and their n-grams hashed, weighted, scaled to length 1."""
    counts = {}
    for word in words(text):
        counts[word] = counts.get(word, 0) + 1
    vector = array("f", [0.0]) * 256
    for word, count in counts.items():
        scale = 1 + math.log(count)
        for dimension, value in zip(*_features(word)):
            vector[dimension] += scale * value
    square = 0.0
    for x in vector:
        square += x * x
    if square:
        scale = 1 / math.sqrt(square)
        for i, x in enumerate(vector):
            vector[i] = x * scale
    return vector


def similarity(a, b):
    """Cosine of two texts, as a filter compares them (eq. 15)."""
    total = 0.0
    for x, y in zip(embed(a), embed(b)):
        total += x * y
    return total


def nearness(a, b):
    """The same as the long-term memory adds it up (eq. 8, 9): of two that hardly differ the order is that of the sums."""
    x, y = embed(a), embed(b)
    even = odd = 0.0
    for i in range(0, 256, 2):
        even += x[i] * y[i]
        odd += x[i + 1] * y[i + 1]
    return max(-1.0, min(1.0, even + odd))
`
