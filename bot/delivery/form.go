package delivery

import (
	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// form is how a message goes out: as it was made, or simpler because Telegram refused
// it. Each refusal takes something away, so there are only a few.
type form struct {
	bare      bool // without keyboard and link preview
	plain     bool // without markup
	noPreview bool // without link preview: the chat forbids them
}

// simpler returns the form to try after a refusal; false: there is no simpler one.
func (f form) simpler(o Outcome) (form, bool) {
	switch {
	case o.Kind == NoPreview && !f.noPreview && !f.bare:
		f.noPreview = true
	case !o.Simpler, f.bare && f.plain:
		return f, false
	case o.isMarkupFault() && !f.plain, f.bare:
		f.plain = true
	default:
		f.bare = true
	}
	return f, true
}

// withoutPreview returns the options that show no preview of links.
func withoutPreview() *models.LinkPreviewOptions { return &models.LinkPreviewOptions{IsDisabled: tg.True()} }
