package document_test

import "testing"

// TestRemarks: in a digest whose paragraphs are remarks about links each is an item, also
// in short sections; a text with some links is none.
func TestRemarks(t *testing.T) {
	const many = "## Boats\n\nAnn tells how [her boat](https://a.example/1) was built.\n\nThere is a [race](https://a.example/2) in May.\n\n> A boat is a hole in the water. – [Bob](https://a.example/3)\n\nWho likes [sails](https://a.example/4)?\n\n"
	for _, tt := range []struct{ name, document, want string }{
		{"many", "# T #7\n\n" + many + "## Ropes\n\nLong ones are [dear](https://a.example/5).\n\nAnd [short ones](https://a.example/6) are not.\n",
			"T #7 | 7 | \nBoats (4, 4): Ann tells how her boat was built.\nRopes (2, 2): Long ones are dear.\n"},
		{"quotations over their sources", "# T #7\n\n" + many + "## Ropes\n\n>\nA rope is long.\n– [Ann](https://a.example/5)\n\n>\nIt is wet. – [Bob](https://a.example/6)\n",
			"T #7 | 7 | \nBoats (4, 4): Ann tells how her boat was built.\nRopes (2, 2): A rope is long. – Ann\n"},
		{"a text", "# T #7\n\n## Boats\n\nAnn tells how [her boat](https://a.example/1) was built.\n\nThat took a year.\n\nThere is a [race](https://a.example/2) in May.\n\nWho likes [sails](https://a.example/4)?\n\n## Ropes\n\nLong ones are [dear](https://a.example/5).\n\nAnd [short ones](https://a.example/6) are not.\n",
			"T #7 | 7 | \nBoats (1, 3): Ann tells how her boat was built.\nRopes (1, 2): Long ones are dear.\n"},
		{"posts under titles", "# T #7\n\n## Boats\n\n### A new mast\n\n[Ann](https://a.example/1) built it.\n\nhttps://a.example/2\n\n### Sails\n\nRed ones.\n\n## Ropes\n\n- a\n",
			"T #7 | 7 | \nBoats (2, 2): A new mast\nRopes (1, 0): a\n"},
	} {
		if got := outline(parse(t, "a.md", tt.document)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
