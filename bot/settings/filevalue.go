package settings

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"digestbot/subscribers/intake/sourceline"
)

// What settings hold is told by their placeholders, so that a new one needs nothing here.
var (
	pathHolders = []string{"FILE", "FOLDER", "DIR"}
	idHolders   = []string{"ID", "CHAT"} // may be written as numbers
)

const sourceHolder = "SOURCE"

// convert returns the value of a setting in the file as kong takes it.
func (f *File) convert(flag *kong.Flag, value any) (any, error) {
	switch flag.Target.Interface().(type) {
	case bool:
		if _, ok := value.(bool); !ok {
			return nil, wrongType("true or false, without quotation marks,", flag, value)
		}
		return value, nil
	case int:
		if _, ok := value.(int64); !ok {
			return nil, wrongType("a whole number", flag, value)
		}
		return value, nil
	case time.Duration:
		text, ok := value.(string)
		if !ok {
			return nil, wrongType("a duration", flag, value)
		}
		_, err := parseDuration(text)
		return text, err
	case []string:
		return f.convertList(flag, value)
	}
	text, err := idOrText(flag, value)
	if err != nil {
		return nil, err
	}
	if enum := flag.EnumSlice(); flag.Enum != "" && !slices.Contains(enum, text) {
		return nil, fmt.Errorf("%q is none of %s", text, strings.Join(enum, ", "))
	}
	if isPathSetting(flag) {
		text = f.path(text)
	}
	return text, nil
}

func isPathSetting(flag *kong.Flag) bool { return slices.Contains(pathHolders, flag.PlaceHolder) }

// convertList returns the texts of a list. One text stands for a list as it does in a
// variable.
func (f *File) convertList(flag *kong.Flag, value any) (any, error) {
	if text, ok := value.(string); ok {
		if flag.PlaceHolder == sourceHolder {
			return anyList(f.sources([]string{text})), nil
		}
		return text, nil
	}
	items, ok := value.([]any)
	if !ok {
		if tables, isTables := value.([]map[string]any); isTables && len(tables) > 0 {
			return nil, wrongType("a list of texts", flag, tables[0])
		}
		return nil, wrongType("a list of texts", flag, value)
	}
	texts := make([]string, len(items))
	for i, item := range items {
		text, err := idOrText(flag, item)
		if err != nil {
			return nil, fmt.Errorf("entry %d of the list: %w", i+1, err)
		}
		texts[i] = text
	}
	if flag.PlaceHolder == sourceHolder {
		texts = f.sources(texts)
	}
	return anyList(texts), nil
}

func anyList(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}

// idOrText returns a text. An id may be a number.
func idOrText(flag *kong.Flag, value any) (string, error) {
	switch value := value.(type) {
	case string:
		return value, nil
	case int64:
		if slices.Contains(idHolders, flag.PlaceHolder) {
			return strconv.FormatInt(value, 10), nil
		}
	}
	return "", wrongType("a text", flag, value)
}

// wrongType says which type a setting has, and how it is written.
func wrongType(want string, flag *kong.Flag, value any) error {
	return fmt.Errorf("%s is wanted here, and this is %s: write it as %s = %s", want, typeName(value), flag.Name, exampleOf(flag))
}

// typeName names the type of a value as TOML has it.
func typeName(value any) string {
	switch value.(type) {
	case string:
		return "a text"
	case int64:
		return "a whole number"
	case float64:
		return "a number with a point"
	case bool:
		return "true or false"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	case time.Time:
		return "a date or time"
	}
	return "a " + reflect.TypeOf(value).String()
}

// path returns the path of a file that the file of settings names. It is relative to the
// folder of that file, wherever the program was started: two commands with one file must not
// use two databases.
func (f *File) path(name string) string {
	if f.folder == "" || name == "" || filepath.IsAbs(name) || isNoPath(name) {
		return name
	}
	return filepath.Join(f.folder, name)
}

// isNoPath reports whether a name is one that SQLite does not take for a file. It is refused
// later, whatever the folder.
func isNoPath(name string) bool {
	return strings.HasPrefix(name, ":") || strings.HasPrefix(name, "file:")
}

// sources returns sources with the paths of folders as they are to be read.
func (f *File) sources(texts []string) (all []string) {
	if f.folder == "" {
		return texts
	}
	isFolder := func(name string) bool { return sourceline.IsFolder(f.path(name)) }
	for _, text := range texts {
		for part := range strings.Lines(text) {
			lines, err := sourceline.Parse(part, isFolder)
			if err != nil || len(lines) > 0 && lines[0].Folder == "" {
				all = append(all, part) // an address, or a mistake that is reported later
				continue
			}
			for _, line := range lines {
				all = append(all, f.source(line))
			}
		}
	}
	return all
}

// source writes a folder with its options.
func (f *File) source(line sourceline.Line) string {
	text := f.path(line.Folder)
	if line.Name != "" {
		quote := `"`
		if strings.Contains(line.Name, quote) {
			quote = "'"
		}
		text += " name=" + quote + line.Name + quote
	}
	if line.First != sourceline.FirstNewest {
		text += " first=" + string(line.First)
	}
	return text
}
