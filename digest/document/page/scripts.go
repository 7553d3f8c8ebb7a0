package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Raised and lowered text. A chat cannot show it, and "10<sup>3</sup>" without it would be
// another number.

// MaxScript is how long raised or lowered text may be, in bytes: longer text is set small,
// not raised.
const MaxScript = 40

var (
	raised  = scriptTable("0123456789+-−=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
	lowered = scriptTable("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
	// raisedSigns are raised letters that are one sign, or are written in line.
	raisedSigns = map[string]string{"TM": "™", "R": "®", "SM": "℠", "o": "º", "a": "ª", "e": "e", "r": "r"}
)

func scriptTable(plain, script string) map[rune]rune {
	table := map[rune]rune{}
	signs := []rune(script)
	for i, r := range []rune(plain) {
		table[r] = signs[i]
	}
	return table
}

// script shows raised or lowered text, unless it is only set small.
func (b *builder) script(n *html.Node, s inlineStyle) {
	content := strings.TrimSpace(textOf(n))
	small := content == "" || len(content) > MaxScript || strings.ContainsFunc(content, unicode.IsSpace) || hasLink(n)
	switch {
	case small || !b.text.endsInWord():
		b.children(n, s)
	case n.DataAtom == atom.Sub:
		b.text.write(inScript(content, lowered, "_"), s)
	default:
		b.text.write(raise(content, unicode.IsDigit(b.text.last)), s)
	}
}

// raise returns raised text. A raised word is the end of an ordinal or an abbreviation, as in
// "4th", and is written as it is.
func raise(content string, behindDigit bool) string {
	_, size := utf8.DecodeRuneInString(content)
	single := size == len(content)
	if sign := raisedSigns[content]; sign != "" && (behindDigit || !single) {
		return sign
	}
	if !single && !strings.ContainsFunc(content, func(r rune) bool { return !unicode.IsLetter(r) || unicode.Is(unicode.Greek, r) }) {
		return content
	}
	return inScript(content, raised, "^")
}

// inScript returns a text in the characters of a table, or behind a sign if it lacks some.
func inScript(content string, table map[rune]rune, sign string) string {
	if shown := translate(content, table); shown != "" {
		return shown
	}
	if _, size := utf8.DecodeRuneInString(content); size < len(content) {
		content = "(" + content + ")"
	}
	return sign + content
}

// translate returns a text in characters of a table; "": it does not have them all.
func translate(text string, table map[rune]rune) string {
	var out strings.Builder
	for _, r := range text {
		t, ok := table[r]
		if !ok {
			return ""
		}
		out.WriteRune(t)
	}
	return out.String()
}

func hasLink(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.A {
			return true
		}
	}
	return false
}

// endsInWord reports whether the next text would stand directly behind a letter, a digit or a
// closing bracket.
func (in *inline) endsInWord() bool {
	return !in.space && !in.brk && (unicode.IsLetter(in.last) || unicode.IsDigit(in.last) || in.last == ')' || in.last == ']' || in.last == '}')
}
