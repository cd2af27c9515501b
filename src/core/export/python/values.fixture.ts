// Words, names, amounts, dates and times as people write them, to make texts of. For tests.
export const datesAndAmounts = [
  'Oslem', 'Mira Voss', 'Mira Voss’s', 'Tarn', 'lives', 'living', 'lived', 'She lives in Oslem.', 'the cello', 'The sessions', 'her', 'favourite', 'not', 'never', "doesn't", 'but', 'rather', 'no longer', 'instead',
  'two hours', '120 minutes', '120', '2 h', '2 hours', '1.5 hours', 'ninety minutes', 'twenty-one', 'one hundred and five', 'a thousand', '2,000', 'two thousand', '1,234.50', '3 million dollars', '$3 million', '€ 5', '£1,200.75', '5 %', 'ten per cent',
  '3 May 1990', 'May 3rd, 1990', '1990-05-03', 'May 1990', 'the 3rd of May', '3 May', '31 April', 'Sept 5', 'Monday, 3 May 1990', '1984', 'in 1984', '1990s', 'the 19th', 'nineteenth', 'twenty-first', 'first', 'second', '3 seconds', 'twice', '2 times',
  '7:30 pm', '19:30', '7 pm', 'at 7 p.m.', '12 am', '25:00', '0:05', 'I do not know.', "I don't know", 'unknown', 'not mentioned', 'It was never mentioned', 'no idea', 'yes', 'no', 'Yes, both', 'none', 'N/A', 'It is', 'I think', 'The answer is',
  'Café Nord', 'cafe nord', 'CAFÉ', 'Ångström', 'ﬁne', 'Straße', 'İstanbul', '½', '²', 'Ⅷ', '中文', 'naïve', '😀', '\u00a0', '\ufeff', 'a_b', "O'Brien's", '', '007', '1e5', '100000000000000000000000', '0.0000001', 'km', '5 km', '5000 m', '5 kilos', '12 weeks', 'three years', 'a decade', 'studies', 'stopped', 'boxes', 'happily', 'ties', 'glass',
  'Where does Mira Voss live?', 'How many minutes does a session take?', 'When was she born?', 'Who is older, Mira Voss or Tal Renn?',
] as const
