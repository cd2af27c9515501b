// Open-vocabulary names, composed from stems: people, organisations, places, regions, rivers, dogs. Owns the
// train / held-out split, which holds for every single name word. Knows nothing of tasks.
import { hash32, type Random } from '../../../random.ts'

export type NameSplit = 'train' | 'held-out'

/** What a name word is used for. */
export const wordKinds = ['first', 'last', 'organisation', 'place', 'region', 'river', 'dog'] as const
type WordKind = (typeof wordKinds)[number]

interface Stems {
  starts: readonly string[]
  ends: readonly string[]
}

const list = (text: string): readonly string[] => text.split(' ')

const stems: Record<WordKind, Stems> = {
  first: {
    starts: list(
      'Ad Al An Ar Bel Ben Bri Cal Cas Cel Cor Da Del Dor Ed El Em En Er Fa Fen Fi Gal Gi Hal Han Hel Id Il In Ir Is Jan Jo Jul ' +
        'Ka Kel Ki La Len Li Lor Lu Ma Mar Mel Mi Mor Na Nel Ni No Ol Or Pe Per Pi Ra Ri Ro Sa Sel Si Sol Ta Tel Ti To Tor Ul Va ' +
        'Vel Vi Wen Wil Ya Ye Za Ze',
    ),
    ends: list(
      'ana ara bel bin da dan dea den dra drin eda ela elle eno eth ia ian ila ina ino ira ita ika kel lan lia lin lo lon mar men ' +
        'mir na nah nel nia nor olin ora orin ra ren ria rik rin ro ron sa sen sia ta tan thea tia tin to tor uel vander ven via vin yan',
    ),
  },
  last: {
    starts: list(
      'Abb Ald Arn Bar Beck Bel Ber Bran Bren Bris Cald Car Cast Corb Crav Dal Dav Dren Eld Ell Falk Far Fen Gar Gal Gren Hald Har ' +
        'Hav Hol Hux Ing Kel Kern Kest Lam Lang Lar Len Lin Lor Mal Mar Mel Mer Mil Mor Nor Oak Orr Pel Pen Per Quill Rad Ran Ren ' +
        'Ros Row Sal Sand Sel Shel Stan Sten Sut Tal Tan Tar Thorn Til Tor Tren Ul Van Ver Voss Wal Wel Wen Wex Whit Win Wol Yar Zel',
    ),
    ends: list(
      'aker alo ander ano ard aro arsen ati ell enko er escu ett eva ian ick illo ini inder ison ley lin low man mann mond ner olt ' +
        'oni orth ova over ow owen ric sen stead ton uro vell well wick worth yn',
    ),
  },
  organisation: {
    starts: list(
      'Aer Alb Amb Arc Ast Aur Bax Bry Cad Cin Cob Cor Cyr Dax Dyn Eb Ev Fer Flor Gav Hex Hyd Ion Jun Kad Kor Kryn Lex Lum Lyr Mav ' +
        'Mer Nex Nim Nov Oct Omn Orb Pax Pol Prax Quan Riv Sax Sol Syl Tec Trin Ult Vant Vec Vex Vol Xen Yul Zen Zor',
    ),
    ends: list(
      'ada ador al alis andra anta ara aris avo ax elle ento era eron eta ex ia ian ico idan ido il illo ina ion ira isol ita ivo ix ' +
        'olis ona onix ora os ova um ura uvo yx',
    ),
  },
  place: {
    starts: list(
      'Ash Bar Bel Bor Bram Brin Cal Cor Cran Dar Del Dor Dun Ec El Esk Fal Fen Gar Glen Gos Hal Har Hel Hol Ib Istr Kar Kel Kest ' +
        'Kil Lan Lim Lor Lun Mar Mel Mil Mor Nar Nor Os Ost Pel Por Quin Rav Rod Ros Sal Sel Sil Sol Stan Tal Tar Tem Til Tor Tul Ul ' +
        'Val Ver Vin Wal Wes Wil Yor Zan',
    ),
    ends: list(
      'ava aven beck berg borough bridge bury by combe dale dorf drup ena ford gard gate ham haven heim holm ica ida ington issa itz ' +
        'lem mere minster mond mouth ona ora orno ovar port sted stow thorpe ton velle ville wick',
    ),
  },
  region: {
    starts: list(
      'Ald Ang Arv Bel Bor Calv Carn Der Drum Eld Esk Fald Garn Glan Harr Hest Ivr Kal Karn Lag Land Lorn Marn Mund Nard Nesk Orl ' +
        'Ped Quel Rand Rusk Sarn Skel Sturn Tarn Torr Ulv Vald Varn Vest Wend Yarr Zell',
    ),
    ends: list('abe ador aga ama an ant ara eck eda el en era eth ick in ina ish ola ond or ova und us uth'),
  },
  river: {
    starts: list('Aln Arr Bra Cam Cor Dar Dov El Esk Fal Glas Har Ist Jor Kes Lar Lys Mar Nar Ner Os Pra Rill Sal Sel Sev Tal Tam Tev Ur Var Vis Wen Yar Zim'),
    ends: list('ana ander ave eda ela elle ema en enna er era eron ese ick ida ina ira isk ola ona or ora ova une uva ys'),
  },
  dog: {
    starts: list('Bif Bim Bob Bram Bun Chum Dap Dib Dig Dob Fid Fiz Flip Frod Gib Gus Hob Jin Kib Lob Mop Muf Nib Nug Pad Pim Pog Rag Rum Scam Sniff Tob Tuf Wag Waff Wim Zig Zub'),
    ends: list('aloo bert bit bo by ble da fel go kin kins let lo ly mo per sie ster tin to ton'),
  },
}

const vowel = /[aeiou]$/i
const startsWithVowel = /^[aeiouy]/i

/** Words that the stems happen to make and that are real words, unpleasant, or hard to say. */
const unwelcome: ReadonlySet<string> = new Set(
  list(
    'Alto Angel Cello Angola Arcum Arian Arsen Aryan Aural Aurora Barley Barman Below Bento Berlin Bimbo Camera Coral Corona Dalton ' +
      'Dapper Data Dato Dello Delta Dobby Elder Errin Erro Eval Evil Falmouth Farer Fatan Fennel Flipper Gallon Given Hankel ' +
      'Hello Hobby Hobbit Hollow Idna Into Ionian Isna Killem Kilo Label Laden Latin Liner Lobby Lobster Lumen Manor Marian Matin Maven ' +
      'Merman Milford Milton Minor Mopper Mortin Nasa Norton Nota Notin Octal Perlin Persia Peta Polaris Radian Ramen Raven ' +
      'Rival Riven Rolo Rota Rotor Rumble Salman Sander Satan Satin Scamper Selda Seven Sever Solaris Stanford Tabel Tada ' +
      'Talon Tanner Titan Tora Varnish Visa Walton Weston Whiter Winner Yada Yemen Zero Zeta',
  ),
)

/** Every name word of a kind, both splits. Thousands for people; deterministic order. */
export function nameWords(kind: WordKind): readonly string[] {
  const known = vocabulary.get(kind)
  if (known) return known
  const { starts, ends } = stems[kind]
  const found = new Set<string>()
  for (const start of starts) for (const end of ends) if (pleasant(start, end)) found.add(start + end)
  const result = [...found].filter((word) => !unwelcome.has(word))
  vocabulary.set(kind, result)
  return result
}

/** Composed once: what the stems give never changes. */
const vocabulary = new Map<WordKind, readonly string[]>()

/** Rules of joining: no two vowels and no three consonants in a row across the seam, no doubled syllable. */
function pleasant(start: string, end: string): boolean {
  const open = vowel.test(start)
  if (open && startsWithVowel.test(end)) return false
  const lower = start.toLowerCase()
  if (lower.endsWith(end) || lower.endsWith(end.slice(0, 2)) || lower === end.slice(-lower.length)) return false
  const last = lower.slice(-1)
  if (!open && last === end[0] && 'hwxyvjqkc'.includes(last)) return false
  const seam = trailingConsonants(start) + leadingConsonants(end)
  if (!open && !startsWithVowel.test(end) && (trailingConsonants(start) > 1 || (seam > 3 && start.length > 3))) return false
  if (last === end[0] && end[1] !== undefined && !startsWithVowel.test(end.slice(1))) return false
  const length = start.length + end.length
  return length >= 4 && length <= 10
}

const trailingConsonants = (word: string) => /[^aeiou]*$/i.exec(word)?.[0].length ?? 0
const leadingConsonants = (word: string) => /^[^aeiouy]*/i.exec(word)?.[0].length ?? 0

/** The split that a name word belongs to, for good: about one word in five is held out. Case does not matter. */
export function splitOf(word: string): NameSplit {
  return hash32(`name/${word.toLowerCase()}`) % 5 === 0 ? 'held-out' : 'train'
}

/** Neutral words that follow an organisation's own name; not name words, so they are in both splits. */
export const organisationEndings = ['Works', 'Industries', 'Group', 'Company', 'Workshop', 'Collective', 'Partners', 'Labs', 'Makers', 'Studio'] as const

/** Words that follow a region's own name. */
export const regionEndings = ['Hills', 'Valley', 'Marshes', 'Highlands', 'Lakes', 'Uplands', 'Forest', 'Lowlands'] as const

/** Words that make a place's namesake: "Upper Oslem" beside "Oslem". */
export const placePrefixes = ['Upper', 'Lower', 'Little', 'Great', 'North', 'South'] as const

/** Gives out name words of one split, none of them twice. */
interface NameSource {
  word(kind: WordKind): string
  person(): string
  organisation(): string
  place(): string
  region(): string
  river(): string
  dog(): string
}

/** Names of the split, no word of which is used twice while this source lives. */
export function createNameSource(random: Random, split: NameSplit): NameSource {
  const taken = new Set<string>()
  const source: NameSource = {
    word(kind) {
      const pool = nameWords(kind)
      for (;;) {
        const word = random.pick(pool)
        // Also no word that begins like a taken one: "Marla" and "Marlan" in one task read like a slip.
        const key = word.toLowerCase().slice(0, 5)
        if (splitOf(word) !== split || taken.has(key)) continue
        taken.add(key)
        return word
      }
    },
    person: () => `${source.word('first')} ${source.word('last')}`,
    organisation: () => `${source.word('organisation')} ${random.pick(organisationEndings)}`,
    place: () => source.word('place'),
    region: () => `${source.word('region')} ${random.pick(regionEndings)}`,
    river: () => source.word('river'),
    dog: () => source.word('dog'),
  }
  return source
}
