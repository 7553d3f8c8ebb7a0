package markup

import (
	"strings"
	"unicode"
)

// findCards finds numbers of bank cards. Bots do not get them, but they split styles
// (tdlib/td, match_bank_card_numbers).
func findCards(text string) []foundText {
	var out []foundText
	for at := 0; at < len(text); {
		if !isDigit(text[at]) {
			at++
			continue
		}
		if before := runeBefore(text, at); strings.ContainsRune(".,+-_", before) || unicode.IsLetter(before) {
			at += wordLength(text[at:], isCardRune) // within another number or word
			continue
		}
		n := cardLength(text[at:])
		card := strings.TrimRight(text[at:at+n], " -")
		if isCard(card) && !endsInWord(text, at+len(card)) {
			out = append(out, foundText{bankCard, at, at + len(card)})
		}
		at += n
	}
	return out
}

func isCardRune(r rune) bool { return r == ' ' || r == '-' || '0' <= r && r <= '9' }

func endsInWord(text string, at int) bool {
	next := runeAt(text, at)
	return next == '-' || next == '_' || unicode.IsLetter(next)
}

// cardLength measures a run of digits, blanks and hyphens. A blank ends it after as many
// digits in a row as a card has.
func cardLength(s string) int {
	n := wordLength(s, isCardRune)
	if unbroken := wordLength(s[:n], func(r rune) bool { return r != ' ' && r != '-' }); unbroken >= 16 && unbroken <= 19 &&
		unbroken < n && s[unbroken] == ' ' {
		return unbroken
	}
	return n
}

// isCard checks the number of digits, the check digit (Luhn) and the ranges of each company.
func isCard(card string) bool {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(card)
	n := len(digits)
	if n < 13 || n > 19 || len(card) > 2*n-1 {
		return false
	}
	sum := 0
	for i := range n {
		d := int(digits[n-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0 && isIssued(digits)
}

func isIssued(digits string) bool {
	n, two, four := len(digits), digits[:2], digits[:4]
	switch {
	case digits[0] == '4': // Visa
		return n == 13 || n == 16 || n == 18 || n == 19
	case "51" <= two && two <= "55", "2221" <= four && four <= "2720": // Mastercard
		return n == 16
	case two == "34", two == "37": // American Express
		return n == 15
	case two == "62", two == "81": // UnionPay
		return n >= 16
	case "2200" <= four && four <= "2204": // MIR
		return n == 16
	}
	return true
}
