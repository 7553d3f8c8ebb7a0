package encoding

import (
	"math"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// wideSetOf says which characters a language has, the frequent ones first, and what else
// is in its encoding.
type wideSetOf struct {
	label   string
	common  string
	classes []pairClass
	single  bool // bytes from 0xa1 to 0xdf are characters by themselves: small katakana, of old
}

// wideSets are the encodings of two bytes for each character.
var wideSets = []wideSetOf{
	{"gb18030", commonHans, classesGB, false},
	{"big5", commonHant, classesBig5, false},
	{"euc-kr", commonHangul, classesKorean, false},
	{"shift_jis", commonJapanese, classesShiftJIS, true},
	{"euc-jp", commonJapanese, classesEUCJP, false},
}

const (
	commonHans = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日者意无力它与长把机十第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体相见被利什二等产或新己制身果加月话合回特代内信表化老给世位次度门任常先通教原提立及比员解水名真处走义各入几口认条平系气题活更别打变四总何电数安少结反受目太量再感建务做接必场件计管期市直资指许统区保至形社便空决展科五书非则听界放强即像难且设式色路记品住类求据程边该交规万取望觉术共确传师观清今切让识带导运本周刊期推荐文章工具项目技术，。、：“”《》（）？！；"
	commonHant = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日者意無力它與長把機十第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體相見被利什二等產或新己制身果加月話合回特代內信表化老給世位次度門任常先通教原提立及比員解水名真處走義各入幾口認條平系氣題活更別打變四總何電數安少結反受目太量再感建務做接必場件計管期市直資指許統區保至形社便空決展科五書非則聽界放強即像難且設式色路記，。、：「」《》（）？！；"

	commonHangul = "이다는에의을가고하지한로도은기를사어시리나자인해서그아들과일니있라대정면만수부으여게조전제보구것소주원장상요진스할세내었와습마성오신우안연동무모공위실경화미개비때말계문물않선국중년등생분용본적관방러았했간금발법행처입단출학회유체합통"

	commonJapanese = "のにはをたがでてとしいるかりらもなすこまきくよあれさけせうおわどめだつそえみじろんっー、。ょゃュスンルトクリアライドッレコシタマプロジフテメサカ「」日一人年大本中出時行見月今新会国事者社場分的業力体用作方手目部地問題動対開成自物理主実発表心思家使定明同持性代所数立現結果初期要全関連員法記号第週"
)

// Bits of the classes of characters: each list of an encoding begins with the frequent ones.
const (
	bitsSign      = 7 // of punctuation
	bitsKana      = 6.5
	bitsSmallKana = 10
	bitsFrequent  = 11
	bitsRare      = 16
	bitsOther     = 15 // letters of other scripts, and lines
	bitsExtension = 19
	bitsCut       = 13 // of half a character: a text may be cut anywhere
)

// pairClass is a part of an encoding: two bytes within these bounds.
type pairClass struct {
	leadFrom, leadTo, trailFrom, trailTo byte
	bits                                 float64
}

// Of classes that overlap the first one holds.
var (
	classesGB = []pairClass{
		{0xa1, 0xa1, 0xa1, 0xfe, bitsSign},
		{0xa3, 0xa3, 0xa1, 0xfe, bitsSign},
		{0xb0, 0xd7, 0xa1, 0xfe, bitsFrequent},
		{0xd8, 0xf7, 0xa1, 0xfe, bitsRare},
		{0xa1, 0xa9, 0xa1, 0xfe, bitsOther},
		{0x81, 0xfe, 0x40, 0x7e, bitsExtension},
		{0x81, 0xfe, 0x80, 0xfe, bitsExtension},
		{0x81, 0xfe, '0', '9', bitsExtension}, // half of a character of four bytes
	}
	classesBig5 = []pairClass{
		{0xa1, 0xa3, 0x40, 0x7e, bitsSign},
		{0xa1, 0xa3, 0xa1, 0xfe, bitsSign},
		{0xa4, 0xc6, 0x40, 0x7e, bitsFrequent},
		{0xa4, 0xc6, 0xa1, 0xfe, bitsFrequent},
		{0xc9, 0xf9, 0x40, 0x7e, bitsRare},
		{0xc9, 0xf9, 0xa1, 0xfe, bitsRare},
		{0x87, 0xfe, 0x40, 0x7e, bitsExtension},
		{0x87, 0xfe, 0xa1, 0xfe, bitsExtension},
	}
	classesKorean = []pairClass{
		{0xa1, 0xa3, 0xa1, 0xfe, bitsSign},
		{0xb0, 0xc8, 0xa1, 0xfe, bitsFrequent},
		{0xca, 0xfd, 0xa1, 0xfe, bitsRare},
		{0xa4, 0xfe, 0xa1, 0xfe, bitsOther},
		{0x81, 0xc6, 'A', 'Z', bitsExtension},
		{0x81, 0xc6, 'a', 'z', bitsExtension},
		{0x81, 0xc6, 0x81, 0xfe, bitsExtension},
	}
	classesEUCJP = []pairClass{
		{0xa1, 0xa1, 0xa1, 0xfe, bitsSign},
		{0xa3, 0xa3, 0xa1, 0xfe, bitsSign},
		{0xa4, 0xa5, 0xa1, 0xfe, bitsKana},
		{0xb0, 0xcf, 0xa1, 0xfe, bitsFrequent},
		{0xd0, 0xf4, 0xa1, 0xfe, bitsRare},
		{0x8e, 0x8e, 0xa1, 0xdf, bitsRare},      // small katakana
		{0x8f, 0x8f, 0xa1, 0xfe, bitsExtension}, // two of three bytes
		{0xa1, 0xfe, 0xa1, 0xfe, bitsExtension},
	}
	classesShiftJIS = []pairClass{
		{0x82, 0x82, 0x9f, 0xf1, bitsKana},
		{0x83, 0x83, 0x40, 0x7e, bitsKana},
		{0x83, 0x83, 0x80, 0x96, bitsKana},
		{0x81, 0x82, 0x40, 0x7e, bitsSign},
		{0x81, 0x82, 0x80, 0xfc, bitsSign},
		{0x88, 0x97, 0x40, 0x7e, bitsFrequent},
		{0x88, 0x97, 0x80, 0xfc, bitsFrequent},
		{0x98, 0x9f, 0x40, 0x7e, bitsRare},
		{0x98, 0x9f, 0x80, 0xfc, bitsRare},
		{0xe0, 0xea, 0x40, 0x7e, bitsRare},
		{0xe0, 0xea, 0x80, 0xfc, bitsRare},
		{0x81, 0x9f, 0x40, 0x7e, bitsExtension},
		{0x81, 0x9f, 0x80, 0xfc, bitsExtension},
		{0xe0, 0xfc, 0x40, 0x7e, bitsExtension},
		{0xe0, 0xfc, 0x80, 0xfc, bitsExtension},
	}
)

// wideSet has the frequent characters as pairs of bytes.
type wideSet struct {
	wideSetOf
	common map[[2]byte]float64
}

func newWideSet(of wideSetOf) *wideSet {
	w := &wideSet{of, map[[2]byte]float64{}}
	e, _ := charset.Lookup(of.label)
	encoder := e.NewEncoder()
	rank := 0
	for _, r := range of.common {
		pair, err := encoder.Bytes([]byte(string(r)))
		if err != nil || len(pair) != 2 {
			continue
		}
		key := [2]byte(pair)
		if _, again := w.common[key]; !again {
			w.common[key] = 5 + math.Log2(1+float64(rank)/12)
			rank++
		}
	}
	return w
}

// cost counts the bits of the bytes beyond ASCII, and of those that are the second half
// of a character.
func (w *wideSet) cost(sample []byte) (bits float64) {
	for i := 0; i < len(sample); i++ {
		c := sample[i]
		if c < utf8.RuneSelf {
			continue
		}
		if w.single && c >= 0xa1 && c <= 0xdf {
			bits += bitsSmallKana
			continue
		}
		if i+1 == len(sample) {
			return bits + bitsCut
		}
		pair := w.pairBits(c, sample[i+1])
		bits += pair
		if pair < impossible {
			i++
		}
	}
	return bits
}

func (w *wideSet) pairBits(lead, trail byte) float64 {
	if bits, ok := w.common[[2]byte{lead, trail}]; ok {
		return bits
	}
	for _, c := range w.classes {
		if lead >= c.leadFrom && lead <= c.leadTo && trail >= c.trailFrom && trail <= c.trailTo {
			return c.bits
		}
	}
	return impossible
}
