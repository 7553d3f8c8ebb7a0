package encoding

import "bytes"

// binaries are the formats of files that people take for texts, by the bytes at their
// beginning. holds tells those apart that share them.
var binaries = []struct{ begin, holds, name, cure string }{
	{"%PDF-", "", "PDF", "give the document that it was made from, as Markdown or HTML"},
	{`{\rtf`, "", "RTF", "save it as HTML in the program that wrote it"},
	{"PK\x03\x04", "word/", "a Word document", "save it as HTML, or convert it with `pandoc FILE -o FILE.html`"},
	{"PK\x03\x04", "application/epub+zip", "EPUB", "convert it with `pandoc FILE -o FILE.html` and give the HTML"},
	{"PK\x03\x04", "application/vnd.oasis.opendocument.text", "an OpenDocument text", "save it as HTML, or convert it with `pandoc FILE -o FILE.html`"},
	{"PK\x03\x04", "", "a zip archive", "unpack it and give the document in it"},
	{"\x1f\x8b", "", "a gzip archive", "unpack it and give the document in it"},
	{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "an old Word document", "save it as HTML in the program that wrote it"},
}

// refuseBinary returns an error if the document is in one of the formats above.
func refuseBinary(document []byte) error {
	document = bytes.TrimLeft(bytes.TrimPrefix(document, []byte("\ufeff")), " \t\r\n")
	for _, b := range binaries {
		if bytes.HasPrefix(document, []byte(b.begin)) && bytes.Contains(document, []byte(b.holds)) {
			return &FormatError{Format: b.name, Cure: b.cure}
		}
	}
	return nil
}
