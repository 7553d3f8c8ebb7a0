package rendition

import (
	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"digestbot/bot/sender"
	"digestbot/digest"
	"digestbot/subscribers"
	"digestbot/subscribers/archive"
)

// PreviewOf returns the options that show the picture of a message above its text. If
// Telegram refuses that picture, or the recipient wants no previews, they show none.
func PreviewOf(m archive.Message, to subscribers.Subscriber) *models.LinkPreviewOptions {
	if m.Image == "" || m.Bare != "" || to.NoPreviews {
		return sender.WithoutPreview()
	}
	return &models.LinkPreviewOptions{URL: &m.Image, PreferLargeMedia: tg.True(), ShowAboveText: tg.True()}
}

// Compact returns the text of the compact message for a recipient, in HTML, and the
// first messages of the sections whose headlines are in it. The messages are those of
// ForReader.
func Compact(messages []archive.Message, to subscribers.Recipient, hidden HiddenLine) (text string, sections []archive.Message) {
	headlines := []string{messages[0].Headlines}
	for _, m := range messages[1:] {
		if m.Headlines != "" && !to.Mutes(m) {
			headlines = append(headlines, m.Headlines)
			sections = append(sections, m)
		}
	}
	return digest.Extended(digest.Compact(headlines), hidden.say(to, hiddenItems(messages, to)), true), sections
}

// IsRightToLeft reports whether an issue is written from right to left.
func IsRightToLeft(messages []archive.Message) bool {
	texts := make([]string, len(messages))
	for i := range messages {
		texts[i] = messages[i].HTML
	}
	return digest.IsRightToLeft(texts...)
}
