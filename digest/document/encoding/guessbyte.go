package encoding

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// alphabetOf says which letters beyond ASCII a language has, the frequent ones first.
type alphabetOf struct{ label, letters string }

// alphabets are the encodings of one byte for each character, with the languages that are
// written in them.
var alphabets = []alphabetOf{
	{"windows-1252", "éèàêçôîâùûïœëæ"},       // French
	{"windows-1252", "üäöß"},                 // German
	{"windows-1252", "óíáñéúü"},              // Spanish
	{"windows-1252", "ãçáéíóõêâúàô"},         // Portuguese
	{"windows-1252", "èàùòéì"},               // Italian
	{"windows-1252", "äåöøæéüð"},             // Swedish, Danish, Norwegian, Finnish
	{"windows-1250", "ęąłóśżćńź"},            // Polish
	{"windows-1250", "íáéěřžýčšůúťďňóäôľĺŕ"}, // Czech, Slovak
	{"windows-1250", "áéőöóüíűú"},            // Hungarian
	{"windows-1250", "ăîşţâ"},                // Romanian
	{"windows-1250", "čšžćđ"},                // Croatian, Slovene
	{"iso-8859-2", "ęąłóśżćńź"},
	{"iso-8859-2", "íáéěřžýčšůúťďňóäôľĺŕ"},
	{"iso-8859-2", "áéőöóüíűú"},
	{"windows-1251", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"}, // Russian, Bulgarian
	{"windows-1251", "оанитівреслкдумпзябьгчйхцжїюєщшфґ"}, // Ukrainian
	{"windows-1251", "аіноеркслтядвмупызбўьгйчшхжцюёэф"},  // Belarusian
	{"windows-1251", "аоиенрјтсвкдмулпгзбшчцжњхђћљфџ"},    // Serbian
	{"koi8-u", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"},
	{"koi8-u", "оанитівреслкдумпзябьгчйхцжїюєщшфґ"},
	{"ibm866", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"},
	{"windows-1253", "αοιετσνηυρπκμλςάίήόέωύγδχθφβώξζψϊϋΐΰ"},           // Greek
	{"windows-1254", "ışğüçöâ"},                                        // Turkish
	{"windows-1255", "יוהלאתרבשמנכםעדחפקסןטגץזךף"},                     // Hebrew
	{"windows-1256", "اليمونتربعدسفقهكحةجشصطخأذزضءثىغئظإآؤپچگژ"},       // Arabic, Persian
	{"windows-1258", "đôơưăâê\u0301\u0300\u0309\u0323\u0303éàáóúèòíù"}, // Vietnamese
	{"windows-1257", "ėąšžųįūčę"},                                      // Lithuanian
	{"windows-1257", "āīēšūņļžķģčõ"},                                   // Latvian
	{"windows-1257", "äõöüšž"},                                         // Estonian
}

// typography are the marks that authors of all languages set.
const typography = "\u00a0«»“”„‘’‚–—…•·°§№€®©™¿¡ªº،؛؟·"

// bits of a character, where it stands.
const (
	bitsMark     = 5   // of typography
	bitsSymbol   = 14  // of everything else
	bitsCapital  = 3   // more than those of the small letter, where a word begins
	bitsMisplace = 8   // more, for a capital within a word, or a mark between letters
	bitsAlone    = 2.5 // more, for a letter that is a word
	bitsForeign  = 10  // more, for a letter next to one of ASCII that is of another script
)

// alphabet says what the bytes of an encoding are in one language.
type alphabet struct {
	bits  [256]float64
	kind  [256]byteKind
	latin bool
}

type byteKind uint8

const (
	isNothing byteKind = iota // white space, digits, punctuation of ASCII
	isSmall                   // a letter
	isCapital
	isMark // beyond ASCII
)

func (k byteKind) isLetter() bool { return k == isSmall || k == isCapital }

func newAlphabet(of alphabetOf) *alphabet {
	e, _ := charset.Lookup(of.label)
	a := &alphabet{}
	first, _ := utf8.DecodeRuneInString(of.letters)
	a.latin = unicode.Is(unicode.Latin, first)
	for i := range 256 {
		r := rune(i)
		if i >= utf8.RuneSelf {
			decoded, err := e.NewDecoder().Bytes([]byte{byte(i)})
			if r, _ = utf8.DecodeRune(decoded); err != nil {
				r = utf8.RuneError
			}
			a.bits[i] = bitsOf(r, of.letters)
		}
		a.kind[i] = kindOf(r)
	}
	return a
}

func kindOf(r rune) byteKind {
	switch {
	case unicode.IsUpper(r):
		return isCapital
	case unicode.Is(unicode.Mn, r): // a tone, which stands behind its letter
		return isSmall
	case unicode.IsLetter(r) && r != 'ª' && r != 'º':
		return isSmall
	case r >= utf8.RuneSelf && r != '\u00a0':
		return isMark
	}
	return isNothing
}

func bitsOf(r rune, letters string) float64 {
	if i := runeIndex(letters, unicode.ToLower(r)); i >= 0 {
		return 2.5 + math.Log2(1+float64(i)/3)
	}
	switch {
	case r == utf8.RuneError || unicode.IsControl(r):
		return impossible
	case strings.ContainsRune(typography, r):
		return bitsMark
	case unicode.IsLetter(r):
		return bitsSymbol - 3 // of a name in another language
	}
	return bitsSymbol
}

// runeIndex returns how many runes stand before r in text; -1: it is not there.
func runeIndex(text string, r rune) int {
	at := strings.IndexRune(text, r)
	if at < 0 {
		return -1
	}
	return utf8.RuneCountInString(text[:at])
}

// cost counts the bits of the bytes beyond ASCII.
func (a *alphabet) cost(sample []byte) (bits float64) {
	for i, c := range sample {
		if c < utf8.RuneSelf {
			continue
		}
		before, after := byte(' '), byte(' ')
		if i > 0 {
			before = sample[i-1]
		}
		if i+1 < len(sample) {
			after = sample[i+1]
		}
		bits += a.bits[c] + a.placeBits(before, c, after)
	}
	return bits
}

// placeBits counts what a byte costs more because of those around it.
func (a *alphabet) placeBits(before, c, after byte) float64 {
	kind, left, right := a.kind[c], a.kind[before], a.kind[after]
	switch kind {
	case isCapital:
		return capitalBits(left) + a.letterBits(before, after)
	case isSmall:
		if left == isCapital && right == isCapital {
			return bitsMisplace
		}
		return a.letterBits(before, after)
	case isMark:
		if left.isLetter() && right.isLetter() && a.bits[c] > bitsMark {
			return bitsMisplace
		}
	}
	return 0
}

// capitalBits counts what a capital costs more than a small letter, behind what is on its
// left.
func capitalBits(left byteKind) float64 {
	switch left {
	case isSmall:
		return bitsMisplace
	case isCapital:
		return 1
	}
	return bitsCapital
}

// letterBits counts what a letter costs more because it is alone, or next to one of another
// script.
func (a *alphabet) letterBits(before, after byte) (bits float64) {
	left, right := a.kind[before].isLetter(), a.kind[after].isLetter()
	switch {
	case left || right:
	case a.latin:
		bits += bitsAlone
	default: // it may well be the "à" of a text in Latin letters
		bits += 2 * bitsAlone
	}
	if !a.latin && (left && before < utf8.RuneSelf || right && after < utf8.RuneSelf) {
		bits += bitsForeign
	}
	return bits
}
