package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"

	"digestbot/digest/document/bounds"
	"digestbot/digest/spelling"
)

// configFlag is the flag that names the file of settings.
const configFlag = "config"

// ErrFile is in every error about the file of settings: only a change of it helps.
var ErrFile = errors.New("wrong file of settings")

// File is a file of settings, in TOML. Its keys are the names of flags.
type File struct {
	name    string // as it was given; empty: there is none
	folder  string // to which its paths are relative; empty: the current one
	entries map[string]entry
}

// entry is what a file says of one setting.
type entry struct {
	value any // as kong takes it
	line  int
}

const (
	// maxFile is in bytes, far more than all settings have.
	maxFile = 64 << 10
	// fileTimeout is how long a file may take to arrive, such as through a pipe.
	fileTimeout = 5 * time.Second
)

// readFile reads a file of settings, of which flags are the known ones. The error lists
// everything that is wrong, each with its line.
func readFile(name string, flags []*kong.Flag) (File, error) {
	text, err := readBounded(name, maxFile, fileTimeout)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("%w: give the name of a file that exists; digestbot config --example prints one to begin with", err)
	case err != nil:
		err = fmt.Errorf("%w: give a file that this user can read", err)
	}
	if err != nil {
		return File{}, fileError{fmt.Errorf("--%s (%s): %w", configFlag, Variable(configFlag), err)}
	}
	f := File{name: name, folder: folderOf(name)}
	if err := f.parse(text, flags); err != nil {
		return File{}, fileError{err}
	}
	return f, nil
}

// fileError is an error that is ErrFile as well.
type fileError struct{ error }

func (e fileError) Unwrap() []error { return []error{e.error, ErrFile} }

// folderOf returns the folder of a file; "" for a pipe, which is nowhere.
func folderOf(name string) string {
	info, err := os.Stat(name)
	if dir := filepath.Dir(name); err == nil && info.Mode().IsRegular() && dir != "." {
		return dir
	}
	return ""
}

// at says where in the file something is wrong. The error never holds a token.
func (f File) at(line int, format string, args ...any) error {
	return fmt.Errorf("%s:%d: %s", f.name, line, MaskTokens(fmt.Sprintf(format, args...)))
}

func (f *File) parse(data []byte, flags []*kong.Flag) error {
	text, err := f.decode(data)
	if err != nil {
		return err
	}
	var values map[string]toml.Primitive
	meta, err := toml.Decode(text, &values)
	if wrong, ok := errors.AsType[toml.ParseError](err); ok {
		return f.at(wrong.Position.Line, "%s: texts stand in quotation marks, lists in square brackets, and each key is there once", wrong.Message)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	f.entries = map[string]entry{}
	var all []error
	for _, key := range slices.Sorted(maps.Keys(values)) {
		l := located{}
		err := meta.PrimitiveDecode(values[key], &l)
		wrong, _ := errors.AsType[toml.ParseError](err)
		e, err := f.read(key, l.value, flags)
		if err != nil {
			all = append(all, f.at(max(wrong.Position.Line, 1), "%v", err))
			continue
		}
		f.entries[key] = entry{value: e, line: wrong.Position.Line}
	}
	return errors.Join(all...)
}

// located is a value of the file. It refuses to be decoded, because toml tells the line of a
// value only in an error.
type located struct{ value any }

var errLocated = errors.New("here it is")

func (l *located) UnmarshalTOML(value any) error {
	l.value = value
	return errLocated
}

// decode returns the text of a file, and refuses one with which there is no need to begin.
func (f *File) decode(data []byte) (string, error) {
	if isUTF16(data) {
		return "", f.at(1, "%v", errUTF16)
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	line := 0
	for part := range bytes.Lines(data) {
		line++
		switch {
		case !utf8.Valid(part):
			return "", f.at(line, "this is not UTF-8: save the file as UTF-8")
		case masked.Match(part):
			return "", f.at(line, "there is a token in this file, which may get copied, shown or committed: take it out, and if anybody has seen it, have @BotFather make another one (/revoke). %s", tokenPlaces)
		}
	}
	if err := bounds.CheckTOML(string(data)); err != nil {
		return "", fmt.Errorf("%s: %w", f.name, err)
	}
	return string(data), nil
}

// tokenPlaces says where the token belongs.
const tokenPlaces = "The token belongs into a file of its own, which token-file names, into " + tokenVariable + ", into the systemd credential token, or into the Docker secret digestbot_token"

// read returns the value of a key as kong takes it.
func (f *File) read(key string, value any, flags []*kong.Flag) (any, error) {
	name := strings.ReplaceAll(strings.ToLower(key), "_", "-")
	name = strings.TrimPrefix(name, strings.ReplaceAll(strings.ToLower(prefix), "_", "-"))
	switch name {
	case configFlag:
		return nil, errors.New("config: a file of settings cannot name another one: take it out")
	case "token", "bot-token":
		return nil, fmt.Errorf("%s: secrets are not in this file, which may get copied, shown or committed: take it out. %s", key, tokenPlaces)
	case "webhook-secret":
		return nil, fmt.Errorf("%s: secrets are not in this file: take it out. It belongs into a file of its own, which webhook-secret-file names, or into %s", key, secretVariable)
	}
	names := make([]string, 0, len(flags))
	for _, flag := range flags {
		if !isSetting(flag) {
			continue
		}
		if flag.Name == key {
			converted, err := f.convert(flag, value)
			if err != nil {
				err = fmt.Errorf("%s: %w", key, err)
			}
			return converted, err
		}
		names = append(names, flag.Name)
	}
	if _, isTable := value.(map[string]any); isTable {
		return nil, fmt.Errorf("[%s] or %s.…: settings are not in tables: leave the heading out, and write each as name = value", key, key)
	}
	if near := spelling.Nearest(name, names); near != "" {
		return nil, fmt.Errorf("%s is no setting: do you mean %s?", key, near)
	}
	return nil, fmt.Errorf("%s is no setting: take it out; digestbot config --example prints all that there are", key)
}

// Resolve returns the value of a setting. It is a [kong.ResolverFunc].
func (f File) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if e, ok := f.entries[flag.Name]; ok && isSetting(flag) {
		return e.value, nil
	}
	return nil, nil
}
