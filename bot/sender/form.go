package sender

import (
	tg "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// Form is how a message goes out: as it was made, or simpler because Telegram refused
// it. Each refusal takes something away, so there are only a few.
type Form struct {
	Bare      bool // without keyboard and link preview
	Plain     bool // without markup
	NoPreview bool // without link preview: the chat forbids them
}

// Simpler returns the form to try after a refusal; false: there is no simpler one.
func (f Form) Simpler(r Response) (Form, bool) {
	switch {
	case r.Kind == NoPreview && !f.NoPreview && !f.Bare:
		f.NoPreview = true
	case !r.Simpler, f.Bare && f.Plain:
		return f, false
	case r.IsMarkupFault() && !f.Plain, f.Bare:
		f.Plain = true
	default:
		f.Bare = true
	}
	return f, true
}

// WithoutPreview returns the options that show no preview of links.
func WithoutPreview() *models.LinkPreviewOptions {
	return &models.LinkPreviewOptions{IsDisabled: tg.True()}
}
