package talk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"digestbot/digest"
)

// mask replaces a token.
const mask = "***"

// shortestSecret is the length from which on the token's second half is also masked
// alone; a shorter one, as in tests, may be a word.
const shortestSecret = 20

// MaskToken masks the token in a text, in every form in which it may occur there.
func MaskToken(text, token string) string {
	text = strings.ReplaceAll(text, token, mask)
	text = strings.ReplaceAll(text, url.QueryEscape(token), mask)
	if _, secret, _ := strings.Cut(token, ":"); len(secret) >= shortestSecret {
		text = strings.ReplaceAll(text, secret, mask)
	}
	return text
}

// MaskingHandler returns a handler that passes records on to h with the token masked: errors of
// HTTP requests contain the address, and that contains the token.
func MaskingHandler(h slog.Handler, token string) slog.Handler {
	return maskingHandler{Handler: h, token: token}
}

type maskingHandler struct {
	slog.Handler
	token string
}

// Handle implements slog.Handler.
func (r maskingHandler) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, MaskToken(record.Message, r.token), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(r.attr(a))
		return true
	})
	return r.Handler.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (r maskingHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = r.attr(a)
	}
	return maskingHandler{Handler: r.Handler.WithAttrs(clean), token: r.token}
}

// WithGroup implements slog.Handler.
func (r maskingHandler) WithGroup(name string) slog.Handler {
	return maskingHandler{Handler: r.Handler.WithGroup(name), token: r.token}
}

func (r maskingHandler) attr(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		return slog.String(a.Key, MaskToken(value.String(), r.token))
	case slog.KindGroup:
		group := make([]slog.Attr, 0, len(value.Group()))
		for _, member := range value.Group() {
			group = append(group, r.attr(member))
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(group...)}
	case slog.KindAny:
		text := fmt.Sprintf("%+v", value.Any())
		if clean := MaskToken(text, r.token); clean != text {
			return slog.String(a.Key, clean)
		}
	}
	return slog.Attr{Key: a.Key, Value: value}
}

// Masked returns err with the token masked in its text. It still wraps what err wraps.
func (t *Talker) Masked(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	clean := MaskToken(text, t.Token)
	if clean == text {
		return err
	}
	return maskedError{text: clean, err: err}
}

type maskedError struct {
	text string
	err  error
}

// Error returns the text without the token.
func (e maskedError) Error() string { return e.text }

// Unwrap returns the error with the token; its text must not be shown.
func (e maskedError) Unwrap() error { return e.err }

// Bounds on the text of an error that people see. It may name every document there is.
const (
	MaxErrorLines = 5   // lines
	ErrorUnits    = 300 // of a line
)

// InShort returns the text of an error as people see it; the log has all of it.
func (t *Talker) InShort(err error) string {
	all := strings.Split(t.Masked(err).Error(), "\n")
	said := all[:min(len(all), MaxErrorLines)]
	for i, line := range said {
		said[i] = digest.ShortenUnits(line, ErrorUnits)
	}
	text := strings.Join(said, "\n")
	if len(all) > MaxErrorLines {
		text += fmt.Sprintf("\n… +%d", len(all)-MaxErrorLines)
	}
	return text
}

// OfSource returns an error of a source without the name of that source before each line:
// the text that shows the error names it already.
func OfSource(source string, err error) error {
	lines := strings.Split(err.Error(), "\n")
	for i, line := range lines {
		for _, prefix := range []string{"source " + source + ": ", source + ": ", "parse " + source + ": "} {
			line = strings.TrimPrefix(line, prefix)
		}
		lines[i] = line
	}
	return errors.New(strings.Join(lines, "\n"))
}
