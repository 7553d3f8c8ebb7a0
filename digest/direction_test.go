package digest_test

import (
	"testing"

	"digestbot/digest"
)

func TestIsRightToLeft(t *testing.T) {
	tests := []struct {
		name     string
		messages []string
		want     bool
	}{
		{"Persian", []string{"<h2>خبرها</h2>", "<p>نسخهٔ تازه منتشر شد</p>"}, true},
		{"Hebrew", []string{"<b>חדשות</b> ועוד"}, true},
		{"Arabic with English names", []string{"<p>صدرت نسخة جديدة من <a href=\"https://example.org/a-long-address\">Go</a> اليوم</p>"}, true},
		{"Arabic with code", []string{"<p>اكتب هذا:</p><pre><code>func main() { fmt.Println(\"a long line of code\") }</code></pre>"}, true},
		{"English with an Arabic word", []string{"<p>The word سلام means peace.</p>"}, false},
		{"one of two messages", []string{"<p>A long message in English about lamps.</p>", "<p>خبرها</p>"}, false},
		{"Chinese", []string{"<p>新闻</p>"}, false},
		{"digits only", []string{"<p>12</p>"}, false},
		{"none", nil, false},
	}
	for _, tt := range tests {
		if got := digest.IsRightToLeft(tt.messages...); got != tt.want {
			t.Errorf("%s: IsRightToLeft = %v, want %v", tt.name, got, tt.want)
		}
	}
}
