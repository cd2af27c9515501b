// Frequent English words that carry some content, but tell texts apart badly: half of what a name weighs.
// Part of the embedder: a change here changes vectors, so it needs a new version of the embedder.
import { stem } from './stem.ts'

const list =
  'able accept accord account across act action active activity actual add address afternoon again against age ago agree air all ' +
  'allow almost alone along already although always amount animal another answer any anybody anyone anything appear apply area ' +
  'arm around arrive art ask attention available average avoid away baby back bad bag ball bank base basic beautiful because ' +
  'become bed began begin behind believe belong below beside best better between beyond big bit black blue board body book born ' +
  'both bottom bought box boy break bring broke brother brought brown build building business busy buy call came car card care ' +
  'carry case catch cause center central centre century certain chair chance change character cheap check child children choice ' +
  'choose circle city class clean clear climb close clothes cold collect colour color come common company compare complete ' +
  'condition consider contain continue control cook cool copy corner correct cost count country couple course cover create ' +
  'cross current cut daily dark date daughter day dead deal dear death decide deep degree depend describe design desk detail ' +
  'develop die different difficult dinner direct direction discover discuss distance divide doctor dog door doubt down draw ' +
  'dream dress drink drive drop dry during each ear early earth easily east easy eat edge education effect effort eight either ' +
  'else end enjoy enough enter entire equal especially even evening event ever every everybody everyone everything exact ' +
  'example except excite exercise expect experience explain express eye face fact fail fair fall family famous far farm fast ' +
  'father favourite favorite fear feel fell felt few field fight figure fill film final finally find fine finger finish fire ' +
  'first fish fit five floor fly follow food foot force forget form forward found four free fresh friday friend front full fun ' +
  'funny further future game garden gave general get girl give glad glass go goes gold gone good got government great green ' +
  'grew ground group grow guess guy hair half hall hand happen happy hard hat hate head health hear heard heart heat heavy held ' +
  'hello help high hill history hit hold holiday home hope horse hospital hot hotel hour house however huge human hundred hurt ' +
  'husband idea imagine important include increase indeed information inside instead interest interesting job join keep kept ' +
  'key kid kill kind kitchen knew know known lady land language large last late later laugh law lay lead learn least leave led ' +
  'left leg less let letter level library lie life light like likely line list listen little live local locate long look lose lost ' +
  'lot loud love low luck lunch machine made main make man many map mark market marry matter maybe mean measure meat meet ' +
  'meeting member men mention message met middle mile milk million mind mine minute miss moment monday money month moon more ' +
  'morning most mother mountain mouth move movie much music myself name national nature near nearly necessary neck need ' +
  'neighbour neighbor never new news newspaper next nice night nine nobody noise none normal north nose note nothing notice ' +
  'now number occur off offer office often oil ok okay old once one online open opinion opposite order other otherwise outside ' +
  'own owner page paid paint pair paper parent park part party pass past pay pen people perfect perhaps period person phone ' +
  'photo pick picture piece place plan plane plant play player please point police poor popular possible post power practice ' +
  'prefer prepare present president pretty price probably problem produce product program promise prove public pull purple ' +
  'push put quarter question quick quickly quiet quite race radio rain raise ran rather reach read ready real realize really ' +
  'reason receive recent recently record red relate release remain remember remind repeat reply report require rest result ' +
  'return rich ride right ring rise river road rock role room round rule run sad safe said sale sat saturday save saw say ' +
  'school science sea season seat second see seem seen self sell send sense sent series serious serve service set seven several ' +
  'shape share sharp ship shirt shoe shop short shot show shut sick side sign similar simple simply since sing single sister ' +
  'sit situation six size skill skin sky sleep slow small smile snow sold some somebody someone something sometimes somewhere ' +
  'son song soon sorry sort sound south space speak special speed spend spent sport spring square stage stand star start state ' +
  'station stay step still stone stood stop store story straight strange street strong student study stuff subject success ' +
  'such sudden sugar suggest summer sun sunday supply support suppose sure surprise sweet swim system table take talk tall ' +
  'taste taught teach teacher team tell ten term test thank thing think third thirty thought thousand three threw through ' +
  'throw thursday ticket tie till time tired title today together told tomorrow tonight took top total touch toward town ' +
  'track trade train travel tree trip trouble true trust truth try tuesday turn twelve twenty twice two type under understand ' +
  'unit until upon use useful usual usually various view village visit voice wait walk wall want war warm wash watch water ' +
  'way wear weather wednesday week weekend weight well went west wet whatever wheel whether while white whole wide wife wild ' +
  'win wind window winter wish within without woman women wonder wood word wore work worker world worry worse worst worth ' +
  'write wrong wrote yard yeah year yellow yes yesterday yet young zero'

/** Their stems, as the embedder compares them. */
export const commonStems: ReadonlySet<string> = new Set(list.split(' ').map(stem))
