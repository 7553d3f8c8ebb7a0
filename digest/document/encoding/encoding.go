// Package encoding makes text of the bytes of a document.
//
// [Decode] returns it as UTF-8. It believes what the document declares if that makes a text
// of it, else it finds out the encoding from the bytes. Files that are no text are refused
// with a [FormatError] that names them, or with [ErrNotText].
package encoding

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/unicode/norm"
)

// Decode returns the document as UTF-8 with "\n" line ends, and a warning if that was
// not plain. isFeed reports whether a document is a feed: only a feed may have zeros, which
// its parser leaves out.
func Decode(document []byte, isFeed func([]byte) bool) (text, warning string, err error) {
	if len(bytes.TrimSpace(document)) == 0 {
		return "", "", ErrEmpty
	}
	if err := refuseBinary(document); err != nil {
		return "", "", err
	}
	text, warning, err = toUTF8(document, isFeed)
	if err != nil {
		return "", "", err
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if strings.TrimSpace(text) == "" {
		return "", "", ErrEmpty
	}
	return text, warning, nil
}

func toUTF8(document []byte, isFeed func([]byte) bool) (text, warning string, err error) {
	if label := wideUnits(document); label != "" {
		return decodeAs(label, document)
	}
	if bytes.IndexByte(document, 0) >= 0 {
		if !isFeed(document) {
			return "", "", ErrNotText
		}
		document = bytes.ReplaceAll(document, []byte{0}, nil) // as the parser does
	}
	if isSevenBitJapanese(document) {
		return decodeAs("iso-2022-jp", document)
	}
	if utf8.Valid(document) {
		return string(document), "", nil
	}
	if isBinary(document) && !isFeed(document) {
		return "", "", ErrNotText
	}
	return decodeUnknown(document, declaredEncoding(document))
}

// Beginning returns the first 64 KB of a document, decoded if they are UTF-16, else as they
// are; "" if they are UTF-16 that cannot be decoded.
func Beginning(document []byte) string {
	head := document[:min(len(document), 1<<16)]
	label := wideUnits(head)
	if label == "" {
		return string(head)
	}
	decoded, err := decoderOf(label).NewDecoder().Bytes(head)
	if err != nil {
		return ""
	}
	return string(decoded)
}

// Transcode returns a document as UTF-8 if it is in the encoding that a server named beside
// it. Else, and if the document is no text, it is returned as it is: many a server names one
// encoding for all that it has.
func Transcode(document []byte, label string) []byte {
	known := canonical(label)
	isText := bytes.IndexByte(document, 0) < 0 && !isBinary(document) // UTF-16 has zeros
	if known == "" || strings.HasPrefix(known, "utf-16") || !isText || utf8.Valid(document) || wideUnits(document) != "" {
		return document
	}
	if text, warning, err := decodeUnknown(document, known); err == nil && warning == "" {
		return []byte(text)
	}
	return document
}

// decodeUnknown decodes what is not UTF-8, or not all of it, and is said to be in the
// encoding declared; "": nothing is said.
func decodeUnknown(document []byte, declared string) (text, warning string, err error) {
	known := canonical(declared)
	if known != "" && !slices.ContainsFunc(candidates(), func(c candidate) bool { return c.label == known }) {
		if text, warning, err = decodeAs(known, document); err == nil {
			return text, warning, nil
		}
	}
	label := guessEncoding(document, declared)
	if label == "utf-8" || bytes.HasPrefix(document, []byte("\ufeff")) {
		text := strings.ToValidUTF8(string(document), "\ufffd")
		return text, fmt.Sprintf("line %d is damaged: bytes that are not UTF-8 are shown as \ufffd", firstDamage(document)), nil
	}
	text, warning, err = decodeAs(label, document)
	switch {
	case err != nil || label == known:
		return text, warning, err
	case known == "":
		return text, fmt.Sprintf("it is not UTF-8 and declares no other encoding: read as %s; save it as UTF-8 if letters look wrong", label), nil
	default:
		return text, fmt.Sprintf("it is not %s although it says so: read as %s; save it as UTF-8 if letters look wrong", strings.ToUpper(known), label), nil
	}
}

// maxDamage is the share of characters that may be missing in an encoding.
const maxDamage = 0.02

// decodeAs decodes a document. It warns of bytes that have no meaning in the encoding, and
// fails if there are many.
func decodeAs(label string, document []byte) (text, warning string, err error) {
	decoder := decoderOf(label)
	if decoder == nil {
		return "", "", ErrEncoding
	}
	decoded, err := decoder.NewDecoder().Bytes(document)
	if err != nil || !utf8.Valid(decoded) {
		return "", "", ErrEncoding
	}
	if damage := bytes.Count(decoded, []byte("\ufffd")); damage > 0 {
		if float64(damage) > 1+maxDamage*float64(utf8.RuneCount(decoded)) {
			return "", "", ErrEncoding
		}
		warning = fmt.Sprintf("line %d is damaged: bytes that are not %s are shown as \ufffd", lineOf(decoded, "\ufffd"), label)
	}
	if label == "windows-1258" { // it has the tones of Vietnamese as characters of their own
		decoded = norm.NFC.Bytes(decoded)
	}
	return string(decoded), warning, nil
}

func lineOf(text []byte, what string) int {
	return 1 + bytes.Count(text[:max(bytes.Index(text, []byte(what)), 0)], []byte("\n"))
}

// firstDamage returns the first line with a byte that is not UTF-8.
func firstDamage(document []byte) int {
	line := 0
	for text := range bytes.Lines(document) {
		line++
		if !utf8.Valid(text) {
			break
		}
	}
	return line
}

// wideUnits returns the label of UTF-16 if the document is that, else "". Without a mark
// at its beginning it is known by the zeros in the line ends, the spaces and the marks of
// ASCII, which all stand in the same halves.
func wideUnits(document []byte) string {
	switch {
	case bytes.HasPrefix(document, []byte("\xff\xfe")):
		return "utf-16le"
	case bytes.HasPrefix(document, []byte("\xfe\xff")):
		return "utf-16be"
	case bytes.IndexByte(document[:min(len(document), maxSample)], 0) < 0:
		return ""
	}
	sample := document[:min(len(document), maxSample)&^1]
	big, little := countASCII(sample, 0), countASCII(sample, 1)
	switch {
	case max(big, little) < 1+len(sample)/200:
		return ""
	case big > little:
		return "utf-16be"
	}
	return "utf-16le"
}

// countASCII returns how many characters of ASCII a sample has, given that it consists of
// units of two bytes of which the high ones stand at even (0) or odd (1) places. It is 0 if
// there are control characters, which no text has.
func countASCII(sample []byte, high int) (n int) {
	for i := 0; i+1 < len(sample); i += 2 {
		h, l := sample[i+high], sample[i+1-high]
		switch {
		case h != 0:
		case l < 0x20 && l != '\t' && l != '\n' && l != '\r' || l == 0x7f:
			return 0
		case l < 0x80:
			n++
		}
	}
	return n
}

// isSevenBitJapanese reports whether the document switches to Japanese characters, and back,
// by the sequences of ISO-2022-JP.
func isSevenBitJapanese(document []byte) bool {
	to := bytes.Contains(document, []byte("\x1b$B")) || bytes.Contains(document, []byte("\x1b$@"))
	back := bytes.Contains(document, []byte("\x1b(B")) || bytes.Contains(document, []byte("\x1b(J"))
	return to && back && countHigh(document) == 0
}

var encodingPatterns = []*regexp.Regexp{
	regexp.MustCompile(`^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.:-]+)["']`),
	regexp.MustCompile(`(?i)<meta[^>]*charset\s*=\s*["']?([A-Za-z0-9_.:-]+)`),
}

// declaredEncoding returns the encoding that an XML declaration or the head of a
// page names, or "".
func declaredEncoding(document []byte) string {
	head := document[:min(len(document), 4096)]
	for _, pattern := range encodingPatterns {
		if m := pattern.FindSubmatch(head); m != nil {
			// What names UTF-16 in bytes of ASCII is not that.
			if e, name := charset.Lookup(string(m[1])); e != nil && !strings.HasPrefix(name, "utf-16") {
				return name
			}
		}
	}
	return ""
}

// isBinary reports whether the document starts with control characters
// that no text has.
func isBinary(document []byte) bool {
	for _, c := range document[:min(len(document), 512)] {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			return true
		}
	}
	return bytes.HasPrefix(document, []byte("\xff\xd8"))
}

// Of says in which encoding a document was read; warnings are those of decoding.
func Of(document []byte, warnings []string) string {
	label := wideUnits(document)
	switch {
	case label != "":
		return label
	case isSevenBitJapanese(document):
		return "iso-2022-jp"
	case utf8.Valid(document):
		return "UTF-8"
	case len(warnings) > 0:
		return warnings[0]
	}
	return canonical(declaredEncoding(document)) + ", as it declares"
}
