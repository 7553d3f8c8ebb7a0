package document

import (
	"math"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// wideSetOf says which characters a language has, the frequent ones first, and what else
// is in its encoding.
type wideSetOf struct {
	label  string
	common string
	pair   func(lead, trail byte) float64 // bits of two bytes that are not in common
	single func(c byte) float64           // bits of a byte that is a character by itself; nil: there are none
}

// wideSets are the encodings of two bytes for each character.
var wideSets = []wideSetOf{
	{"gb18030", commonHans, pairGB, nil},
	{"big5", commonHant, pairBig5, nil},
	{"euc-kr", commonHangul, pairKorean, nil},
	{"shift_jis", commonJapanese, pairShiftJIS, func(c byte) float64 {
		if c >= 0xa1 && c <= 0xdf { // small katakana, of old
			return 10
		}
		return impossible
	}},
	{"euc-jp", commonJapanese, pairEUCJP, nil},
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
	bitsFrequent  = 11
	bitsRare      = 16
	bitsExtension = 19
	bitsCut       = 13 // of half a character: a text may be cut anywhere
)

func pairGB(lead, trail byte) float64 {
	switch {
	case trail >= '0' && trail <= '9' && lead >= 0x81:
		return bitsExtension // the first half of four bytes
	case lead < 0x81 || lead > 0xfe || trail < 0x40 || trail == 0x7f || trail == 0xff:
		return impossible
	case trail < 0xa1:
		return bitsExtension
	case lead == 0xa1 || lead == 0xa3:
		return bitsSign
	case lead >= 0xb0 && lead <= 0xd7:
		return bitsFrequent
	case lead >= 0xd8 && lead <= 0xf7:
		return bitsRare
	}
	return bitsExtension - 4
}

func pairBig5(lead, trail byte) float64 {
	switch {
	case lead < 0x87 || lead > 0xfe || trail < 0x40 || trail > 0x7e && trail < 0xa1 || trail == 0xff:
		return impossible
	case lead >= 0xa1 && lead <= 0xa3:
		return bitsSign
	case lead >= 0xa4 && lead <= 0xc6:
		return bitsFrequent
	case lead >= 0xc9 && lead <= 0xf9:
		return bitsRare
	}
	return bitsExtension
}

func pairKorean(lead, trail byte) float64 {
	switch {
	case lead < 0x81 || lead > 0xfe || trail < 0x41 || trail == 0xff || trail > 0x5a && trail < 0x61 || trail > 0x7a && trail < 0x81:
		return impossible
	case trail < 0xa1:
		return bitsExtension
	case lead >= 0xa1 && lead <= 0xa3:
		return bitsSign
	case lead >= 0xb0 && lead <= 0xc8:
		return bitsFrequent
	case lead >= 0xca && lead <= 0xfd:
		return bitsRare
	}
	return bitsExtension - 4
}

func pairEUCJP(lead, trail byte) float64 {
	switch {
	case lead == 0x8e && trail >= 0xa1 && trail <= 0xdf:
		return bitsRare
	case lead == 0x8f && trail >= 0xa1 && trail < 0xff:
		return bitsExtension // two of three bytes
	case lead < 0xa1 || lead > 0xfe || trail < 0xa1 || trail == 0xff:
		return impossible
	case lead == 0xa1 || lead == 0xa3:
		return bitsSign
	case lead == 0xa4 || lead == 0xa5:
		return bitsKana
	case lead >= 0xb0 && lead <= 0xcf:
		return bitsFrequent
	case lead >= 0xd0 && lead <= 0xf4:
		return bitsRare
	}
	return bitsExtension
}

func pairShiftJIS(lead, trail byte) float64 {
	switch {
	case lead < 0x81 || lead > 0xfc || lead == 0xa0 || trail < 0x40 || trail == 0x7f || trail > 0xfc:
		return impossible
	case lead == 0x82 && trail >= 0x9f && trail <= 0xf1, lead == 0x83 && trail <= 0x96:
		return bitsKana
	case lead == 0x81 || lead == 0x82:
		return bitsSign
	case lead >= 0x88 && lead <= 0x97:
		return bitsFrequent
	case lead >= 0x98 && lead <= 0x9f || lead >= 0xe0 && lead <= 0xea:
		return bitsRare
	}
	return bitsExtension
}

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
		if w.single != nil && (c == 0x80 || c >= 0xa0 && c <= 0xdf || c >= 0xfd) {
			bits += w.single(c)
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
	return w.pair(lead, trail)
}
