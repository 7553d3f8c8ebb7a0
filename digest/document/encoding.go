package document

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

// decode returns the document as UTF-8 with "\n" line ends.
func decode(document []byte) (string, error) {
	if len(bytes.TrimSpace(document)) == 0 {
		return "", ErrEmpty
	}
	text, err := toUTF8(document)
	if err != nil {
		return "", err
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.Contains(text, "\r") {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	}
	if strings.TrimSpace(text) == "" {
		return "", ErrEmpty
	}
	return text, nil
}

func toUTF8(document []byte) (string, error) {
	wide := bytes.HasPrefix(document, []byte("\xff\xfe")) || bytes.HasPrefix(document, []byte("\xfe\xff"))
	if !wide && bytes.IndexByte(document, 0) >= 0 {
		return "", ErrNotText
	}
	if utf8.Valid(document) {
		return string(document), nil
	}
	label := declaredEncoding(document)
	if wide {
		label = "utf-16"
	}
	encoding, name := charset.Lookup(label)
	if encoding == nil || name == "utf-8" {
		if isBinary(document) {
			return "", ErrNotText
		}
		return "", ErrEncoding
	}
	if wide {
		encoding = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	}
	decoded, err := encoding.NewDecoder().Bytes(document)
	if err != nil || !utf8.Valid(decoded) {
		return "", ErrEncoding
	}
	return string(decoded), nil
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
			return string(m[1])
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
