package digest

import "strings"

// Characters that only one of the two ways of writing Chinese has, each in the place of the
// other's; they are among the most frequent.
const (
	onlyHans = "这们国说时会来对个为发经过学样动还进开没见关点门问头书气长实现电话级务车风马东"
	onlyHant = "這們國說時會來對個為發經過學樣動還進開沒見關點門問頭書氣長實現電話級務車風馬東"
)

// Language returns the BCP 47 tag of the language of the issue if its script, or a few words
// of English, tell it: "zh-Hans", "zh-Hant", "ja", "ko" or "en"; else "".
func (i *Issue) Language() string {
	switch i.tongue() {
	case chinese:
		return i.chineseScript()
	case japanese:
		return "ja"
	case korean:
		return "ko"
	case english:
		return "en"
	}
	return ""
}

func (i *Issue) chineseScript() string {
	hans, hant := 0, 0
	count := func(text string) {
		for _, r := range text {
			switch {
			case r < 0x4e00: // before all of them
			case strings.ContainsRune(onlyHans, r):
				hans++
			case strings.ContainsRune(onlyHant, r):
				hant++
			}
		}
	}
	for name := range i.names() {
		count(name)
	}
	for text := range i.texts() {
		if count(text); hans+hant > enoughWords {
			break
		}
	}
	if hant > hans {
		return "zh-Hant"
	}
	return "zh-Hans"
}
