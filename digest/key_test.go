package digest_test

import (
	"testing"

	"digestbot/digest"
)

func TestSectionKey(t *testing.T) {
	tests := []struct{ heading, want string }{
		{"值得关注", "值得关注"},
		{"一、值得关注", "值得关注"},
		{"1. 值得关注！", "值得关注"},
		{"1.值得关注", "值得关注"},
		{"１．值得关注", "值得关注"},
		{"（一）值得关注", "值得关注"},
		{"(1) 值得关注", "值得关注"},
		{"1) 值得关注：", "值得关注"},
		{"① 值得关注", "值得关注"},
		{"Ⅳ. 值得关注", "值得关注"},
		{"IV. News", "news"},
		{"十二、值得关注", "值得关注"},
		{"01 值得关注", "值得关注"},
		{"🔥 值得关注 🔥", "值得关注"},
		{"👩🏽‍💻一、值得关注", "值得关注"},
		{"1️⃣ 值得关注", "值得关注"},
		{"■ 值得关注", "值得关注"},
		{"ＮＥＷＳ ＆ Posts", "newsposts"},
		{"Show & tell", "showtell"},
		{"Straße", "strasse"},
		{"C", "c"},
		{"C++ 项目", "c++项目"},
		{"C# 项目", "c#项目"},
		{"F♯", "f"},
		{"fn work(on: Project) -> Money", "fnworkonprojectmoney"},

		// No ordinals: a name, an enumeration, a version, a count, a request.
		{"360投资河马汽车", "360投资河马汽车"},
		{"火电、风电加快", "火电风电加快"},
		{"一、二线城市", "一二线城市"},
		{"2.0 发布", "20发布"},
		{"3.js 入门", "3js入门"},
		{"5 Things", "5things"},
		{"141375: fix", "141375fix"},
		{"2024. évi hírek", "2024évihírek"},
		{"三星发布新机", "三星发布新机"},

		// Nothing but signs: its own key, so that two such sections differ.
		{"🔥🔥", "🔥🔥"},
		{" — ", "—"},
		{"1、", "1"},
		{"", ""},
	}
	for _, tt := range tests {
		got := digest.SectionKey(tt.heading)
		if got != tt.want {
			t.Errorf("SectionKey(%q) = %q, want %q", tt.heading, got, tt.want)
		}
		if again := digest.SectionKey(got); again != got {
			t.Errorf("SectionKey(%q) = %q, want the same", got, again)
		}
	}
}

func FuzzSectionKey(f *testing.F) {
	for _, seed := range []string{"一、值得关注", "1️⃣ C++", "Ⅳ. ＮＥＷＳ", "①", "(1)(2) x", "ǰ̇", "\xde \xa5!"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, heading string) {
		key := digest.SectionKey(heading)
		if again := digest.SectionKey(key); again != key {
			t.Errorf("SectionKey(%q) = %q, and of that %q", heading, key, again)
		}
	})
}
