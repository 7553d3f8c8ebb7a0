package spreadsheet_test

import (
	"testing"

	"digestbot/subscribers/spreadsheet"
)

func TestIsFormula(t *testing.T) {
	for cell, want := range map[string]bool{
		"": false, " ": false, "News": false, "1-2": false, "'=1": false, "值得关注": false, "\xff": false,
		"=HYPERLINK(\"x\")": true, "+1": true, "-1": true, "@SUM(A1)": true, "＝1+1": true, " \u3000=1": true, "\t=1": true, "\r": true,
	} {
		if got := spreadsheet.IsFormula(cell); got != want {
			t.Errorf("IsFormula(%q) = %v, want %v", cell, got, want)
		}
	}
}
