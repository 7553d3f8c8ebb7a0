package check

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// colours of a terminal (ECMA-48).
var colours = map[State]string{OK: "\x1b[32m", Warning: "\x1b[33m", Failed: "\x1b[31m", Skipped: "\x1b[2m"}

// WriteText writes one line of what was found. styled is for a terminal.
func (f Finding) WriteText(w io.Writer, styled bool) error {
	state := fmt.Sprintf("%-8s", f.State)
	if styled {
		state = colours[f.State] + state + "\x1b[0m"
	}
	text := f.Text
	if f.Subject != "" {
		text = f.Subject + ": " + text
	}
	if f.Cure != "" {
		text += " → " + f.Cure
	}
	_, err := fmt.Fprintf(w, "%s %-10s %s\n", state, f.Check, oneLine(text))
	return err
}

// oneLine keeps what others wrote from looking like a finding, and from moving the cursor.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}

// Report is all that was found. Its JSON is for programs and keeps its names.
type Report struct {
	State    State     `json:"state"` // of the worst finding; a skipped check is no finding
	Findings []Finding `json:"findings"`
}

// NewReport returns the report of findings.
func NewReport(findings []Finding) Report {
	r := Report{State: OK, Findings: findings}
	for _, f := range findings {
		if f.State == Failed || f.State == Warning && r.State == OK {
			r.State = f.State
		}
	}
	return r
}

// Count returns how many findings are in a state.
func (r Report) Count(state State) (n int) {
	for _, f := range r.Findings {
		if f.State == state {
			n++
		}
	}
	return n
}

// WriteJSON writes the report for programs.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Summary counts the findings in words.
func (r Report) Summary() string {
	parts := []string{fmt.Sprintf("%d ok", r.Count(OK))}
	for _, state := range []State{Warning, Failed, Skipped} {
		if n := r.Count(state); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	return strings.Join(parts, ", ")
}
