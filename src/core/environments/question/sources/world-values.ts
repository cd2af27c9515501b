// Values that facts take which are not names: closed lists, dates and years. Knows how a value may be written, and
// nothing of sentences.
import type { Random } from '../../../random.ts'
import { months, type ValueKind } from './world-relations.ts'

const list = (text: string): readonly string[] => text.split(', ')

/** No item stands inside another, of any list: a text with one states no other. */
export const closedLists = {
  dish: list(
    'mushroom risotto, lemon chicken, beetroot soup, spinach lasagne, fish pie, lentil curry, pumpkin gnocchi, ' +
      'onion tart, potato pancakes, vegetable paella, leek quiche, roast duck, beef goulash, pea soup, apple strudel, ' +
      'cheese fondue, chickpea stew, basil linguine, aubergine bake, spring rolls, chicken korma, pork dumplings, ' +
      "garlic noodles, cauliflower gratin, stuffed peppers, black bean tacos, shepherd's pie, rhubarb crumble, " +
      'plum pudding, courgette fritters, smoked trout, minestrone, ratatouille, moussaka, couscous salad, ' +
      'barley broth, sweet potato chilli, cherry clafoutis, pear galette, tomato ramen',
  ),
  drink: list(
    'ginger beer, oat latte, mint tea, elderflower cordial, cold brew, hot chocolate, apple cider, jasmine tea, ' +
      'blackcurrant juice, espresso, buttermilk, rooibos, sparkling water, tomato juice, lemonade, hibiscus tea, ' +
      'pear nectar, chai, cranberry spritzer, coconut water, rose lassi, dandelion coffee, root beer, mango smoothie, ' +
      'grape juice, iced matcha, barley water, cherry soda, chamomile tea, kombucha',
  ),
  instrument: list(
    'cello, oboe, trombone, harp, banjo, clarinet, accordion, mandolin, bassoon, ukulele, viola, French horn, ' +
      'xylophone, harmonica, flute, lute, sitar, tuba, saxophone, double bass, piccolo, zither, hurdy-gurdy, marimba, ' +
      'dulcimer, recorder, cornet, church organ, glockenspiel, theremin',
  ),
  hobby: list(
    'bird watching, pottery, fencing, rock climbing, bookbinding, beekeeping, archery, wood carving, origami, ' +
      'stargazing, calligraphy, rowing, knitting, juggling, geocaching, kite flying, fly fishing, ballroom dancing, ' +
      'orienteering, chess, model railways, mushroom foraging, salsa dancing, cross-stitch, figure skating, puppetry, ' +
      'table tennis, sailing, lino printing, urban sketching, canoeing, quilting, bouldering, candle making, croquet, ' +
      'bonsai growing, sourdough baking, improv theatre, crossword puzzles, metal detecting',
  ),
  colour: list(
    'turquoise, crimson, mustard yellow, olive green, lavender, navy blue, coral, burgundy, emerald green, amber, ' +
      'indigo, maroon, mint green, peach, teal, scarlet, violet, charcoal grey, ivory, cobalt blue, magenta, ochre, ' +
      'sage green, lilac, copper, beige, aquamarine, mauve, khaki, fuchsia, brick red, cream white, ruby red, slate blue, jet black',
  ),
  language: list(
    'Portuguese, Finnish, Korean, Swahili, Icelandic, Greek, Turkish, Hungarian, Japanese, Welsh, Catalan, Arabic, ' +
      'Dutch, Czech, Norwegian, Vietnamese, Hindi, Hebrew, Basque, Estonian, Persian, Thai, Romanian, Latvian, ' +
      'Tagalog, Georgian, Irish, Maltese, Croatian, Slovak',
  ),
  allergen: list(
    'penicillin, lychees, walnuts, hazelnuts, shellfish, sesame, celery, latex, birch pollen, strawberries, peanuts, ' +
      'cashews, pistachios, kiwi fruit, lupin flour, nickel, macadamia nuts, house dust, mould spores, ragweed, ' +
      'horse hair, lanolin, soya, almonds, pine nuts, oysters, poppy seeds, buckwheat, aspirin, goose feathers',
  ),
  product: list(
    'bicycle bells, garden tools, leather boots, paper lanterns, ceramic tiles, wool blankets, rain jackets, ' +
      'camping stoves, desk lamps, fishing nets, glass bottles, music boxes, wall clocks, wooden toys, canvas tents, ' +
      'scented candles, steel kettles, office chairs, bread ovens, water pumps, picture frames, felt hats, ' +
      'hiking maps, solar panels, kitchen scales, cork mats, door handles, silk scarves, ink cartridges, ' +
      'garden swings, enamel mugs, board games, seed spreaders, wind turbines, cargo bikes, linen shirts, iron pans, ' +
      'reading glasses, school desks, safety helmets',
  ),
  speciality: list(
    'hand-woven carpets, honey cakes, stone bridges, hot springs, cherry orchards, open-air concerts, salt caves, ' +
      'smoked cheeses, covered markets, flower parades, puppet theatres, lace shops, mineral baths, rose gardens, ' +
      'windmills, truffle fairs, glass studios, wooden churches, medieval walls, street murals, kite festivals, ' +
      'goat farms, white cliffs, bell towers, tulip fields, saffron buns, thermal pools, lighthouse tours, ' +
      'oyster beds, night markets, chestnut forests, marble quarries, steam trains, cider presses, ice sculptures, ' +
      'black sand beaches, silver mines, willow baskets, clock museums, canal tours',
  ),
} as const satisfies Partial<Record<ValueKind, readonly string[]>>

export type ClosedKind = keyof typeof closedLists

/** A year in which somebody who has a working life may have been born. */
export function birthYear(random: Random): string {
  return String(1946 + random.int(57))
}

/** A year in which a company may have been founded. */
export function foundingYear(random: Random): string {
  return String(1871 + random.int(145))
}

/** A day of the year, "14 March"; never later than the 28th. */
export function dayOfYear(random: Random): string {
  return `${1 + random.int(28)} ${random.pick(months)}`
}

function ordinal(day: number): string {
  if (day >= 11 && day <= 13) return `${day}th`
  switch (day % 10) {
    case 1:
      return `${day}st`
    case 2:
      return `${day}nd`
    case 3:
      return `${day}rd`
    default:
      return `${day}th`
  }
}

/** The ways in which people write a value, the plain one first; each counts as the value. */
export function wordings(kind: ValueKind, value: string): string[] {
  if (kind === 'date') {
    const [day = '', month = ''] = value.split(' ')
    const nth = ordinal(Number(day))
    return [value, `the ${nth} of ${month}`, `${month} ${day}`, `${nth} of ${month}`, `${nth} ${month}`, `${month} ${nth}`, `${month} the ${nth}`]
  }
  if (kind === 'region' || kind === 'instrument') return [value, `the ${value}`]
  if (kind === 'river') return [value, `the ${value}`, `the river ${value}`, `the River ${value}`, `${value} river`]
  return [value]
}

/** The wordings that may take the value's place inside a sentence of its relation. */
export function spoken(kind: ValueKind, value: string): string[] {
  return kind === 'date' ? wordings(kind, value).slice(0, 3) : [value]
}
