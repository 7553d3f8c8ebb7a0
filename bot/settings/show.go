package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"digestbot/bot/ping"
	"digestbot/subscribers/intake/sourceline"
)

// Shown is a setting in force. Its JSON is for programs and keeps its names.
type Shown struct {
	Name   string `json:"name"`
	Value  any    `json:"value"` // a text, number, truth, duration as a text, or list of texts
	Origin Origin `json:"origin"`
	Hidden bool   `json:"hidden"` // a part of the value is secret, and replaced by ***
}

// ShownSecret says where a secret is, and not what it is.
type ShownSecret struct {
	Name   string `json:"name"`
	Origin Origin `json:"origin"` // of kind "unset" if there is none
	File   string `json:"file"`   // that has it; "": it is in a variable, or nowhere
}

// Overview is what is in force, and what is wrong with it.
type Overview struct {
	File     string        `json:"file"` // of settings; "": there is none
	Secrets  []ShownSecret `json:"secrets"`
	Settings []Shown       `json:"settings"`
	Warnings []string      `json:"warnings"`
	Mistakes []string      `json:"mistakes"`
}

// Overview returns what is in force. A token that is missing is no mistake in it: a person
// who looks at the settings need not be able to read that.
func (c Config) Overview(flags []*kong.Flag, env Environment) Overview {
	o := Overview{File: c.ConfigFile, Warnings: []string{}, Mistakes: []string{}}
	for _, s := range []secret{tokenSecret, webhookSecret, pingSecret} {
		place := c.place(env, s)
		o.Secrets = append(o.Secrets, ShownSecret{Name: s.credential, Origin: place.origin, File: place.file})
	}
	for _, flag := range flags {
		if isSetting(flag) && flag.Name != configFlag {
			o.Settings = append(o.Settings, shownSetting(flag, c.Origins[flag.Name]))
		}
	}
	s, wrong := c.understand(env)
	for _, err := range wrong {
		if !errors.Is(err, errNoToken) {
			o.Mistakes = append(o.Mistakes, MaskTokens(err.Error()))
		}
	}
	if len(o.Mistakes) == 0 {
		o.Warnings = append(o.Warnings, c.warnings(env, s)...)
	}
	return o
}

func shownSetting(flag *kong.Flag, origin Origin) Shown {
	s := Shown{Name: flag.Name, Origin: origin, Value: flag.Target.Interface()}
	here := currentFolder()
	switch value := s.Value.(type) {
	case time.Duration:
		s.Value = shortDuration(value)
	case string:
		if isPathSetting(flag) {
			value = here.path(value)
		}
		s.Value = hideSecrets(value)
		if flag.Tag.Has("secret") {
			s.Value = ping.Hidden(value)
		}
		s.Hidden = s.Value != value
	case []string:
		if flag.PlaceHolder == sourceHolder {
			value = here.sources(value)
		}
		shown := make([]string, len(value))
		for i, text := range value {
			shown[i] = hideSecrets(text)
		}
		s.Value, s.Hidden = shown, !slices.Equal(shown, value)
	}
	return s
}

// currentFolder stands for a file there, so that paths are shown in full: an operator may be in
// another folder than they think.
func currentFolder() *File {
	folder, err := os.Getwd()
	if err != nil {
		return &File{} // paths are shown as they are
	}
	return &File{folder: folder}
}

// hideSecrets replaces what is secret in a value: in addresses, and what looks like a token.
func hideSecrets(text string) string { return sourceline.WithoutSecrets(MaskTokens(text)) }

// shortDuration returns a duration without units of which there are none.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// WriteJSON writes it for programs.
func (o Overview) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(o)
}

// WriteTOML writes it for people, as a file of settings that sets the same. Behind each value
// stands where it is from. What is not set, or cannot be shown, is a comment.
func (o Overview) WriteTOML(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# What is in force, and where it is from.\n")
	if o.File == "" {
		b.WriteString("# There is no file of settings; --config names one.\n")
	} else {
		fmt.Fprintf(&b, "# The file of settings is %s.\n", oneLine(o.File))
	}
	for _, s := range o.Secrets {
		fmt.Fprintf(&b, "# %s: %s\n", s.Name, oneLine(s.String()))
	}
	b.WriteString("\n")
	for _, s := range o.Settings {
		fmt.Fprintf(&b, "%-48s # %s\n", s.line(), oneLine(s.Origin.String()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// line returns a setting as it stands in the file.
func (s Shown) line() string {
	text := s.Name + " = " + inTOML(s.Value)
	if s.Hidden || s.Origin.Kind == FromNothing && reflect.ValueOf(s.Value).Len() == 0 {
		return "# " + text
	}
	return text
}

// String says where a secret is.
func (s ShownSecret) String() string {
	switch {
	case s.Origin.Kind == FromNothing:
		return s.Origin.String()
	case s.File == "":
		return "in " + s.Origin.String()
	}
	return fmt.Sprintf("in %s (%s)", s.File, s.Origin)
}

// oneLine keeps a name from ending the comment that it is in.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
