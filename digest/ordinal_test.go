package digest_test

import (
	"testing"

	"digestbot/digest"
)

// TestDayIsNoOrdinal: a day in front of a month is not cut off as an ordinal is.
func TestDayIsNoOrdinal(t *testing.T) {
	for _, text := range []string{
		"04 Oct 2026 – Boats", "05 Dec: boats in Kiel", "04 октября: лодки", "04/10 – boats", "04/10/2026 boats", "4. Oktober: Boote", "1. Mai – Boote", "1. Mai 2026",
		"10. 12. 2026 lodě", "4. Oktober Bootstag", "03 March boats", "1. Mai",
	} {
		if _, rest, ok := digest.CutOrdinal(text); ok || rest != text {
			t.Errorf("CutOrdinal(%q) = %q, %t, want none", text, rest, ok)
		}
	}
	for text, want := range map[string]string{
		"04 Boats": "Boats", "04/Boats": "Boats", "5. May I ask": "May I ask", "1. March of the boats": "March of the boats", "1. Boats in May": "Boats in May",
		"2. 3 boats": "3 boats", "1) May 5": "May 5", "03 | October": "October", "1. Martin": "Martin",
	} {
		if _, rest, ok := digest.CutOrdinal(text); !ok || rest != want {
			t.Errorf("CutOrdinal(%q) = %q, %t, want %q", text, rest, ok, want)
		}
	}
}
