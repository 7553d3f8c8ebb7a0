package digest_test

import (
	"testing"

	"digestbot/digest"
)

func TestLanguage(t *testing.T) {
	for _, tt := range []struct{ title, section, want string }{
		{"河畔周报第12期：夜班图书馆试运行", "值得关注", "zh-Hans"},
		{"河畔週報第12期：夜班圖書館試運行", "值得關注", "zh-Hant"},
		{"周刊", "人工", "zh-Hans"}, // nothing tells them apart
		{"週刊ニュース", "おしらせ", "ja"},
		{"주간 소식", "새 소식", "ko"},
		{"The week and what was in it", "News from the town", "en"},
		{"Wochenblatt", "Nachrichten", ""},
		{"النشرة الأسبوعية", "أخبار", ""},
		{"", "", ""},
	} {
		issue := digest.Issue{Key: "1", Title: tt.title, Sections: []digest.Section{{Name: tt.section}}}
		if got := issue.Language(); got != tt.want {
			t.Errorf("the language of %q is %q, want %q", tt.title, got, tt.want)
		}
	}
}
