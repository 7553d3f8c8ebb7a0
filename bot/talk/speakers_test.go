package talk

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"
)

func TestSpeaker(t *testing.T) {
	for _, test := range []struct{ fallback, tag, want string }{
		{"", "en", "en"}, {"", "en-US", "en"}, {"", "", "en"}, {"", "de", "en"}, {"", "?!", "en"},
		{"", "zh", "zh-Hans"}, {"", "zh-hans", "zh-Hans"}, {"", "zh-CN", "zh-Hans"},
		{"", "zh-sg", "zh-Hans"}, {"zh-Hant", "zh-CN", "zh-Hans"}, {"zh-Hant", "zh", "zh-Hans"},
		{"", "zh-hant", "zh-Hant"}, {"", "zh-TW", "zh-Hant"}, {"", "zh-HK", "zh-Hant"}, {"", "zh-hant-hk", "zh-Hant"}, {"zh-TW", "fr", "zh-Hant"},
		{"zh", "", "zh-Hans"}, {"zh-CN", "de", "zh-Hans"}, {"zh-Hans", "en", "en"}, {"zh-Hans", "eo", "zh-Hans"}, {"en-GB", "fr", "en"},
	} {
		c, err := NewCatalog(test.fallback)
		if err != nil {
			t.Errorf("newCatalog(%q): %v", test.fallback, err)
			continue
		}
		if got := c.Speaker(test.tag, time.UTC).Tag; got != language.MustParse(test.want) {
			t.Errorf("with fallback %q, a reader of %q gets %s, want %s", test.fallback, test.tag, got, test.want)
		}
	}
}

func TestNewCatalogRefusesUnknownLanguages(t *testing.T) {
	for fallback, want := range map[string]string{
		"??":  "it is not a language tag; use one of en, ",
		"tlh": "there are no texts in it; use one of en, ",
	} {
		if _, err := NewCatalog(fallback); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("newCatalog(%q) = %v, want %q in it", fallback, err, want)
		}
	}
}

func TestSpeakerSays(t *testing.T) {
	c, err := NewCatalog("")
	if err != nil {
		t.Fatal(err)
	}
	shanghai, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	en, zh, hant := c.Speaker("en", time.UTC), c.Speaker("zh", shanghai), c.Speaker("zh-TW", shanghai)
	day := time.Date(2021, 11, 19, 0, 0, 0, 0, time.UTC)
	at := time.Date(2021, 11, 26, 17, 5, 0, 0, time.UTC)
	for _, test := range []struct{ got, want string }{
		{en.Date(day), "19 November 2021"},
		{zh.Date(day), "2021年11月19日"},
		{en.Moment(at), "Friday, 26 November, 17:05 (UTC)"},
		{zh.Moment(at), "上海时间11月27日（星期六）01:05"},
		{en.Plain("count.messages", Values{"Count": 1}), "1 message"},
		{en.Plain("count.messages", Values{"Count": 12345}), "12,345 messages"},
		{zh.Plain("count.messages", Values{"Count": 1}), "1 条消息"},
		{en.Duration(0), "1 second"},
		{en.Duration(99 * time.Second), "99 seconds"},
		{en.Duration(100 * time.Second), "2 minutes"},
		{en.Duration(3 * time.Hour), "3 hours"},
		{zh.Duration(time.Minute), "60 秒"},
		{hant.Moment(at), "上海時間11月27日（星期六）01:05"},
		{hant.Plain("count.messages", Values{"Count": 12345}), "12,345 則訊息"},
		{hant.City("Australia/Sydney"), "雪梨"},
		{en.HTML("issue.unknown", Values{"Number": "<&>"}), "There is no issue &lt;&amp;&gt;. /latest brings the newest one."},
		{en.Plain("issue.unknown", Values{"Number": "<&>"}), "There is no issue <&>. /latest brings the newest one."},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}
