package document_test

import (
	"errors"
	"strings"
	"testing"

	"digestbot/digest/document"
)

// foreign are documents in markup that is not read, under a name that says nothing.
var foreign = []struct{ format, name, document string }{
	{"reStructuredText", "doc", "Boat letters\n============\n\nRopes\n-----\n\n- `Knots for beginners <https://example.org/k>`_\n- `Splices <https://example.org/s>`_\n"},
	{"reStructuredText", "doc", "Boat letters\n############\n\n.. image:: boat.png\n\nSee `the harbour`_.\n\n.. _the harbour: https://example.org/h\n"},
	{"reStructuredText", "doc", "Boat letters\n~~~~~~~~~~~~\n\n.. note::\n\n   The pier is wet.\n\n:doc:`ropes` and :ref:`oars`, of which there are two.\n"},
	{"reStructuredText", "boat.rst", "Boat letters\n============\n\n.. contents::\n\nRopes only.\n"},
	{"AsciiDoc", "doc", "= Boat letters\n:toc:\n\n== Ropes\n\n* https://example.org/k[Knots for beginners]\n"},
	{"AsciiDoc", "doc", "---\ntitle: Boat letters\n---\n\n== Ropes\n\nimage::rope.png[A rope]\n\nlink:splice.html[Splices] are next.\n\n== Oars\n\nNOTE: Two of them.\n"},
	{"AsciiDoc", "boat.adoc", "== Ropes\n\nOnly one.\n"},
	{"org-mode", "doc", "#+TITLE: Boat letters\n#+DATE: 2026-11-20\n\n* Ropes\n** Knots\n   See [[https://example.org/k][here]].\n"},
	{"org-mode", "doc", "* Ropes\n  :PROPERTIES:\n  :CUSTOM_ID: ropes\n  :END:\n- [[https://example.org/k][Knots]]\n- [[https://example.org/s][Splices]]\n"},
	{"org-mode", "boat.org", "* Ropes\n- [[https://example.org/k][Knots]]\n"},
	{"MediaWiki", "doc", "== Ropes ==\n* [https://example.org/k Knots] for '''beginners'''\n\n== Oars ==\n* ''Two'' of them\n"},
	{"MediaWiki", "doc", "{{Newsletter|12}}\n== Ropes ==\nSee [[Knots]].\n\n== Oars ==\n[[File:Oar.jpg|thumb]]\n"},
	{"BBCode", "doc", "[b]Boat letters[/b]\n\n[list]\n[*][url=https://example.org/k]Knots[/url]\n[*][url=https://example.org/s]Splices[/url]\n[/list]\n"},
	{"BBCode", "doc", "[h1]Boat letters[/h1]\n[img]https://example.org/boat.png[/img]\nNew [I]ropes[/I].\n"},
	{"Textile", "doc", "h1. Boat letters\n\nh2. Ropes\n\n* \"Knots\":https://example.org/k for beginners\n* \"Splices\":https://example.org/s\n"},
	{"LaTeX", "doc", "\\documentclass{article}\n\\usepackage{hyperref}\n\\begin{document}\n\\section{Ropes}\n\\begin{itemize}\n\\item \\href{https://example.org/k}{Knots}\n\\end{itemize}\n\\end{document}\n"},
	{"e-mail", "doc", "Received: from a.example\nFrom: Boat letters <boat@a.example>\nSubject: Ropes\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>Ropes =E2=80=93</p>\n"},
	{"e-mail", "doc", "Date: Fri, 20 Nov 2026 10:00:00 +0000\nSubject: Ropes\nMIME-Version: 1.0\nContent-Type: multipart/alternative;\n boundary=\"x\"\n\n--x\nContent-Transfer-Encoding: base64\n\nUm9wZXM=\n"},
	{"PDF", "doc", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"},
	{"RTF", "doc", "{\\rtf1\\ansi\\deff0 {\\fonttbl {\\f0 Times;}}\nBoat letters\\par}"},
	{"Word", "letters.docx", "PK\x03\x04\x14\x00\x06\x00[Content_Types].xml\x00\x00word/document.xml\x00"},
	{"EPUB", "doc", "PK\x03\x04\x0a\x00\x00\x00mimetypeapplication/epub+zipPK"},
	{"OpenDocument", "doc", "PK\x03\x04\x14\x00mimetypeapplication/vnd.oasis.opendocument.textPK"},
	{"zip", "doc", "PK\x03\x04\x14\x00boat.md"},
	{"gzip", "doc", "\x1f\x8b\x08\x00\x00"},
	{"old Word", "doc", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"},
}

func TestForeignIsRefused(t *testing.T) {
	for _, tt := range foreign {
		_, err := document.ParseAll(tt.name, []byte(tt.document))
		e, ok := errors.AsType[*document.FormatError](err)
		if !ok || !strings.Contains(e.Format, tt.format) || e.Cure == "" || !strings.Contains(err.Error(), tt.name) {
			t.Errorf("ParseAll(%q) = %v, want it to be refused as %s", tt.document, err, tt.format)
		}
	}
}

// TestNotForeign holds that Markdown and plain text are read that have a mark or two of
// another language.
func TestNotForeign(t *testing.T) {
	for name, text := range map[string]string{
		"AsciiDoc in code":        "# Ropes\n\nWrite it so:\n\n```\n= Title\n\n== Section\n\n* https://example.org[x]\n```\n\nand `== x ==` in a line.\n",
		"a line of a directive":   "Ropes\n=====\n\n.. note:: the pier is wet\n\nText.\n",
		"setext headings":         "Letters\n=======\n\nRopes\n-----\n\n* one\n* two\n",
		"a mail of plain text":    "==========\nROPES\n==========\n\nOne, see https://example.org/a [1] and https://example.org/b[2].\n\n----------\nOARS\n----------\n\n* two\n\nNOTE: wet\n",
		"wiki links":              "# Ropes\n\n- [[Knots]] and [[Splices|a splice]]\n\n- {{tag}} [[Oars]]\n",
		"quoted words":            "Ropes\n\n* the ''new'' rope\n* and the ''old'' one\n",
		"emphasized code":         "Letters\n=======\n\nUse _`knot`_ or _`splice`_.\n",
		"brackets":                "Letters [b] and [i], [url] and [/b].\n\n* one\n",
		"commands of mathematics": "# Ropes\n\nThe length is $\\textbf{l}$ \\emph{here}.\n\n\\section{a}\n",
		"a letter h":              "h1. is how Textile begins a heading.\n\nText.\n",
		"keywords":                "#+ is no keyword\n\n* Ropes\n* Oars\n",
		"a shell's prompt":        "# Ropes\n\n    = 5\n    == 6\n\n> == quoted\n\n- a\n",
		"headers in a text":       "# Mail\n\nA mail begins so:\n\nSubject: Ropes\nMIME-Version: 1.0\n\n- [one](https://example.org/1)\n- [two](https://example.org/2)\n",
		"an equation":             "Sum:\n\n= 5 apples\n\nText.\n",
		"the name of another":     "Ropes\n\n- [Knots](https://example.org/k)\n",
	} {
		if _, err := document.ParseAll("letters.md", []byte(text)); err != nil {
			t.Errorf("%s: ParseAll = %v, want an issue", name, err)
		}
	}
	if _, err := document.ParseAll("letters.rst", []byte("Ropes\n\n- [Knots](https://example.org/k)\n")); err != nil {
		t.Errorf("Markdown in letters.rst: %v, want an issue", err)
	}
}
