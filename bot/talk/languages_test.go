package talk

import (
	"testing"

	"golang.org/x/text/language"
)

func TestLanguageNumbers(t *testing.T) {
	c, err := NewCatalog("zh-Hans")
	if err != nil {
		t.Fatal(err)
	}
	for _, tag := range c.Tags {
		got, ok := c.Language(LanguageNumber(tag))
		if !ok || got != tag {
			t.Errorf("the number of %s is that of %s", tag, got)
		}
	}
	for _, n := range []int64{0, 1, 1 << 62} {
		if got, ok := c.Language(n); ok {
			t.Errorf("%d is the number of %s, want of none", n, got)
		}
	}
	for tag, want := range map[string]string{"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"} {
		if got := LanguageName(language.MustParse(tag)); got != want {
			t.Errorf("%s calls itself %q, want %q", tag, got, want)
		}
	}
}
